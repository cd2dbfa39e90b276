import type { Answer, Exchange, Settlement } from '@heddle/protocol'
import { type Piece, startPieces } from '../../output.ts'

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** An answer as server-sent events of one API: each function gives the text to write. */
export type Events = {
  /** What comes before everything else; it waits for the first piece. */
  open(): string
  piece(piece: Piece): string
  end(settlement: Settlement): string
  error(error: unknown): string
}

/** An event with its data alone, and one that has a name too. */
export const dataEvent = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
export const namedEvent = (type: string, value: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`

const HOLE = '\u0000'

/**
 * An event that is the same every time but for one text (which may stand in it twice). What repeats is made once; a text then costs one JSON string.
 *
 * @example
 * ```ts
 * // sketch
 * const write = eventAround(text => `data: ${JSON.stringify({ delta: text })}\n\n`)
 * write('hi') // 'data: {"delta":"hi"}\n\n'
 * ```
 */
export function eventAround(make: (text: string) => string): (text: string) => string {
  const [before = '', after = '', ...more] = make(HOLE).split(JSON.stringify(HOLE))
  if (more.length === 0) return text => before + JSON.stringify(text) + after
  const parts = [before, after, ...more]
  return text => parts.join(JSON.stringify(text))
}

/**
 * Streams an answer. Status 200 is a promise: it is given when there is something to send, so what fails earlier is
 * thrown; what fails later ends the stream with the API's own error event.
 */
export async function streamAnswer(
  exchange: Exchange,
  answer: Answer,
  events: Events,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const reader = startPieces()
  const deltas = answer.deltas[Symbol.asyncIterator]()
  let next = await deltas.next()
  const out = exchange.stream(200, { ...HEADERS, ...headers })
  try {
    let waiting = events.open()
    while (!next.done) {
      const text = textOf(reader.push(next.value), events)
      if (text !== '') {
        const flowing = out.write(waiting + text)
        waiting = ''
        if (!flowing) await out.drained()
      }
      next = await deltas.next()
    }
    const rest = textOf(reader.end(), events)
    out.end(waiting + rest + events.end(await answer.done))
  } catch (error) {
    await deltas.return?.()
    if (exchange.signal.aborted) out.end()
    else out.end(events.error(error))
  }
}

function textOf(pieces: readonly Piece[], events: Events): string {
  if (pieces.length === 1) return events.piece(pieces[0]!)
  let text = ''
  for (const piece of pieces) text += events.piece(piece)
  return text
}
