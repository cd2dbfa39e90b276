import { createInferenceWorker } from '@heddle/inference/worker'
import { inference } from '@heddle/inference/workload'
import type { Digest, Log, Worker, Workload } from '@heddle/protocol'

/** What a provider needs to start its workers. */
export type WorkerSettings = {
  model: { name: string; path: string; digest: Digest }
  /** Where computed digests are remembered. */
  models: string
  /** Folders that no engine may see. */
  hide: readonly string[]
  concurrency: number
  threads: number
  context: number
  log: Log
}

/** Starts every worker of this provider: a new workload adds a line. */
export async function startWorkers(
  settings: WorkerSettings,
): Promise<{ workload: Workload<unknown>; worker: Worker<unknown> }[]> {
  const { model, models, hide, concurrency, threads, context, log } = settings
  const worker = await createInferenceWorker({ model, directory: models, hide, concurrency, threads, context, log })
  return [{ workload: inference as unknown as Workload<unknown>, worker: worker as unknown as Worker<unknown> }]
}
