import { HeddleError, toHeddleError } from '@heddle/protocol'
import type { Ask, Counts } from './messages.ts'
import type { Engine, EngineJob, JobEvent } from './supervisor.ts'

export type Pause = Counts & { finish?: 'stop' | 'length' }

/** A job as the daemon sees it: each `next` permits one chunk. */
export type RunningJob = {
  /** Throws `engine_down`, `engine_slow`, `context_exceeded`, `aborted`. */
  next(): Promise<Pause>
  /** Ends the job wherever it is; resolves when the engine has freed its sequence. */
  close(): Promise<void>
}

export type Patience = {
  /** Milliseconds for the prompt and the first text. */
  firstTokenMs: number
  /** Milliseconds between any two texts after it. */
  stallMs: number
}

/** Opens a job at its first `next`. `onText` hears text with the counts up to it. */
export function startJob(
  engine: Engine,
  ask: Omit<Ask, 'type' | 'job'>,
  patience: Patience,
  onText: (text: string, counts: Counts) => void,
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
    if (event.type === 'text') {
      begun = true
      if (!pending) return
      watch()
      const { text, prompt, completion } = event
      try {
        onText(text, { prompt, completion })
      } catch (error) {
        // The listener's fault ends its own job, not the daemon that reads the pipe.
        settle(toHeddleError(error))
        job?.close()
      }
    } else if (event.type === 'pause') {
      begun = true
      const { prompt, completion, finish } = event
      settle({ prompt, completion, ...(finish && { finish }) })
    } else if (event.type === 'failed') {
      settle(new HeddleError(event.code === 'context_exceeded' ? 'context_exceeded' : 'engine_down', event.message))
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
