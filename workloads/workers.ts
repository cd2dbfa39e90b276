import {
  createEngine,
  type EngineSettings,
  type EngineWorker,
  type EngineWorkerOptions,
  joinWorkers,
} from '@heddle/inference/engines'
import { createInferenceWorker } from '@heddle/inference/worker'
import { inference } from '@heddle/inference/workload'
import type { Digest, Log, Worker, Workload } from '@heddle/protocol'

/** llama.cpp in a process of ours, with one model. */
export type BuiltInSettings = {
  kind?: 'built-in'
  model: { name: string; path: string; digest: Digest }
  /** Where computed digests are remembered. */
  models: string
  concurrency: number
  threads: number
  context: number
  /** Milliseconds: for the prompt and the first token, and between two after it. */
  patience?: { firstTokenMs?: number; stallMs?: number }
}

/** The engines of a provider: the built-in one, engines that run already, or several of them. */
export type ProviderEngines = BuiltInSettings | readonly (BuiltInSettings | EngineSettings)[]

/** What a provider needs to start its workers. */
export type WorkerSettings = {
  engine: ProviderEngines
  /** The provider's own folder: no engine may see it; digests of other engines' weights are remembered in it. */
  home: string
  log: Log
}

/** Starts every worker of this provider: a new workload adds a line. Throws when any engine does not start. */
export async function startWorkers(
  settings: WorkerSettings,
): Promise<{ workload: Workload<unknown>; worker: Worker<unknown> }[]> {
  const worker = await startEngines(settings)
  return [{ workload: inference as unknown as Workload<unknown>, worker: worker as unknown as Worker<unknown> }]
}

async function startEngines({ engine, home, log }: WorkerSettings): Promise<EngineWorker> {
  const engines = Array.isArray(engine) ? engine : [engine]
  const started = await Promise.allSettled(
    engines.map((one: BuiltInSettings | EngineSettings): Promise<EngineWorker> => {
      if (isBuiltIn(one)) {
        const { kind: _, models, ...rest } = one
        return createInferenceWorker({ ...rest, directory: models, hide: [home], log })
      }
      const options: EngineWorkerOptions = { ...one, directory: home, log }
      return createEngine(options)
    }),
  )
  const workers = started.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = started.find(one => one.status === 'rejected')
  if (failed || workers.length === 0) {
    await Promise.all(workers.map(worker => worker.stop()))
    throw failed?.reason ?? new TypeError('a provider needs an engine')
  }
  return joinWorkers(workers as [EngineWorker, ...EngineWorker[]])
}

const isBuiltIn = (one: BuiltInSettings | EngineSettings): one is BuiltInSettings =>
  one.kind === undefined || one.kind === 'built-in'
