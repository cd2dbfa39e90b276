import { type Digest, digestOf, HeddleError, type Log } from '@heddle/protocol'
import { classOf, decodeHead, decodePositions, type EngineClass } from '../draw/index.ts'
import type { Isolation } from '../engine/isolation.ts'
import { STEP_TOKENS } from '../engine/messages.ts'
import type { GenerationSpec } from '../spec.ts'
import { createInferenceWorker, type InferenceWorker } from '../worker.ts'
import {
  type CalibratedEngine,
  type Calibration,
  chooseThresholds,
  detectionOf,
  distributionsOf,
  type HonestAnswer,
} from './calibration.ts'
import { BESIDE, classOfFacts } from './check.ts'
import { chooseDepth, type Looking, systemRandom } from './choose.ts'
import { distanceAt } from './distance.ts'
import type { Found, Kept } from './kept.ts'
import { calibrationPrompts } from './prompts.ts'
import { createReference, type Reference } from './reference.ts'
import { type Remaining, startRemaining } from './remaining.ts'
import { statisticsOf, WINDOW } from './statistics.ts'

type Weights = { name: string; path: string; digest: Digest }

/** A way in which an engine runs. */
export type Condition = Readonly<{ threads: number; batch: number; together: number }>

export type CalibrateOptions = {
  model: Weights
  /** Other weights that somebody could serve in their place. */
  others?: readonly Weights[]
  /** Asked in turn, again and again with other seeds: a multiple of eight, so that half of them are only tried. */
  prompts?: readonly string[]
  /** Answers of each condition, and of each of the other weights. */
  answers?: number
  conditions?: readonly Condition[]
  /** Builds of the engine beside the one that this machine chooses. */
  builds?: readonly { name: string; isolation: Isolation }[]
  looking?: Looking
  /** How much further than the furthest honest answer is still honest. */
  margin?: number
  /** Tokens of an answer: as many for every fourth, four times as many for the others. */
  shortest?: number
  directory?: string
  log: Log
  signal: AbortSignal
  /** What a calibration that was broken off has measured already. */
  kept?: Kept
  /** What was done; milliseconds that all the rest will take, about, once there is anything to tell it from. */
  onProgress?(done: string, left?: number): void
}

/** One or two threads, small steps and full ones, alone or beside others: not all at once, for a busy machine. */
export const ALL_CONDITIONS: readonly Condition[] = [
  { threads: 1, batch: STEP_TOKENS, together: 1 },
  { threads: 1, batch: 16, together: 1 },
  { threads: 1, batch: STEP_TOKENS, together: 4 },
  { threads: 1, batch: 16, together: 4 },
  { threads: 2, batch: STEP_TOKENS, together: 1 },
]

/** Seven tenths of an answer on average: what keeps a check well below the cost of an answer. */
export const DEFAULT_LOOKING: Looking = { whole: 0.6, part: 0.25, least: WINDOW }

/**
 * Measures how far honest answers of a model are from its weights: over threads, batches, company and builds, on
 * prompts that thresholds are not chosen on, and how far other weights are. Takes minutes for a small model. Throws what
 * the engine throws, and `aborted`.
 *
 * @example
 * ```ts
 * // sketch
 * import { calibrate, writeCalibration } from '@heddle/inference/checker'
 * const calibration = await calibrate({ model, others: [smaller], log, signal })
 * await writeFile('calibration.json', writeCalibration(calibration))
 * ```
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const { model, others = [], answers = 40, conditions = ALL_CONDITIONS, builds = [], signal } = options
  const { looking = DEFAULT_LOOKING, margin = 3, shortest = WINDOW, onProgress } = options
  const directory = options.directory === undefined ? {} : { directory: options.directory }
  const reference = createReference({ model, ...directory })
  try {
    const own = classOfFacts(await reference.facts())
    const remaining = startRemaining(answers * (conditions.length * (1 + builds.length) + others.length))
    const measure = startMeasuring({ ...options, looking, shortest, reference, own: classOf(own), remaining })
    const engines = new Map<
      Digest,
      { engine: EngineClass; found: HonestAnswer[]; conditions: CalibratedEngine['conditions'] }
    >()
    for (const build of [undefined, ...builds]) {
      const engine = build ? await classThrough(model, build.isolation) : own
      if (!engine) {
        remaining.skip(answers * conditions.length)
        continue
      }
      const entry = engines.get(classOf(engine)) ?? { engine, found: [], conditions: [] }
      engines.set(classOf(engine), entry)
      for (const condition of conditions) {
        const { threads, batch, together } = condition
        const name = `${build?.name ?? 'chosen'} build, ${threads} threads, batch ${batch}, ${together} at once`
        const found = await measure(name, model, condition, answers, build?.isolation)
        entry.found.push(
          ...found.flatMap(({ distance, heldOut }) => (distance === 'other tokens' ? [] : [{ ...distance, heldOut }])),
        )
        entry.conditions.push({ name, answers: found.length })
      }
    }
    const first = chooseThresholds(engines.get(classOf(own))!.found, margin)
    const detections: Calibration['others'] = []
    for (const other of others) {
      const found = await measure(other.digest, other, conditions[0]!, answers, undefined)
      const distances = found.map(({ distance }) => distance)
      detections.push(detectionOf(other, distances, first.thresholds))
      onProgress?.(`${other.name}: ${detections.at(-1)!.caught} of ${found.length} are seen`)
    }
    return {
      version: 'calibration/2',
      model: { name: model.name, digest: model.digest },
      reference: own,
      looking: { ...looking, span: 4 * shortest },
      shortest,
      engines: [...engines.values()].map(({ engine, found, conditions: ran }) => ({
        engine,
        conditions: ran,
        honest: distributionsOf(found),
        ...chooseThresholds(found, margin),
      })),
      others: detections,
    }
  } finally {
    await reference.stop()
  }

  /** The class of the engine as it starts behind this wall; nothing where it does not start. */
  async function classThrough(weights: Weights, isolation: Isolation): Promise<EngineClass | undefined> {
    if (signal.aborted) throw new HeddleError('aborted')
    const through = createReference({ model: weights, isolation, ...directory })
    try {
      return classOfFacts(await through.facts())
    } catch {
      return undefined
    } finally {
      await through.stop()
    }
  }
}

