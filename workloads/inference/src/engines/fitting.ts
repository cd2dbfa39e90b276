import { isHeddleError } from '@heddle/protocol'
import type { EngineAsk } from './adapter.ts'
import type { Run } from './run.ts'

/**
 * Runs a request, and where its engine refuses to begin an answer that might not fit beside its prompt, the same for a
 * shorter answer: an answer is cut to what fits, and never becomes shorter than it was asked for without need.
 */
export function startFitting(ask: EngineAsk, start: (ask: EngineAsk) => Run): Pick<Run, 'next' | 'close'> {
  let asked = ask
  let run = start(asked)
  return {
    async next() {
      for (;;) {
        try {
          return await run.next()
        } catch (error) {
          const tooLong = !run.begun() && isHeddleError(error, 'context_exceeded')
          const shorter = tooLong ? asked.shorter?.(error) : undefined
          if (!shorter) throw error
          run.close()
          asked = shorter
          run = start(asked)
        }
      }
    },
    close: () => run.close(),
  }
}
