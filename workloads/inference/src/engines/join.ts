import { HeddleError, type Job } from '@heddle/protocol'
import type { InferenceSpec } from '../workload.ts'
import type { EngineWorker } from './worker.ts'

/**
 * One worker out of several: each job goes to who serves its digest under its name, a free one first. What two of
 * them serve alike is offered once.
 */
export function joinWorkers(workers: readonly [EngineWorker, ...EngineWorker[]]): EngineWorker {
  const [only] = workers
  if (workers.length === 1) return only
  const workerOf = ({ name, digest }: Job<InferenceSpec>['serves']): EngineWorker => {
    const able = workers.filter(worker => worker.serves().some(one => one.digest === digest && one.name === name))
    const chosen = able.find(worker => worker.ready(digest)) ?? able[0]
    if (!chosen) throw new HeddleError('model_withdrawn', `${name} is not served here`)
    return chosen
  }
  return {
    serves() {
      const seen = new Set<string>()
      return workers
        .flatMap(worker => worker.serves())
        .filter(({ name, digest }) => {
          const key = `${name} ${digest}`
          return !seen.has(key) && seen.add(key)
        })
    },
    execute: (job, context) => workerOf(job.serves).execute(job, context),
    async count(job, signal) {
      const { count } = workerOf(job.serves)
      if (!count) throw new HeddleError('unsupported_by_model', 'this engine does not count without running')
      return count(job, signal)
    },
    ready: digest => workers.some(worker => worker.ready(digest)),
    status: () =>
      Object.fromEntries(
        workers.flatMap((worker, i) =>
          Object.entries(worker.status()).map(([key, value]) => [`${i + 1}.${key}`, value]),
        ),
      ),
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()))
    },
  }
}
