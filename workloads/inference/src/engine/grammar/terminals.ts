import { numbers } from './numbers.ts'
import type { Rules } from './rules.ts'

/** As most models write JSON: on one line, at most one space after a comma and a colon. */
export const COMMA = '"," " "?'
export const COLON = '":" " "?'

/** Escapes by `\u` are left out: half of a pair would be no character. */
export const STRING = String.raw`"\"" ([^"\\\x00-\x1f\x7f] | "\\" ["\\/bfnrt])* "\""`

/** Rules for any JSON, and for any JSON object and array. */
export function terminals(rules: Rules): { value: string; object: string; array: string } {
  const string = rules.define(STRING)
  const value = rules.reserve()
  const pair = rules.define(`${string} ${COLON} ${value.name}`)
  const object = rules.define(`"{" (${pair} (${COMMA} ${pair})*)? "}"`)
  const array = rules.define(`"[" (${value.name} (${COMMA} ${value.name})*)? "]"`)
  const number = rules.define(numbers({})!)
  value.define(`${object} | ${array} | ${string} | ${number} | "true" | "false" | "null"`)
  return { value: value.name, object, array }
}
