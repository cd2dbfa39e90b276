import {
  type Chunk,
  type Context,
  type Digest,
  HeddleError,
  type Job,
  type Log,
  toHeddleError,
  type Usage,
  type Worker,
} from '@heddle/protocol'
import { startSlots } from '../engine/slots.ts'
import { featuresOf } from '../features.ts'
import { type Audit, startAudit } from '../guard/audit.ts'
import { startImageGuard } from '../guard/images.ts'
import { assertTools } from '../guard/tools.ts'
import { within } from '../length.ts'
import type { InferenceSpec, InferenceUnit } from '../workload.ts'
import { type Adapter, type EngineAsk, seedOfJob } from './adapter.ts'
import { engineAddress } from './address.ts'
import { startCatalogue } from './catalogue.ts'
import { runEmbedding } from './embed.ts'
import { startFitting } from './fitting.ts'
import { openEngine } from './http.ts'
import { mendingMarks, withoutMarks } from './marks.ts'
import { type Run, startRun } from './run.ts'
import { ENGINE_PATIENCE, type EngineSettings } from './settings.ts'
import { watchEngine } from './watch.ts'

export type EngineWorker = Worker<InferenceSpec, InferenceUnit>

export type EngineWorkerOptions = EngineSettings & {
  log: Log
  /** A folder in which computed digests are remembered from start to start. */
  directory?: string
  /** Hears what is refused; a log line each when left out. */
  audit?: Audit
}

const PLACES = 4
const QUEUE = 16

/**
 * Serves the models of an engine that runs already, through what an adapter rebuilds. The engine must be reachable
 * from this machine only. Throws `engine_exposed`, `setting_invalid`, and what the first look at the engine throws.
 */
