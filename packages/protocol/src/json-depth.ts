/**
 * How deep JSON text nests arrays and objects in each other, and how many names of members it has: asked before anything reads
 * it, so that no recursion over the value can run out of stack, and nothing is made of more names than anybody sends. Counts
 * brackets and colons outside strings; of text that is not JSON it says something too, and the parser then says what is wrong with it.
 *
 * @example
 * ```ts
 * import { measureJson } from '@heddle/protocol'
 * measureJson('{"a":["[[:"]}') // { depth: 2, names: 1 }
 * ```
 */
export function measureJson(text: string): { depth: number; names: number } {
  let [open, depth, names] = [0, 0, 0]
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === BACKSLASH) i++
      else if (char === QUOTE) inString = false
    } else if (char === QUOTE) inString = true
    else if (char === BRACE || char === BRACKET) {
      open++
      if (open > depth) depth = open
    } else if (char === CLOSING_BRACE || char === CLOSING_BRACKET) open--
    else if (char === COLON) names++
  }
  return { depth, names }
}

/**
 * Whether JSON text nests more than `levels` arrays and objects in each other ({@link measureJson}).
 *
 * @example
 * ```ts
 * import { nestsDeeper } from '@heddle/protocol'
 * nestsDeeper('{"a":[1]}', 1) // true
 * nestsDeeper('{"a":"[["}', 1) // false
 * ```
 */
export const nestsDeeper = (text: string, levels: number): boolean => measureJson(text).depth > levels

const COLON = 0x3a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACE = 0x7b
const BRACKET = 0x5b
const CLOSING_BRACE = 0x7d
const CLOSING_BRACKET = 0x5d