type Measuring = { looking: Looking; shortest: number; reference: Reference; own: Digest; remaining: Remaining }

function startMeasuring({
  prompts = calibrationPrompts,
  directory,
  log,
  signal,
  looking,
  shortest,
  reference,
  kept,
  own,
  remaining,
  onProgress,
}: CalibrateOptions & Measuring) {
  let asked = 0

  const nextSpec = (): { spec: GenerationSpec; seed: Digest; heldOut: boolean } => {
    const number = asked++
    const prompt = prompts[number % prompts.length]!
    const drawn = {
      maxCompletion: number % 4 === 3 ? shortest : 4 * shortest,
      temperature: [0.8, 1, 0.3][number % 3]!,
      topP: 1,
      stop: [],
    }
    const spec: GenerationSpec =
      number % 2 === 0
        ? { task: 'chat', messages: [{ role: 'user', content: prompt }], ...drawn }
        : { task: 'completion', prompt, ...drawn }
    // Four of every kind, then four to other prompts: what thresholds are tried on was not asked when they were chosen.
    return { spec, seed: digestOf(`calibration ${number}`), heldOut: (number >> 2) % 2 === 1 }
  }

  /** Distances of so many answers of these weights; those that are too short are not counted. */
  return async function measure(
    way: string,
    weights: Weights,
    { threads, batch, together }: Condition,
    answers: number,
    isolation: Isolation | undefined,
  ): Promise<readonly Found[]> {
    const before = kept?.get(`${own} ${way}`)
    const found: Found[] = [...(before?.found ?? [])]
    // A model that hardly says anything is not asked for ever.
    let left = before?.left ?? 8 * answers
    asked = before?.asked ?? asked
    remaining.skip(found.length)
    if (found.length >= answers || left <= 0) {
      remaining.skip(answers - found.length)
      return found
    }
    const worker = await createInferenceWorker({
      model: weights,
      log,
      threads,
      batch,
      concurrency: together,
      context: 1_024,
      ...(directory === undefined ? {} : { directory }),
      ...(isolation ? { isolation } : {}),
    })
    const one = async (): Promise<void> => {
      const { spec, seed, heldOut } = nextSpec()
      const leaves = await evidenceOf(worker, weights, spec, seed, signal)
      const distance = await distancesOf(reference, spec, leaves, { looking, shortest }, signal)
      if (distance && found.length < answers) found.push({ distance, heldOut })
    }
    try {
      while (found.length < answers && left > 0) {
        left -= together
        const [began, had] = [performance.now(), found.length]
        await Promise.all(Array.from({ length: together }, one))
        kept?.set(`${own} ${way}`, { asked, left, found })
        remaining.took(performance.now() - began, found.length - had)
        onProgress?.(`${way}: ${found.length} of ${answers} answers`, remaining.left())
      }
    } finally {
      await worker.stop()
    }
    remaining.skip(answers - found.length)
    return found
  }
}

/** The evidence of one answer of a worker. */
async function evidenceOf(
  worker: InferenceWorker,
  { name, digest }: Weights,
  spec: GenerationSpec,
  seed: Digest,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const job = { id: seed, spec, seed, scope: 'calibration', serves: { name, digest }, input: (async function* () {})() }
  const context = { signal, clock: Date, log: { info() {}, warn() {}, error() {} }, deliver() {} }
  let evidence: readonly Uint8Array[] = []
  for await (const chunk of worker.execute(job, context)) evidence = chunk.evidence ?? evidence
  return evidence
}

/** How far the evidence of an answer is from the reference; nothing where it is too short. */
async function distancesOf(
  reference: Reference,
  spec: GenerationSpec,
  leaves: readonly Uint8Array[],
  { looking, shortest }: { looking: Looking; shortest: number },
  signal: AbortSignal,
): Promise<Found['distance'] | undefined> {
  const [first, ...others] = leaves
  if (!first) return undefined
  const head = decodeHead(first)
  if (head.positions < shortest) return undefined
  const positions = others.flatMap((leaf, i) => decodePositions(leaf, head, i + 1))
  const depth = chooseDepth(positions.length, looking, systemRandom)
  const tokens = positions.map(({ candidates, drawn }) => candidates[drawn]!.token)
  const ask = { spec, promptDigest: head.promptDigest, tokens, depth, top: head.topK + BESIDE }
  const { likeliest } = await reference.look(ask, signal)
  if (likeliest.length === 0) return 'other tokens'
  return statisticsOf(likeliest.map((one, at) => distanceAt(positions[at]!, head.topK, one)))
}
