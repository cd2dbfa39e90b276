import { HeddleError, nestsDeeper } from '@heddle/protocol'

/** Reading what an engine says: nothing of it is taken over that was not looked at. */
export type Json = Readonly<Record<string, unknown>>

export const malformed = (why: string): HeddleError =>
  new HeddleError('engine_malformed', `the engine's answer is malformed: ${why}`)

export function parseObject(text: string): Json {
  if (!isShallow(text)) throw malformed(`it is nested more than ${MAX_DEPTH} levels deep`)
  const value = jsonIn(text) ?? jsonIn(text.replace(NO_NUMBER, word => (word.startsWith('"') ? word : 'null')))
  if (value === undefined) throw malformed('it is not JSON')
  if (!isObject(value)) throw malformed('it is no object')
  return value
}

/** What Python writes for numbers that JSON has no words for, and texts, in which they may stand. */
const NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g

/** What a text is as JSON; nothing where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const MAX_DEPTH = 64

/** Whether JSON nests so little that writing it again cannot run out of stack. Short text always does. */
export const isShallow = (text: string): boolean => text.length < 1_024 || !nestsDeeper(text, MAX_DEPTH)

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value says something: null, false, and what is empty are what some write for nothing. */
export const saysSomething = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  !(typeof value === 'object' && Object.keys(value).length === 0)

/** An object, or an empty one. */
export const objectAt = (json: Json, key: string): Json => {
  const value = json[key]
  return isObject(value) ? value : {}
}

export const listAt = (json: Json, key: string): readonly unknown[] => {
  const value = json[key]
  return Array.isArray(value) ? value : []
}

/** A text, or nothing where it is absent or null. Throws `engine_malformed` for anything else. */
export function textAt(json: Json, key: string): string | undefined {
  const value = json[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw malformed(`${key} is no text`)
  return value
}

/** A text, or a number as one. */
export const wordAt = (json: Json, key: string): string | undefined =>
  typeof json[key] === 'number' ? String(json[key]) : textAt(json, key)

/** A count or a number in a list, or nothing where there is no whole number of zero or more, as such or as a text. */
export function countAt(json: Json, key: string): number | undefined {
  const said = json[key]
  const value = typeof said === 'string' && /^\d{1,15}$/.test(said) ? Number(said) : said
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}
