import { HeddleError, toHeddleError } from '@heddle/protocol'
import type { Piece } from '../output.ts'
import type { Ask, Counts } from './messages.ts'
import type { Engine, EngineJob, JobEvent } from './supervisor.ts'

export type Pause = Counts & { finish?: 'stop' | 'length'; evidence?: readonly Uint8Array[] }

/** A job as the daemon sees it: each `next` permits one chunk. */
export type RunningJob = {
  /** Throws `engine_down`, `engine_slow`, `context_exceeded`, `bad_request`, `unsupported_field`, `aborted`. */
  next(): Promise<Pause>
  /** Ends the job wherever it is; resolves when the engine has freed its sequence. */
  close(): Promise<void>
}

export type Patience = {
  /** Milliseconds for the first text, counted anew with every part of the prompt that was read. */
  firstTokenMs: number
  /** Milliseconds between any two texts after it. */
  stallMs: number
}

/** Opens a job at its first `next`. `onPieces` hears pieces with the counts up to them. */
export function startJob(
  engine: Engine,
  ask: Omit<Ask, 'type' | 'job'>,
  patience: Patience,
  onPieces: (pieces: readonly Piece[], counts: Counts) => void,
): RunningJob {
  let job: EngineJob | undefined
  let over = false
  let closing = false
  let begun = false
  let pending: PromiseWithResolvers<Pause> | undefined
  let failure: HeddleError | undefined
  let timer: NodeJS.Timeout | undefined
  const freed = Promise.withResolvers<void>()

  function settle(outcome: Pause | HeddleError): void {
    clearTimeout(timer)
    const waiting = pending
    pending = undefined
    if (outcome instanceof HeddleError) {
      failure ??= outcome
      waiting?.reject(failure)
    } else waiting?.resolve(outcome)
  }

  function watch(): void {
    clearTimeout(timer)
    const limit = begun ? patience.stallMs : patience.firstTokenMs
    timer = setTimeout(() => {
      settle(new HeddleError('engine_slow', `no ${begun ? 'further' : 'first'} token in ${limit} ms`))
      job?.close()
    }, limit)
  }

  function hear(event: JobEvent): void {
    if (event.type === 'pieces') {
      begun = true
      if (!pending) return
      watch()
      const { pieces, prompt, cached, completion } = event
      try {
        onPieces(pieces, { prompt, cached, completion })
      } catch (error) {
        // The listener's fault ends its own job, not the daemon that reads the pipe.
        settle(toHeddleError(error))
        job?.close()
      }
    } else if (event.type === 'working') {
      if (pending) watch()
    } else if (event.type === 'pause') {
      begun = true
      const { prompt, cached, completion, finish } = event
      const evidence = event.evidence?.map(leaf => Buffer.from(leaf, 'base64'))
      settle({ prompt, cached, completion, ...(finish && { finish }), ...(evidence && { evidence }) })
    } else if (event.type === 'failed') {
      const { code, message, param } = event
      const cause = param === undefined ? {} : { cause: { param } }
      settle(new HeddleError(code === 'internal' ? 'engine_down' : code, message, cause))
    } else {
      over = true
      settle(new HeddleError('engine_down', event.type === 'gone' ? event.reason : 'the engine closed the job'))
      freed.resolve()
    }
  }

  return {
    next() {
      if (failure) return Promise.reject(failure)
      pending = Promise.withResolvers<Pause>()
      const { promise } = pending
      watch()
      try {
        if (job) job.more()
        else job = engine.open(ask, hear)
      } catch (error) {
        over = true
        freed.resolve()
        settle(error as HeddleError)
      }
      return promise
    },
    close() {
      if (!closing) {
        closing = true
        settle(new HeddleError('aborted'))
        if (!job || over) freed.resolve()
        else job.close()
      }
      return freed.promise
    },
  }
}
