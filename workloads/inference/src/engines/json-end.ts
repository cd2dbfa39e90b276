import type { EngineEvent } from './event.ts'

/** Ends an answer that is to be one JSON value where the value has ended, also where its engine goes on with blanks. */
export type JsonEnd = {
  take(event: EngineEvent): EngineEvent
  /** Whether it was ended here. */
  readonly ended: boolean
}

/** Blanks after the value, in messages: most engines write one or two, then end by themselves, with their own counts. */
const PATIENCE = 8

/**
 * Follows objects and lists; any other value ends only as its engine says. Some models never choose their end token
 * once a grammar lets only blanks follow, and would write them until nothing is left of what was asked for.
 *
 * @example
 * ```ts
 * // sketch
 * const end = startJsonEnd()
 * end.take({ pieces: [{ text: '{"a":1}' }], tokens: 5 })
 * // … and after eight messages of blanks: { pieces: [{ finish: 'stop' }], tokens: 0 }
 * ```
 */
export function startJsonEnd(): JsonEnd {
  let depth = 0
  let inText = false
  let escaped = false
  let whole = false
  let foreign = false
  let blanks = 0
  let ended = false

  function read(text: string): void {
    for (const unit of text) {
      if (foreign) return
      if (inText) {
        if (escaped) escaped = false
        else if (unit === '\\') escaped = true
        else if (unit === '"') inText = false
      } else if (unit === '"' && depth > 0) inText = true
      else if (unit === '{' || unit === '[') {
        if (whole) foreign = true
        depth++
      } else if (unit === '}' || unit === ']') {
        depth--
        if (depth <= 0) whole = true
      } else if (depth <= 0 && !isBlank(unit)) foreign = true
    }
  }
  return {
    take(event) {
      if (ended) return { ...event, pieces: [], tokens: 0 }
      const isOnlyBlanks =
        whole &&
        !foreign &&
        event.pieces.length > 0 &&
        event.pieces.every(({ text, ...rest }) => {
          return text !== undefined && isBlank(text) && rest.finish === undefined && rest.toolCall === undefined
        })
      if (isOnlyBlanks && ++blanks > PATIENCE) {
        ended = true
        return { ...event, pieces: [{ finish: 'stop' }], tokens: 0 }
      }
      if (!isOnlyBlanks) for (const { text } of event.pieces) if (text !== undefined) read(text)
      return event
    },
    get ended() {
      return ended
    },
  }
}

const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text)
