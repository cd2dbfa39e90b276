import { isObject, type Json, malformed } from './json.ts'

const THOUGHTS = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_details']

/** What a message says aloud and in thought. */
export type Said = { text?: string; reasoning?: string }

/**
 * What a delta or a message of OpenAI's shape says: text, or parts of it, of which Mistral's servers make some a thought;
 * thoughts stand under four names. Throws `engine_malformed` for what could not be told on: a picture, for one.
 *
 * @example
 * ```ts
 * // sketch
 * saidIn({ content: [{ type: 'text', text: 'Hi' }] }) // { text: 'Hi' }
 * ```
 */
export function saidIn(delta: Json): Said {
  const { content } = delta
  const thought = THOUGHTS.reduce((found, name) => found || wordsIn(delta[name]), '')
  if (!Array.isArray(content)) return said(textIn(content), thought)
  const isThought = (part: unknown): boolean =>
    isObject(part) && (part['type'] === 'thinking' || part['type'] === 'reasoning')
  return said(
    content
      .filter(part => !isThought(part))
      .map(textIn)
      .join(''),
    thought + content.filter(isThought).map(wordsIn).join(''),
  )
}

const said = (text: string, reasoning: string): Said => ({
  ...(text !== '' && { text }),
  ...(reasoning !== '' && { reasoning }),
})

/** A text, or a part that is one. */
function textIn(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (isObject(value) && typeof value['text'] === 'string') return value['text']
  throw malformed('content is no text')
}

/** The words of a thought, however they are wrapped; what has none, such as one that was sealed, says nothing. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(wordsIn).join('')
  if (!isObject(value)) return ''
  return wordsIn(value['thinking'] ?? value['text'] ?? value['content'] ?? value['summary'])
}
