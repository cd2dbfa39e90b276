/** Reads what differs in messages that are otherwise all the same, as the tokens of a stream are. */
export type Repeats = {
  /** The text of a message that is like the one learnt from but for its text; undefined for every other message. */
  textIn(message: string): string | undefined
  /** Learns from a message that brought this text, and nothing else. */
  learn(message: string, text: string): void
}

/** Messages of one stream that are learnt from: where no two are alike there is nothing to learn. */
const MAX_LESSONS = 8
const PROBE = 'a text that no engine writes by itself'

/**
 * Most of what an engine sends for a token stood in the message before. What stands around its text is compared, and
 * only the text is parsed: a tenth of the cost. `textOf` reads a whole message, and gives its text if it brings nothing
 * else.
 *
 * Nothing is guessed: the place is only learnt when a probe, put there as a JSON string, comes out of `textOf` again.
 * Then the place is that of one token of JSON, and any other string there makes the same message with another text.
 *
 * @example
 * ```ts
 * // sketch
 * const repeats = startRepeats(message => JSON.parse(message).text)
 * repeats.learn('{"text":"a"}', 'a')
 * repeats.textIn('{"text":"b"}') // 'b'
 * ```
 */
export function startRepeats(textOf: (message: string) => string | undefined): Repeats {
  let before = ''
  let after = ''
  let lessons = 0
  /** Whether a string at this place is the message's text: what looked like the text may have been two others' ends. */
  function isPlace(head: string, tail: string): boolean {
    try {
      return textOf(`${head}"${PROBE}"${tail}`) === PROBE
    } catch {
      return false
    }
  }
  return {
    textIn(message) {
      const end = message.length - after.length
      if (lessons === 0 || end < before.length || !message.startsWith(before) || !message.endsWith(after))
        return undefined
      return stringOf(message.slice(before.length, end))
    },
    learn(message, text) {
      if (lessons >= MAX_LESSONS) return
      lessons++
      const literal = JSON.stringify(text)
      const at = message.indexOf(literal)
      const head = message.slice(0, at)
      const tail = message.slice(at + literal.length)
      const found = at >= 0 && !message.includes(PROBE) && isPlace(head, tail)
      before = found ? head : '\n'
      after = found ? tail : '\n'
    },
  }
}

function stringOf(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
