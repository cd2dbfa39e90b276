import { type Chunk, type Context, type Finish, HeddleError, utf8 } from '@heddle/protocol'
import { mostCompletion } from '../guard/answer.ts'
import type { Audit } from '../guard/audit.ts'
import { byteLength } from '../limits.ts'
import { encodePiece, type Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import type { InferenceUnit } from '../workload.ts'
import type { EngineAsk } from './adapter.ts'
import type { EngineEvent } from './event.ts'
import type { EngineHttp, EngineStream } from './http.ts'
import { dataOf, startLines } from './lines.ts'
import { startTally } from './tally.ts'

/** UTF-16 units of one message of a stream. */
const MAX_LINE = 1 << 20
/** Bytes of a stream for each token that it may have, and for everything around them. */
const BYTES_A_TOKEN = 2_048
const BYTES_A_LOGPROB = 512
const BYTES_AROUND = 1 << 20
/** Milliseconds for the engine's last counts, once the answer itself is complete. */
const COUNTS_MS = 2_000

export type RunOptions = {
  http: EngineHttp
  ask: EngineAsk
  spec: GenerationSpec
  /** Tokens of a conversation, as the job's offer says. */
  context: number
  patience: { firstTokenMs: number; stallMs: number }
  audit: Audit
  job: string
  outlet: Context<InferenceUnit>
}

/**
 * Runs one rebuilt request and turns its stream into deltas and chunks. Nothing is read from the engine while a chunk
 * is not permitted; everything that one read of the socket brought leaves as one delta. However many tokens a message
 * stands for, no chunk counts more than 64 of them.
 * Throws `engine_down`, `engine_slow`, `engine_malformed`, `aborted`, and what the engine refuses.
 */
export async function* runStream(options: RunOptions): AsyncGenerator<Chunk<InferenceUnit>, void> {
  const { spec, context, audit, job, outlet } = options
  const choices = spec.choices ?? 1
  const finishes = new Map<number, Piece>()
  let lied = false
  const tally = startTally(spec, context, () => {
    if (!lied) audit.refused({ rule: 'usage', job })
    lied = true
  })
  let pending = ''
  let reasoned = 0

  const write = (text: string): void => {
    pending += text
    tally.wrote(byteLength(text))
  }
  const flush = (): void => {
    if (pending === '') return
    const bytes = utf8(pending)
    pending = ''
    outlet.deliver({ bytes, used: tally.used() })
  }
  const take = (event: EngineEvent): void => {
    for (const piece of event.pieces) {
      if (piece.finish) finishes.set(piece.choice ?? 0, piece)
      else write(encodePiece(piece))
      if (piece.reasoning) reasoned++
    }
    tally.add(event)
  }

  const reads = openReads(options, () => finishes.size >= choices)
  try {
    await reads.open()
    for (let events = await reads.next(); events; events = await reads.next()) {
      for (const event of events) {
        while (event.tokens > 0 && tally.full()) {
          flush()
          yield { used: tally.used() }
          tally.permit()
        }
        take(event)
      }
      flush()
      if (events.some(event => event.done)) break
      if (!tally.overrun()) continue
      // It goes on after what was asked for: nothing more of it is read.
      audit.refused({ rule: 'overrun', job })
      for (let choice = 0; choice < choices; choice++)
        if (!finishes.has(choice)) finishes.set(choice, { finish: 'length' })
      break
    }
    if (finishes.size < choices) throw new HeddleError('engine_down', 'the answer ended before it was complete')
    write(endingOf(finishes, choices, reasoned))
    while (tally.ahead()) {
      flush()
      yield { used: tally.used() }
      tally.permit()
    }
    flush()
    yield { used: tally.used(), finish: finishOf(finishes) }
  } finally {
    reads.close()
  }
}

/**
 * The messages of an answer, a read of the socket at a time, within its time and its size. `complete` says that only
 * counts are still to come: then an engine that stays silent has ended.
 */
function openReads({ http, ask, spec, context, patience, outlet }: RunOptions, complete: () => boolean) {
  const ended = new AbortController()
  const abort = (): void => ended.abort(new HeddleError('aborted'))
  const bytesOfToken = BYTES_A_TOKEN + (spec.logprobs ?? 0) * BYTES_A_LOGPROB
  const lines = startLines(MAX_LINE, BYTES_AROUND + mostCompletion(spec, context) * bytesOfToken)
  let stream: EngineStream | undefined
  let begun = false
  let over = false

  async function within<T>(work: () => Promise<T>, ms: number): Promise<T> {
    const slow = new HeddleError('engine_slow', `no ${begun ? 'further' : 'first'} token in time`)
    const timer = setTimeout(() => ended.abort(slow), Math.max(0, ms))
    try {
      return await work()
    } finally {
      clearTimeout(timer)
    }
  }
  const eventsOf = (found: readonly string[]): EngineEvent[] =>
    found.flatMap(line => {
      const data = dataOf(line, ask.framing)
      return data === undefined ? [] : [ask.reader(data)]
    })

  return {
    async open(): Promise<void> {
      outlet.signal.addEventListener('abort', abort, { once: true })
      if (outlet.signal.aborted) abort()
      stream = await within(() => http.stream(ask.path, ask.body, ended.signal), patience.firstTokenMs)
    },
    /** The messages of the next reads, until they bring something; nothing at the end. */
    async next(): Promise<EngineEvent[] | undefined> {
      if (over) return undefined
      // Messages that bring nothing do not buy time.
      const deadline = performance.now() + (begun ? patience.stallMs : patience.firstTokenMs)
      const events: EngineEvent[] = []
      while (!events.some(event => event.tokens > 0 || event.done)) {
        const left = complete() ? COUNTS_MS : deadline - performance.now()
        const read = await within(() => stream!.next(), left).catch(error => {
          if (!complete() || outlet.signal.aborted) throw error
        })
        events.push(...eventsOf(read ? lines.push(read) : [lines.rest()]))
        if (!read) {
          over = true
          break
        }
        if (events.length > MAX_EMPTY) throw new HeddleError('engine_malformed', 'the engine says nothing at length')
        if (events.some(event => event.pieces.length > 0)) break
      }
      begun ||= events.some(event => event.tokens > 0)
      return events
    },
    close(): void {
      outlet.signal.removeEventListener('abort', abort)
      abort()
      stream?.destroy(new HeddleError('aborted'))
    },
  }
}

/** Messages without anything in them, in a row. */
const MAX_EMPTY = 10_000

/** Records of how the choices ended; none for a plain answer, which a chunk's own `finish` describes. */
function endingOf(finishes: ReadonlyMap<number, Piece>, choices: number, reasoned: number): string {
  const first = finishes.get(0)
  if (choices === 1 && first?.finish !== 'tool_calls' && first?.stopped === undefined && reasoned === 0) return ''
  return [...finishes]
    .sort(([a], [b]) => a - b)
    .map(([choice, { finish, stopped }]) =>
      encodePiece({
        ...(choice > 0 ? { choice } : {}),
        ...(finish ? { finish } : {}),
        ...(stopped !== undefined ? { stopped } : {}),
        ...(choice === 0 && reasoned > 0 ? { reasoningTokens: reasoned } : {}),
      }),
    )
    .join('')
}

const finishOf = (finishes: ReadonlyMap<number, Piece>): Exclude<Finish, 'interrupted'> =>
  [...finishes.values()].some(piece => piece.finish === 'length') ? 'length' : 'stop'
