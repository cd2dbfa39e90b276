import {
  type Chunk,
  type Context,
  type Digest,
  HeddleError,
  type Job,
  type Log,
  utf8,
  type Worker,
} from '@heddle/protocol'
import { probeIsolation } from './engine/isolation.ts'
import { type Patience, startJob } from './engine/job.ts'
import type { Counts } from './engine/messages.ts'
import { seedNumber } from './engine/sampler.ts'
import { startSlots } from './engine/slots.ts'
import { superviseEngine } from './engine/supervisor.ts'
import { promptBound } from './limits.ts'
import { assertWeights } from './models/weights.ts'
import type { InferenceSpec, InferenceUnit } from './workload.ts'

export type InferenceWorker = Worker<InferenceSpec, InferenceUnit>

export type InferenceWorkerOptions = {
  /** The weights to serve: as `resolveModel` gives them. Only a file with this digest is ever loaded. */
  model: { name: string; path: string; digest: Digest }
  log: Log
  /** A folder in which computed digests are remembered from start to start, e.g. the one `resolveModel` fills. */
  directory?: string
  /** Tokens of one conversation, prompt and completion together; at most what the model was trained on. */
  context?: number
  /** Jobs that run at the same time, each with a context of its own. */
  concurrency?: number
  /** Jobs that wait for a place; above it `execute` throws `busy`. */
  queue?: number
  /** 0: physical cores − 1. More threads than free cores make every token slower. */
  threads?: number
  /** Prompt tokens evaluated in one step, after which an abort is seen. */
  batch?: number
  /** Folders that the engine must not see, e.g. the one with the keys. */
  hide?: readonly string[]
  patience?: Partial<Patience & { startMs: number; idleMs: number; backoffMs: number; maxBackoffMs: number }>
}

const PATIENCE = {
  firstTokenMs: 60_000,
  stallMs: 15_000,
  startMs: 60_000,
  idleMs: 60_000,
  backoffMs: 250,
  maxBackoffMs: 30_000,
}

const usage = ({ prompt, completion }: Counts) => ({ prompt: BigInt(prompt), completion: BigInt(completion) })

/**
 * Serves one model with llama.cpp in a process of its own, without network where the machine allows that.
 * Throws `model_digest` for other weights, `engine_down` or `engine_slow` when the engine does not start.
 *
 * @example
 * ```ts
 * // sketch
 * import { resolveModel } from '@heddle/inference/models'
 * import { createInferenceWorker } from '@heddle/inference/worker'
 * const model = await resolveModel({ directory: 'models' })
 * const worker = await createInferenceWorker({ model, log })
 * for await (const chunk of worker.execute(job, context)) console.log(chunk.used)
 * await worker.stop()
 * ```
 */
export async function createInferenceWorker(options: InferenceWorkerOptions): Promise<InferenceWorker> {
  const { model, log, concurrency = 2, queue = 16, threads = 0, batch = 128, hide = [] } = options
  const patience = { ...PATIENCE, ...options.patience }
  const isolation = await probeIsolation()
  if (isolation.name !== 'network namespace') log.warn('engine_not_isolated', { reason: isolation.name })
  const engine = await superviseEngine({
    ...patience,
    config: {
      modelPath: model.path,
      context: options.context ?? 2048,
      sequences: concurrency,
      threads,
      batch,
      idleMs: patience.idleMs,
    },
    isolation,
    hide,
    log,
    verify: () => assertWeights(model, options.directory),
  })
  const slots = startSlots(concurrency, queue)

  async function* execute(
    { spec, seed }: Job<InferenceSpec>,
    context: Context<InferenceUnit>,
  ): AsyncGenerator<Chunk<InferenceUnit>, void> {
    const { signal } = context
    const leave = await slots.take(signal)
    const ask = {
      messages: spec.messages.map(({ role, content }) => ({ role, content })),
      maxPrompt: promptBound(spec.messages, engine.facts().context),
      maxCompletion: spec.maxCompletion,
      sampling: { temperature: spec.temperature, topP: spec.topP, seed: seedNumber(seed) },
      stop: spec.stop,
    }
    const running = startJob(engine, ask, patience, (text, counts) =>
      context.deliver({ bytes: utf8(text), used: usage(counts) }),
    )
    const abort = () => void running.close().then(leave)
    signal.addEventListener('abort', abort, { once: true })
    try {
      while (true) {
        if (signal.aborted) throw new HeddleError('aborted')
        const { finish, ...counts } = await running.next()
        yield { used: usage(counts), ...(finish && { finish }) }
        if (finish) return
      }
    } finally {
      signal.removeEventListener('abort', abort)
      abort()
    }
  }

  return {
    serves() {
      const { build, context: tokens } = engine.facts()
      return [{ name: model.name, digest: model.digest, context: tokens, engine: { name: 'llama.cpp', build } }]
    },
    execute,
    ready: () => engine.ready() && slots.free() > 0,
    status() {
      const { build, threads: used, template, sequences } = engine.facts()
      const { pid, restarts, down } = engine.status()
      return {
        model: model.name,
        engine: build,
        isolation: isolation.name,
        template,
        threads: used,
        concurrency: sequences,
        running: sequences - slots.free(),
        waiting: slots.waiting(),
        enginePid: pid,
        engineRestarts: restarts,
        ...(down && { engineDown: down }),
      }
    },
    stop: () => engine.stop(),
  }
}
