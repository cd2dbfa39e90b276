/**
 * Whether JSON text nests more than `levels` arrays and objects in each other: asked before `JSON.parse`, so that no
 * recursion over the value can run out of stack. Counts brackets outside strings; of text that is not JSON it says
 * something too, and the parser then says what is wrong with it.
 *
 * @example
 * ```ts
 * import { nestsDeeper } from '@heddle/protocol'
 * nestsDeeper('{"a":[1]}', 1) // true
 * nestsDeeper('{"a":"[["}', 1) // false
 * ```
 */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === BACKSLASH) i++
      else if (char === QUOTE) inString = false
    } else if (char === QUOTE) inString = true
    else if (char === BRACE || char === BRACKET) {
      if (++depth > levels) return true
    } else if (char === CLOSING_BRACE || char === CLOSING_BRACKET) depth--
  }
  return false
}

/**
 * Whether JSON text has more than `most` names of members: asked before anything reads them, since each takes its time.
 * Counts colons outside strings.
 *
 * @example
 * ```ts
 * import { namesMore } from '@heddle/protocol'
 * namesMore('{"a":{"b":1}}', 1) // true
 * namesMore('{"a":"b:c:d"}', 1) // false
 * ```
 */
export function namesMore(text: string, most: number): boolean {
  let names = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === BACKSLASH) i++
      else if (char === QUOTE) inString = false
    } else if (char === QUOTE) inString = true
    else if (char === COLON && ++names > most) return true
  }
  return false
}

const COLON = 0x3a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE = 0x7b
const BRACKET = 0x5b
const CLOSING_BRACE = 0x7d
const CLOSING_BRACKET = 0x5d
