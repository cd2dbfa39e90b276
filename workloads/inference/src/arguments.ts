import { nestsDeeper } from '@heddle/protocol'
import { isObject, jsonIn } from './engines/json.ts'

/** Objects and lists within each other, at most: deeper is told as text. */
const MAX_DEPTH = 64

/**
 * The arguments of a call as a JSON object: of one that is sent back, and where an API has no other form for them. Nearly
 * all are one; `null` is one without members, what is JSON in a JSON string is taken out of it, what `max_tokens` cut is closed where it was cut, and
 * what was never JSON is told as the text that it was: a conversation goes on from any answer.
 *
 * @example
 * ```ts
 * // sketch
 * wholeArguments('{"city":"Par') // '{"city":"Par"}'
 * wholeArguments('') // '{}'
 * wholeArguments('null') // '{}'
 * wholeArguments('Paris') // '{"text":"Paris"}'
 * ```
 */
export function wholeArguments(text: string): string {
  return objectIn(text) ?? JSON.stringify({ text })
}

/** The same, and nothing for what was never JSON: whoever asked has to see what came. */
export function objectIn(text: string): string | undefined {
  if (text.trim() === '') return '{}'
  if (nestsDeeper(text, MAX_DEPTH)) return undefined
  const value = jsonIn(text)
  if (isObject(value)) return text
  if (value === null) return '{}'
  if (typeof value === 'string' && isObject(jsonIn(value)) && !nestsDeeper(value, MAX_DEPTH)) return value
  const closed = close(text)
  return closed !== undefined && isObject(jsonIn(closed)) ? closed : undefined
}

/** The longest beginning of a cut object that can be closed, closed; nothing for what is no beginning of one. */
function close(text: string): string | undefined {
  const open: ('}' | ']')[] = []
  /** Up to where everything is whole: what is open there is all that is missing. */
  let end = 0
  let isName = false
  const closed = (beginning: string): string => beginning + open.toReversed().join('')
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!
    if (one === '{' || one === '[') {
      open.push(one === '{' ? '}' : ']')
      isName = one === '{'
      end = at + 1
    } else if (one === '}' || one === ']') {
      if (open.pop() !== one) return undefined
      isName = false
      end = at + 1
    } else if (one === ',') isName = open.at(-1) === '}'
    else if (one === ':') isName = false
    else if (one === '"') {
      const last = endOfText(text, at)
      if (last === undefined) return closed(isName ? text.slice(0, end) : text.slice(0, at) + mended(text.slice(at)))
      at = last
      if (!isName) end = at + 1
    } else if (!/\s/.test(one)) {
      let last = at
      while (last + 1 < text.length && !/[\s{}[\]",:]/.test(text[last + 1]!)) last++
      if (VALUE.test(text.slice(at, last + 1))) end = last + 1
      at = last
    }
  }
  return closed(text.slice(0, end))
}

const VALUE = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/

/** Where the text that begins here ends; nothing where it was cut. */
function endOfText(text: string, begin: number): number | undefined {
  for (let at = begin + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at
  }
  return undefined
}

/** A text that was cut in its middle, with its end: an escape that was cut is left out, and so is half a character. */
function mended(cut: string): string {
  const tail = cut.slice(-12)
  const broken = /(?:^|[^\\])((?:\\\\)*)(\\(?:u[0-9a-fA-F]{0,3})?)$/.exec(tail)
  const whole = broken ? cut.slice(0, cut.length - broken[2]!.length) : cut
  return `${whole.replace(/(?<=(?:^|[^\\])(?:\\\\){0,64})\\u[dD][89abAB][0-9a-fA-F]{2}$/, '')}"`
}
