import type { Alive, Answer, Exchange, Settlement } from '@heddle/protocol'
import { type Piece, startPieces } from '../../output.ts'
import { ask, inOwnNames, type Prepared } from './ask.ts'
import { gatherChoices } from './choices.ts'
import { type Told, unusedHeader } from './note.ts'
import { toldOf } from './whole.ts'

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
  end(settlement: Settlement, told: Told): string
  error(error: unknown): string
}

/** An event with its data alone, and one that has a name too. */
export const dataEvent = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
export const namedEvent = (type: string, value: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`

/** A comment in a stream, which every reader of server-sent events passes over: that it lives, and how it stands. */
export function commentPing(sign?: Alive): string {
  const place = sign?.position === undefined ? '' : `, ${sign.position} in the queue`
  return `: ${sign?.state ?? 'working'}${place}\n\n`
}

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

/** What an API's streams say beside the answer. */
export type Style = {
  /** That it lives: a comment, or an event that its clients pass over. */
  ping(sign?: Alive): string
  error(error: unknown): string
}

export type Streaming = {
  style: Style
  /** How many answers were asked for; 1 when absent. */
  choices?: number
  events(answer: Answer): Events
  headers?(answer: Answer): Readonly<Record<string, string>>
}

/**
 * Asks, and streams the answer. Status 200 is a promise: it is given when there is something to send, or when the client
 * has waited so long that it must hear something. What fails before is thrown, what fails later ends the stream with the
 * API's own error event. Who answers is still open until then: a ping says only that somebody is being asked.
 */
export async function streamAnswer(exchange: Exchange, prepared: Prepared, api: Streaming): Promise<void> {
  const { pulse, signal } = exchange
  let sign: Alive | undefined
  const out = startOut(exchange, { ...HEADERS, ...unusedHeader(prepared.unused) })
  const beat = (every: number): NodeJS.Timeout =>
    setInterval(() => {
      if (!signal.aborted) out.ping(api.style.ping(sign))
      // It is the connection that keeps a daemon busy, never the beat.
    }, every).unref()
  let timer = pulse?.ahead ? beat(pulse.every) : undefined
  // What is promised of the whole is looked at when it is there.
  const kept = prepared.promised.any ? gatherChoices(api.choices) : undefined
  let events: Events | undefined
  let deltas: AsyncIterator<Uint8Array> | undefined
  try {
    const answer = await ask(exchange, prepared, one => {
      sign = one
    })
    timer ??= pulse && beat(pulse.every)
    const reader = startPieces()
    deltas = answer.deltas[Symbol.asyncIterator]()
    let next = await deltas.next()
    out.begin(api.headers?.(answer))
    events = api.events(answer)
    let waiting = events.open()
    sign = undefined
    while (!next.done) {
      const text = textOf(reader.push(next.value), events, kept)
      if (text !== '') {
        const flowing = out.write(waiting + text)
        waiting = ''
        if (!flowing) await out.drained()
      }
      next = await deltas.next()
    }
    const rest = textOf(reader.end(), events, kept)
    const settlement = await answer.done
    const told = toldOf(prepared, { choices: kept?.choices() ?? [], settlement })
    out.end(waiting + rest + events.end(settlement, told))
  } catch (thrown) {
    const error = inOwnNames(thrown, prepared.asking, exchange.body)
    if (!out.begun()) throw error
    await deltas?.return?.()
    if (signal.aborted) out.end('')
    else out.end((events?.error ?? api.style.error)(error))
  } finally {
    clearInterval(timer)
  }
}

/** Where a stream goes: it begins with its first word, or with the first ping. */
function startOut(exchange: Exchange, head: Readonly<Record<string, string>>) {
  let sink: ReturnType<Exchange['stream']> | undefined
  let quiet = true
  let flowing = true
  const begin = (more: Readonly<Record<string, string>> = {}) => {
    sink ??= exchange.stream(200, { ...head, ...more })
    return sink
  }
  const out = {
    begin,
    begun: () => sink !== undefined,
    write(text: string): boolean {
      quiet = false
      flowing = begin().write(text)
      return flowing
    },
    async drained(): Promise<void> {
      await begin().drained()
      flowing = true
    },
    /** Called at every beat: what was written since the last one is sign enough. */
    ping(text: string): void {
      if (quiet && flowing) {
        flowing = begin().write(text)
        if (!flowing) void out.drained()
      }
      quiet = true
    },
    end: (text: string) => begin().end(text),
  }
  return out
}

type Kept = { add(piece: Piece): void } | undefined

function textOf(pieces: readonly Piece[], events: Events, kept: Kept): string {
  let text = ''
  for (const piece of pieces) {
    kept?.add(piece)
    text += events.piece(piece)
  }
  return text
}
