import { numbers } from './numbers.ts'
import type { Rules } from './rules.ts'

/** As most models write JSON: on one line, at most one space after a comma and a colon. */
export const COMMA = '"," " "?'
export const COLON = '":" " "?'

/** Escapes by `\u` are left out: half of a pair would be no character. */
export const STRING = String.raw`"\"" ([^"\\\x00-\x1f\x7f] | "\\" ["\\/bfnrt])* "\""`

const DATE = `[0-9]{4} "-" (("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01]) | ("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30") | "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8]))`
const TIME = `([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])`

/** Formats of strings that a grammar can promise (RFC 3339, RFC 4122); February has 28 days. */
export const FORMATS: Readonly<Record<string, string>> = {
  date: `(${DATE})`,
  time: `(${TIME})`,
  'date-time': `(${DATE} "T" ${TIME})`,
  uuid: '[0-9a-f]{8} ("-" [0-9a-f]{4}){3} "-" [0-9a-f]{12}',
}

/** Rules for any JSON, and for any JSON object and array. */
export function terminals(rules: Rules): { value: string; object: string; array: string } {
  const string = rules.define(STRING)
  const value = rules.reserve()
  const pair = rules.define(`${string} ${COLON} ${value.name}`)
  const object = rules.define(`"{" (${pair} (${COMMA} ${pair})*)? "}"`)
  const array = rules.define(`"[" (${value.name} (${COMMA} ${value.name})*)? "]"`)
  const number = rules.define(numbers({ min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }))
  value.define(`${object} | ${array} | ${string} | ${number} | "true" | "false" | "null"`)
  return { value: value.name, object, array }
}
