import type { Characters } from './characters.ts'

const known = new Map<string, Characters | undefined>()

/** Classes by their short names; more would be a table to keep, fewer is what nobody misses. */
const NAMES =
  /^(?:L|Lu|Ll|Lt|Lm|Lo|Letter|M|Mn|Mc|N|Nd|Nl|No|Number|P|Pc|Pd|Ps|Pe|Pi|Pf|Po|Punctuation|S|Sm|Sc|Sk|So|Symbol|Z|Zs|Alphabetic|White_Space|Emoji|Emoji_Component|Extended_Pictographic|Uppercase|Lowercase|(?:Script|sc)=(?:Latin|Greek|Cyrillic|Han|Hiragana|Katakana|Hangul|Arabic|Hebrew|Thai|Devanagari))$/

/** The characters of a class of Unicode (`\p{L}`), of the basic plane: found by asking for each of them, once. */
export function unicodeClass(name: string): Characters | undefined {
  if (!NAMES.test(name)) return undefined
  if (!known.has(name)) known.set(name, charactersIn(name))
  return known.get(name)
}

function charactersIn(name: string): Characters {
  const belongs = new RegExp(`\\p{${name}}`, 'u')
  const found: [number, number][] = []
  for (let code = 0; code <= 0xffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    if (!belongs.test(String.fromCodePoint(code))) continue
    const last = found.at(-1)
    if (last && last[1] === code - 1) last[1] = code
    else found.push([code, code])
  }
  return found
}
