import { HeddleError, toHeddleError } from '@heddle/protocol'
import type { Bounds } from '../guard/answer.ts'
import { BYTES_A_LOGPROB, BYTES_A_TOKEN, BYTES_AROUND } from '../limits.ts'
import type { GenerationSpec } from '../spec.ts'
import type { EngineAsk } from './adapter.ts'
import type { EngineEvent } from './event.ts'
import type { EngineHttp } from './http.ts'
import { startLines } from './lines.ts'
import type { EngineStream } from './stream.ts'

/** UTF-16 units of one message of a stream. */
const MAX_LINE = 1 << 20
/** Messages without anything in them, in a row. */
const MAX_EMPTY = 10_000

/** Hears the messages of an answer. */
export type EventListener = {
  event(event: EngineEvent): void
  /** Heard once: without an error, or with `engine_malformed`, `engine_down`, or what the engine refuses. */
  end(error?: HeddleError): void
}

/** Asks, reads the messages of the answer, and keeps them within their size. */
export function openReads(
  { http, ask, spec, bounds }: { http: EngineHttp; ask: EngineAsk; spec: GenerationSpec; bounds: Bounds },
  listener: EventListener,
): EngineStream {
  const maxTotal = BYTES_AROUND + bounds.completion * (BYTES_A_TOKEN + (spec.logprobs ?? 0) * BYTES_A_LOGPROB)
  let empty = 0
  const lines = startLines(ask.framing, { maxLine: MAX_LINE, maxTotal }, message => {
    const event = ask.reader(message)
    empty = event.pieces.length > 0 || event.done ? 0 : empty + 1
    if (empty > MAX_EMPTY) throw new HeddleError('engine_malformed', 'the engine says nothing at length')
    listener.event(event)
  })
  const stream = http.stream(ask.path, ask.body, {
    part(bytes) {
      try {
        lines.push(bytes)
      } catch (error) {
        stream.abort()
        listener.end(toHeddleError(error))
      }
    },
    end(error) {
      try {
        if (!error) lines.end()
        listener.end(error)
      } catch (malformed) {
        listener.end(toHeddleError(malformed))
      }
    },
  })
  return stream
}