export async function createEngineWorker(adapter: Adapter, options: EngineWorkerOptions): Promise<EngineWorker> {
  const { log, audit = startAudit(log) } = options
  const patience = { ...ENGINE_PATIENCE, ...options.patience }
  const address = engineAddress(options.url, options.remote)
  const asked = options.concurrency
  const http = openEngine(address, {
    apiKey: options.apiKey,
    connections: (asked ?? 64) + 4,
    askMs: patience.askMs,
  })
  const catalogue = startCatalogue(options, audit)
  let running = 0
  const watch = await watchEngine({
    ...{ adapter, http, address, catalogue, patience, audit, log },
    working: () => running > 0,
  }).catch(async error => {
    await http.close()
    throw error
  })
  const places = asked ?? watch.facts()?.places ?? PLACES
  const slots = startSlots(places, options.queue ?? QUEUE)
  const images = startImageGuard()
  const stopping = new AbortController()
  if (options.warm) void warmUp()

  async function warmUp(): Promise<void> {
    for (const { name, model } of catalogue.served()) {
      await adapter.warm?.(model, http, stopping.signal).catch(error => {
        log.warn('not_warm', { model: name, error: toHeddleError(error).message })
      })
    }
  }

  /** The model of a job, as it is now. Throws `engine_down`, `model_withdrawn`, `unsupported_by_model`. */
  async function modelFor(serves: { name: string; digest: Digest }, spec: InferenceSpec) {
    await watch.fresh()
    const found = catalogue.find(serves)
    if (!found) throw new HeddleError('model_withdrawn', `${serves.name} is not served with these weights`)
    const missing = featuresOf(spec).find(feature => !found.model.features.includes(feature))
    if (missing) throw new HeddleError('unsupported_by_model', `${serves.name} cannot do ${missing}`)
    return found.model
  }

  async function start(job: Job<InferenceSpec>, outlet: Context<InferenceUnit>): Promise<Pick<Run, 'next' | 'close'>> {
    const model = await modelFor(job.serves, job.spec)
    if (job.spec.task === 'chat') assertTools(job.spec)
    const spec = within(await images.clean(job.spec), job.limits)
    const shared = { http, context: model.context, patience, audit, job: job.id, outlet }
    if (spec.task === 'embedding')
      return { next: () => runEmbedding({ ...shared, adapter, model, spec }), close: () => undefined }
    const plain = withoutMarks(spec)
    const asked = adapter.ask(plain, model, seedOfJob(job))
    const count = adapter.countAfter ?? adapter.count
    const countPrompt = count && ((signal: AbortSignal) => count(plain, model, http, signal))
    const mended = (ask: EngineAsk): EngineAsk => (plain === spec ? ask : { ...ask, reader: mendingMarks(ask.reader) })
    return startFitting(asked, ask =>
      startRun({ ...shared, spec, ask: mended(ask), ...(countPrompt && { countPrompt }) }),
    )
  }

  async function* execute(
    job: Job<InferenceSpec>,
    outlet: Context<InferenceUnit>,
  ): AsyncGenerator<Chunk<InferenceUnit>, void> {
    const leave = await slots.take(outlet.signal)
    let run: Pick<Run, 'next' | 'close'> | undefined
    try {
      run = await start(job, outlet)
      running++
      for (;;) {
        const chunk = await run.next()
        yield chunk
        if (chunk.finish) return
      }
    } catch (thrown) {
      throw told(job.id, thrown)
    } finally {
      if (run) running--
      run?.close()
      leave()
    }
  }

  /** Tells this machine's operator what went wrong: what an engine says is not for whoever asked. */
  function told(job: Digest, thrown: unknown): HeddleError {
    const error = toHeddleError(thrown)
    const { code } = error
    if (FAILURES.has(code)) log.warn('engine_failed', { job, code, said: String(error.message), cause: causeOf(error) })
    if (AUDITED.has(code)) audit.refused({ rule: code, code, job })
    return error
  }

  return {
    serves: () =>
      catalogue.served().map(({ name, model }) => ({
        name,
        digest: model.digest,
        context: model.context,
        engine: buildOf(watch.facts()!.engine, model.pinned),
        features: model.features,
        ...(model.quantization ? { quantization: model.quantization } : {}),
      })),
    execute,
    ...(adapter.count ? { count } : {}),
    ready(digest) {
      if (watch.down() !== '') return false
      return catalogue.served().some(({ model }) => digest === undefined || model.digest === digest)
    },
    status() {
      const facts = watch.facts()
      const withdrawn = catalogue.withdrawn()
      return {
        engine: `${facts?.engine.name ?? adapter.kind} ${facts?.engine.build ?? ''}`.trim(),
        url: address.origin,
        models: catalogue
          .served()
          .map(({ name }) => name)
          .join(', '),
        // An engine that somebody else started: its network is theirs to deny.
        isolation: 'none: started outside Heddle; docs/security.md says how to deny it the network',
        concurrency: places,
        running: places - slots.free(),
        waiting: slots.waiting(),
        engineRestarts: watch.restarts(),
        refused: Object.values(audit.counts()).reduce((sum, count) => sum + count, 0),
        ...facts?.words,
        ...(facts?.shy && { shy: true }),
        ...(watch.down() ? { engineDown: watch.down() } : {}),
        ...(withdrawn.length > 0 ? { withdrawn: withdrawn.join('; ') } : {}),
      }
    },
    async stop() {
      stopping.abort()
      adapter.stop?.()
      await watch.stop()
      await http.close()
      await images.stop()
    },
  }

  async function count(
    job: Pick<Job<InferenceSpec>, 'spec' | 'serves'>,
    signal: AbortSignal,
  ): Promise<Usage<InferenceUnit>> {
    if (job.spec.task === 'embedding')
      throw new HeddleError('unsupported_by_model', 'embeddings are counted when they are made')
    const model = await modelFor(job.serves, job.spec)
    const counted = await adapter.count!(withoutMarks(job.spec), model, http, signal)
    return { prompt: BigInt(counted), cached: 0n, completion: 0n }
  }
}

/** What an operator wants to read the engine's own words of. */
const FAILURES: ReadonlySet<string> = new Set([
  ...['engine_down', 'engine_slow', 'engine_malformed', 'engine_refused', 'bad_request', 'context_exceeded'],
])

/** Refusals that are worth a line each: what a well-behaved door and engine never cause. */
const AUDITED: ReadonlySet<string> = new Set(['bad_request', 'engine_malformed', 'model_withdrawn', 'context_exceeded'])

const causeOf = ({ cause }: HeddleError): string => {
  if (cause === undefined || cause === null) return ''
  return (cause instanceof Error ? cause.message : JSON.stringify(cause)).slice(0, 500)
}

const buildOf = (engine: { name: string; build: string }, pinned: boolean) => ({
  name: engine.name,
  build: pinned ? engine.build : `${engine.build} (unpinned: the weights were not hashed)`,
})
