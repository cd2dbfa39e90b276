import { HeddleError, type Job } from '@heddle/protocol'
import type { InferenceSpec } from '../workload.ts'
import type { EngineWorker } from './worker.ts'

/** Free places, less the jobs that wait. */
function roomOf(worker: EngineWorker): number {
  const { concurrency, running, waiting } = worker.status()
  return Number(concurrency) - Number(running) - Number(waiting)
}

/**
 * One worker out of several: each job goes to who serves its digest under its name, of several to the one with the
 * most room. What two of them serve alike is offered once.
 */
export function joinWorkers(workers: readonly [EngineWorker, ...EngineWorker[]]): EngineWorker {
  const [only] = workers
  if (workers.length === 1) return only
  const workerOf = ({ name, digest }: Job<InferenceSpec>['serves']): EngineWorker => {
    const able = workers.filter(worker => worker.serves().some(one => one.digest === digest && one.name === name))
    const ready = able.filter(worker => worker.ready(digest))
    const [chosen] = ready.length > 1 ? ready.toSorted((a, b) => roomOf(b) - roomOf(a)) : [...ready, ...able]
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
