import { type Address, type Digest, parseUnits } from '@heddle/protocol'
import { complain } from './words.ts'

// Values of a command line, each read whole and before anything is done. All throw `usage_wrong`, which names the flag.

/** An amount of HED, in base units. */
export function amountOf(name: string, text: string): bigint {
  try {
    return parseUnits(text)
  } catch {
    return complain(name, `"${text}" is no amount of HED, like 0.5`)
  }
}

/** A number from `least` to `most`; whole unless said otherwise. */
export function numberOf(name: string, text: string, least: number, most: number, isWhole = true): number {
  const number = /^-?[0-9]+(\.[0-9]+)?$/.test(text.trim()) ? Number(text) : Number.NaN
  return number >= least && number <= most && (!isWhole || Number.isInteger(number))
    ? number
    : complain(name, `"${text}" is no${isWhole ? ' whole' : ''} number from ${least} to ${most}`)
}

/** A rate: `60/min`, or the number alone. */
export function rateOf(name: string, text: string): number {
  const count = /^([0-9]{1,11})(?:\/min)?$/.exec(text)?.[1]
  return count && Number(count) > 0 ? Number(count) : complain(name, `"${text}" is no number a minute, like 60/min`)
}

/** A date (its beginning in UTC) or a time, as unix milliseconds. */
export function timeOf(name: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? complain(name, `"${text}" is no date like 2026-12-31, and no time`) : time
}

/** A time that is still to come: what ends before it began was meant otherwise. */
export function comingTimeOf(name: string, text: string, now = Date.now()): number {
  const time = timeOf(name, text)
  return time > now ? time : complain(name, `${text} is over already`)
}

/** One of a few words. */
export const oneOf = <W extends string>(name: string, text: string, words: readonly W[]): W =>
  words.find(word => word === text) ?? complain(name, `"${text}" is none of ${words.join(', ')}`)

/** Several words with commas between, at least one. */
export function severalOf(name: string, text: string): string[] {
  const words = text.split(',').map(one => one.trim())
  return words.some(one => one === '') ? complain(name, `"${text}": names with one comma between two`) : words
}

/** 0x and 64 hexadecimal digits. */
export const digestOf = (name: string, text: string): Digest =>
  /^0x[0-9a-f]{64}$/i.test(text) ? (text.toLowerCase() as Digest) : complain(name, '0x and 64 hexadecimal digits')

/** 0x and 40 hexadecimal digits. */
export const addressOf = (name: string, text: string): Address =>
  /^0x[0-9a-f]{40}$/i.test(text) ? (text.toLowerCase() as Address) : complain(name, '0x and 40 hexadecimal digits')
