import { adapterOf } from './kinds.ts'
import { createEngineWorker, type EngineWorker, type EngineWorkerOptions } from './worker.ts'

export { FEATURES, type Feature } from '../features.ts'
export { type Audit, type Refusal, startAudit } from '../guard/audit.ts'
export { engineAddress } from './address.ts'
export { type FoundEngine, findEngines, usualPlaces } from './discovery.ts'
export { assertNotExposed, exposureOf } from './exposure.ts'
export { type Inspected, inspectEngine } from './inspect.ts'
export { joinWorkers } from './join.ts'
export { ENGINE_KINDS, ENGINE_PATIENCE, type EngineKind, type EnginePatience, type EngineSettings } from './settings.ts'
export type { EngineWorker, EngineWorkerOptions } from './worker.ts'

/**
 * Serves an engine that runs already. Throws `engine_exposed` when others than this machine can reach it,
 * `setting_invalid` for a URL that may not be used, `engine_down` or `engine_slow` when it does not answer.
 *
 * @example
 * ```ts
 * // sketch
 * import { createEngine } from '@heddle/inference/engines'
 * const worker = await createEngine({ kind: 'ollama', url: 'http://127.0.0.1:11434', log })
 * worker.serves() // [{ name: 'llama3.2:1b', digest: '0x74701a8c…', context: 8192, … }]
 * ```
 */
export const createEngine = (options: EngineWorkerOptions): Promise<EngineWorker> =>
  createEngineWorker(adapterOf(options, options.directory), options)
