import { formatUnits, parseAmount } from '@heddle/protocol'
import { element } from './dom.ts'

/** Base units as HED, exact. What is not an amount is shown as it is: a page about doubtful receipts must not fail. */
export function hed(amount: unknown): string {
  try {
    return `${formatUnits(parseAmount(String(amount)))} HED`
  } catch {
    return String(amount)
  }
}

/** The two ends of a digest or an address, for where there is no room. */
export const short = (hex: string): string => (hex.length > 20 ? `${hex.slice(0, 10)}…${hex.slice(-6)}` : hex)

export const code = (text: unknown): HTMLElement => element('code', {}, String(text))

/** A shortened digest or address; the whole of it shows when pointed at. */
export const shortCode = (hex: string): HTMLElement => element('code', { title: hex }, short(hex))

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A moment in unix milliseconds, in the reader's own zone. */
export function moment(milliseconds: unknown): HTMLElement | string {
  const date = new Date(Number(milliseconds))
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  return element('time', { datetime: date.toISOString() }, dates.format(date))
}

export const duration = (milliseconds: number): string =>
  milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`

export const count = (amount: number | string | bigint, one: string, many = `${one}s`): string =>
  `${amount} ${String(amount) === '1' ? one : many}`

/** Tokens in the order in which they are worked on; what other workloads count follows. */
const UNITS = ['completion', 'prompt']

export const usageOf = (usage: Readonly<Record<string, string>> | undefined): [string, string][] =>
  Object.entries(usage ?? {}).sort(([a], [b]) => UNITS.indexOf(b) - UNITS.indexOf(a))

/** One unit of usage: "34 prompt tokens". */
export const usageWords = (unit: string, used: string): string =>
  UNITS.includes(unit) ? count(used, `${unit} token`) : `${used} ${unit}`

const FINISH: Partial<Record<string, string>> = {
  stop: 'ended by itself',
  length: 'reached its token limit',
  interrupted: 'interrupted: only what was delivered is charged',
}

export const finishWords = (finish: unknown): string => FINISH[String(finish)] ?? String(finish)
