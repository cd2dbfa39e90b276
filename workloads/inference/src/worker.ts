import {
  type Chunk,
  type Context,
  type Digest,
  digestOf,
  HeddleError,
  type Job,
  type Log,
  utf8,
  type Worker,
} from '@heddle/protocol'
import { assertStrict } from './engine/calls.ts'
import { formatGrammar } from './engine/grammars.ts'
import { type Isolation, probeIsolation } from './engine/isolation.ts'
import { type Patience, startJob } from './engine/job.ts'
import { type Counts, STEP_TOKENS } from './engine/messages.ts'
import { Refused } from './engine/refused.ts'
import { startSlots } from './engine/slots.ts'
import { superviseEngine } from './engine/supervisor.ts'
import { assertTools } from './guard/tools.ts'
import { within } from './length.ts'
import { assertWeights } from './models/weights.ts'
import { startBudget } from './schema/budget.ts'
import {
  type ChatSpec,
  encodePiece,
  featuresOf,
  type InferenceSpec,
  type InferenceUnit,
  promptBound,
} from './workload.ts'

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
  /** Prompt tokens evaluated in one step, after which an abort is seen; from 64 on answers cannot be checked as sharply. */
  batch?: number
  /** One token is evaluated before the first job, so that no user waits for what is made only once. */
  warmUp?: boolean
  /** Folders that the engine must not see, e.g. the one with the keys. */
  hide?: readonly string[]
  /** What keeps the engine from the network; found out by itself where it is absent. */
  isolation?: Isolation
  patience?: Partial<Patience & { startMs: number; idleMs: number; backoffMs: number; maxBackoffMs: number }>
}

// As for every other engine: slow is no fault.
const PATIENCE = {
  firstTokenMs: 600_000,
  stallMs: 300_000,
  startMs: 600_000,
  idleMs: 60_000,
  backoffMs: 250,
  maxBackoffMs: 30_000,
}

/** A tag counts for its payer alone: what an engine remembers would tell another payer what was asked. */
const scoped = ({ spec, scope }: Pick<Job<InferenceSpec>, 'spec' | 'scope'>): InferenceSpec =>
  spec.task !== 'embedding' && spec.cache ? { ...spec, cache: digestOf(`${scope} ${spec.cache}`).slice(2) } : spec

const usage = ({ prompt, cached, completion }: Counts) => ({
  prompt: BigInt(prompt),
  cached: BigInt(cached),
  completion: BigInt(completion),
})

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
  const {
    model,
    log,
    concurrency = 2,
    queue = 16,
    threads = 0,
    batch = STEP_TOKENS,
    warmUp = true,
    hide = [],
  } = options
  const patience = { ...PATIENCE, ...options.patience }
  const isolation = options.isolation ?? (await probeIsolation())
  if (isolation.name !== 'network namespace') log.warn('engine_not_isolated', { reason: isolation.name })
  const engine = await superviseEngine({
    ...patience,
    hungMs: patience.stallMs,
    config: {
      modelPath: model.path,
      context: options.context ?? 2048,
      sequences: concurrency,
      threads,
      batch,
      idleMs: patience.idleMs,
      warmUp,
    },
    isolation,
    hide,
    log,
    verify: () => assertWeights(model, options.directory),
  })
  const slots = startSlots(concurrency, queue)

  /** What the engine is asked. Throws what can be known without it. */
  function askOf({ spec, serves, seed }: Pick<Job<InferenceSpec>, 'spec' | 'serves'> & { seed: string }) {
    const { context, features } = engine.facts()
    if (serves.digest !== model.digest) throw new HeddleError('model_unknown', `${serves.name} is not served here`)
    for (const feature of featuresOf(spec))
      if (!features.includes(feature))
        throw new HeddleError('unsupported_by_model', `${model.name} has no ${feature}`, { cause: { feature } })
    if (spec.task === 'chat') assertChat(spec)
    return { spec, seed, maxPrompt: promptBound(spec, context) }
  }

  async function* execute(
    job: Job<InferenceSpec>,
    context: Context<InferenceUnit>,
  ): AsyncGenerator<Chunk<InferenceUnit>, void> {
    const { signal } = context
    const ask = askOf({ ...job, spec: within(scoped(job), job.limits) })
    const leave = await slots.take(signal)
    const running = startJob(engine, ask, patience, (pieces, counts) =>
      context.deliver({ bytes: utf8(pieces.map(encodePiece).join('')), used: usage(counts) }),
    )
    const abort = () => void running.close().then(leave)
    signal.addEventListener('abort', abort, { once: true })
    try {
      while (true) {
        if (signal.aborted) throw new HeddleError('aborted')
        const { finish, evidence, ...counts } = await running.next()
        yield { used: usage(counts), ...(finish && { finish }), ...(evidence && { evidence }) }
        if (finish) return
      }
    } finally {
      signal.removeEventListener('abort', abort)
      abort()
    }
  }

  /** Beside the jobs: nothing is evaluated. */
  async function count(job: Pick<Job<InferenceSpec>, 'spec' | 'serves'>, signal: AbortSignal) {
    if (signal.aborted) throw new HeddleError('aborted')
    const running = startJob(engine, { ...askOf({ ...job, seed: NO_SEED }), count: true }, patience, () => {})
    const abort = () => void running.close()
    signal.addEventListener('abort', abort, { once: true })
    try {
      return usage(await running.next())
    } finally {
      signal.removeEventListener('abort', abort)
      abort()
    }
  }

  return {
    serves() {
      const { build, context: tokens, features, quantization } = engine.facts()
      const { name, digest } = model
      const served = { name, digest, context: tokens, engine: { name: 'llama.cpp', build }, features }
      return [quantization ? { ...served, quantization } : served]
    },
    execute,
    count,
    ready: digest => engine.ready() && (digest === undefined || digest === model.digest),
    status() {
      const { build, threads: used, template, sequences, gpu } = engine.facts()
      const { pid, restarts, down } = engine.status()
      return {
        model: model.name,
        engine: build,
        isolation: isolation.name,
        gpu,
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

const NO_SEED = `0x${'00'.repeat(32)}`

/** Throws `bad_request` or `unsupported_field` for tools and formats that no model could make good. */
function assertChat(spec: ChatSpec): void {
  assertTools(spec)
  try {
    const budget = startBudget()
    formatGrammar(spec, { budget })
    assertStrict(spec.tools ?? [], budget)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new HeddleError(error.code, error.message, { cause: { param: error.param } })
  }
}
