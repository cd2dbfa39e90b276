import { type Chunk, HeddleError, startDeadline } from '@heddle/protocol'
import { boundsOf } from '../guard/answer.ts'
import type { InferenceUnit } from '../workload.ts'
import type { EngineAsk } from './adapter.ts'
import { type DeliveryOptions, startDelivery } from './delivery.ts'
import { promptTokens } from './estimate.ts'
import type { EngineEvent } from './event.ts'
import type { EngineHttp } from './http.ts'
import { openReads } from './reads.ts'

/** Milliseconds for the engine's last counts, once the answer itself is complete. */
const COUNTS_MS = 2_000
/** Between two signs that an engine is waited for. */
const SIGN_MS = 1_000

export type RunOptions = Omit<DeliveryOptions, 'bounds'> & {
  http: EngineHttp
  ask: EngineAsk
  /** Tokens of a conversation, as the job's offer says. */
  context: number
  patience: { firstTokenMs: number; stallMs: number }
  /** The engine's own count of the prompt, for an answer that came without one. */
  countPrompt?: ((signal: AbortSignal) => Promise<number>) | undefined
}

/** A job in an engine: each `next` permits one chunk. */
export type Run = {
  /** Throws `engine_down`, `engine_slow`, `engine_malformed`, `aborted`, and what the engine refuses. */
  next(): Promise<Chunk<InferenceUnit>>
  /** Something of the answer was handed over. */
  begun(): boolean
  /** Ends the job wherever it is. */
  close(): void
}

/**
 * Runs one rebuilt request, and turns what the engine streams into deltas and chunks. The engine waits while no chunk
 * is permitted; everything that one read of the socket brings leaves as one delta.
 */
export function startRun({ http, ask, context, patience, countPrompt, ...rest }: RunOptions): Run {
  const { spec, outlet } = rest
  const { signal } = outlet
  const bounds = boundsOf(spec, context)
  const delivery = startDelivery({ ...rest, bounds })
  let events: EngineEvent[] = []
  let waiting: PromiseWithResolvers<Chunk<InferenceUnit>> | undefined
  let permitted = false
  let begun = false
  let useful = false
  let scheduled = false
  let ended = false
  let counting = false
  let counted = false
  let concluded = false
  let failure: HeddleError | undefined

  const stream = openReads({ http, ask, spec, bounds }, { event, end })
  const deadline = startDeadline(() => {
    stream.abort()
    const silent = Math.round((begun ? patience.stallMs : patience.firstTokenMs) / 1_000)
    end(
      new HeddleError('engine_slow', `the engine was silent for ${silent} s: no ${begun ? 'further' : 'first'} token`),
    )
  })
  // Its connection stands: it loads, reads the prompt, or composes what it will say at once.
  const signs = setInterval(() => {
    if (waiting && !ended) outlet.alive?.({ state: begun ? 'working' : 'loading' })
  }, SIGN_MS)
  signs.unref()
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()

  function abort(): void {
    stream.abort()
    end(new HeddleError('aborted'))
  }
  function event(one: EngineEvent): void {
    events.push(one)
    later()
  }
  function end(error?: HeddleError): void {
    failure ??= error
    ended = true
    later()
  }
  /** Once for everything that one read brings. */
  function later(): void {
    if (!scheduled) process.nextTick(advance)
    scheduled = true
  }

  function take(): void {
    const came = events
    events = []
    for (const [i, one] of came.entries()) {
      if (!delivery.take(one)) {
        events = came.slice(i)
        break
      }
      if (one.tokens > 0) begun = true
      if (one.pieces.length > 0) useful = true
      if (one.done) ended = true
    }
    delivery.flush()
  }
  /** Takes what is permitted of what came, and ends the chunk where it is full or the answer is over. */
  function advance(): void {
    scheduled = false
    if (!waiting) return
    try {
      take()
      if (events.length === 0 && !concluded) {
        // An engine that breaks off, or stays silent, when only its counts were still to come, has ended.
        if (failure && (signal.aborted || !delivery.complete())) throw failure
        if (!ended && !delivery.overrun()) {
          expect()
          return
        }
        leave()
        if (delivery.complete() && !delivery.prompted() && !counted) {
          count()
          return
        }
        conclude()
      }
      settle(delivery.chunk())
    } catch (error) {
      waiting.reject(error)
      waiting = undefined
    }
  }
  /** Messages that bring nothing do not buy time. */
  function expect(): void {
    if (useful) deadline.within(delivery.complete() ? COUNTS_MS : begun ? patience.stallMs : patience.firstTokenMs)
    useful = false
  }
  function settle(chunk: Chunk<InferenceUnit>): void {
    waiting?.resolve(chunk)
    waiting = undefined
    // The engine is not late while it is the payer who is waited for.
    deadline.pause()
    if (!ended) stream.pause()
  }
  /** The answer is over, or goes on after what was asked for: then nothing more of it is read. */
  function leave(): void {
    if (ended) stream.leave()
    else {
      delivery.cut()
      stream.abort()
    }
    ended = true
  }
  /** The engine did not say how long the prompt was: it is asked, or else it is reckoned. */
  function count(): void {
    if (counting) return
    counting = true
    const reckoned = promptTokens(spec)
    void (countPrompt?.(signal) ?? Promise.resolve(reckoned))
      .catch(() => reckoned)
      .then(tokens => {
        delivery.prompt(tokens || reckoned)
        counted = true
        later()
      })
  }
  function conclude(): void {
    delivery.conclude()
    concluded = true
    release()
  }
  function release(): void {
    clearInterval(signs)
    signal.removeEventListener('abort', abort)
    deadline.stop()
  }

  return {
    next() {
      if (permitted) delivery.permit()
      permitted = true
      waiting = Promise.withResolvers()
      const { promise } = waiting
      if (!ended) {
        stream.resume()
        useful = true
        expect()
      }
      advance()
      return promise
    },
    begun: () => begun,
    close() {
      if (concluded) return
      stream.abort()
      release()
      waiting?.reject(new HeddleError('aborted'))
      waiting = undefined
    },
  }
}
