import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildsOf,
  type Calibration,
  calibrate,
  calibrationPrompts,
  caughtWithin,
  createChecker,
  createReference,
  isSeparable,
  probeIsolation,
  type Reference,
  writeCalibration,
} from '@heddle/inference/checker'
import { resolveModel } from '@heddle/inference/models'
import { createInferenceWorker, type InferenceWorker } from '@heddle/inference/worker'
import type { GenerationSpec } from '@heddle/inference/workload'
import {
  type Answered,
  type Checker,
  classOf,
  digestOf,
  type EngineClass,
  encodeHead,
  type Finding,
  upperRate,
  wilson,
} from '@heddle/protocol'
import { folder, quiet } from '../../test/faults/stage.ts'
import { loadForger } from '../../workloads/inference/src/checker/testing/forger.ts'
import {
  answerJob,
  jobWith,
  signAnswer,
  type Unsigned,
} from '../../workloads/inference/src/checker/testing/provider.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { measureCanaries } from './canaries.ts'
import { chosenToken, forgedByPrefill, paperwork, readLeaves } from './cheats.ts'
import { type Family, type Model, openFamily } from './weights.ts'

/** Honest answers that are checked; each cheat gets `CHEATS` of its own. */
const HONEST = Number(process.env['HEDDLE_BENCH_CHECKS'] ?? 30_000)
const CHEATS = Math.min(200, Math.max(20, Math.floor(HONEST / 100)))
const TOKENS = 64
/** One request in twenty is checked. */
const SAMPLED = 0.05
const never = new AbortController().signal

/**
 * What checks find, and what they cost: honest answers of the Q8_0 weights of a small model, and every cheat, with real
 * weights (`HEDDLE_TEST_MODELS`, a folder with one model in F32, F16, Q8_0 and Q4_0; else the tiny model of this
 * repository, rounded here). `HEDDLE_BENCH_CHECKS` lowers the number of honest checks.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('checks')
  const staging = startStaging()
  const directory = folder(staging.t)
  let checker: Checker | undefined
  try {
    const family = await openFamily(join(directory, 'weights'))
    const { F32, F16, Q8_0, Q4_0 } = family.kinds
    const peer = family.name
    const options = { answers: 40, log: quiet, signal: never, onProgress: progress }
    const eight = await calibrate({ model: Q8_0, others: [Q4_0, family.poisoned, family.other], ...options })
    const half = await calibrate({ model: F16, others: [Q8_0, F32], ...options })
    yield* builds(family, measured)
    const check = createChecker({ models: [Q8_0, F16], calibrations: [eight, half] })
    checker = check
    keep([eight, half])

    yield* measureCanaries()
    yield* honestChecks(Q8_0, check, measured)
    yield* honestChecks(F16, check, measured, Math.ceil(HONEST / 10))

    const swaps: [string, Model, Model, Calibration][] = [
      ['f16_to_q8_0', F16, Q8_0, half],
      ['q8_0_to_q4_0', Q8_0, Q4_0, eight],
      ['poisoned_weights', Q8_0, family.poisoned, eight],
      ['another_family', Q8_0, family.other, eight],
      ['f32_served_as_f16', F16, F32, half],
    ]
    for (const [name, claimed, served, calibration] of swaps) {
      const other = calibration.others.find(one => one.digest === served.digest)!
      const caught = await onWorker(served, worker =>
        tally(CHEATS, async i =>
          isGuilty(await check.check(await cheat(worker, claimed, i, calibration.reference), never)),
        ),
      )
      yield* row(name, caught, measured, isSeparable(other) ? '>= 0.99' : null, peer)
    }
    yield* forgeries(family, check, measured)
    yield* signedCheats(Q8_0, check, measured, peer)
    yield* costs(Q8_0, eight, measured)
    const larger = await largerModel()
    if (larger)
      yield* costs(larger, await calibrate({ model: larger, ...options, answers: 8, conditions: ONE }), measured)
  } finally {
    await checker?.stop()
    await staging.stop()
  }
}

type Measured = ReturnType<typeof measurementsOf>
const ONE = [{ threads: 1, batch: 48, together: 1 }]

const isGuilty = ({ verdict }: Finding): boolean => verdict === 'dishonest'

function progress(text: string): void {
  console.error(`checks: ${text}`)
}

/** Calibrations are worth keeping: they lie where `HEDDLE_BENCH_OUT` says. */
function keep(calibrations: readonly Calibration[]): void {
  const out = process.env['HEDDLE_BENCH_OUT']
  if (!out) return
  mkdirSync(out, { recursive: true })
  for (const one of calibrations) writeFileSync(join(out, `${one.model.name}.json`), writeCalibration(one))
}

const openWorker = ({ name, path, digest }: Model): Promise<InferenceWorker> =>
  createInferenceWorker({ model: { name, path, digest }, log: quiet, threads: 1, context: 1_024, concurrency: 2 })

async function onWorker<T>(model: Model, work: (worker: InferenceWorker) => Promise<T>): Promise<T> {
  const worker = await openWorker(model)
  try {
    return await work(worker)
  } finally {
    await worker.stop()
  }
}

/** Answers of sixty-four tokens, each to another prompt or with another seed. */
const specAt = (i: number): GenerationSpec => ({
  task: 'completion',
  prompt: `${calibrationPrompts[i % calibrationPrompts.length]} Once upon a time`,
  maxCompletion: TOKENS,
  temperature: 0.8,
  topP: 1,
  stop: [],
})

const nonceAt = (i: number) => digestOf(`bench ${process.pid} ${i}`)

/** An answer that is long enough to be judged: a few are not. */
async function answerAt(worker: InferenceWorker, claimed: Model, i: number): Promise<Unsigned> {
  for (let again = 0; ; again++) {
    const answer = await answerJob(worker, jobWith(specAt(i), nonceAt(i + again * 1_000_000)), {
      claims: claimed.digest,
    })
    if (Number(answer.receipt.usage['completion']) >= 48 || again > 20) return answer
  }
}

/** An answer of other weights whose evidence names the class of engine that the claimed ones have. */
async function cheat(worker: InferenceWorker, claimed: Model, i: number, engine: EngineClass): Promise<Answered> {
  const answer = await answerAt(worker, claimed, 500_000 + i)
  const { head } = readLeaves(answer)
  return signAnswer({ ...answer, leaves: [encodeHead({ ...head, class: classOf(engine) }), ...answer.leaves.slice(1)] })
}

type Tally = { hits: number; trials: number }

async function tally(trials: number, attempt: (i: number) => Promise<boolean>): Promise<Tally> {
  let hits = 0
  for (let i = 0; i < trials; i++) if (await attempt(i)) hits++
  return { hits, trials }
}

function* row(name: string, { hits, trials }: Tally, measured: Measured, goal: string | null, peer: string) {
  const { low, high } = wilson(hits, trials)
  const interval = `${peer}: ${hits} of ${trials}, 95%: ${low.toFixed(3)} … ${high.toFixed(3)}`
  yield measured(`caught_${name}`, hits / trials, 'share', null, { peer: interval })
  yield measured(`caught_within_100_${name}`, caughtWithin(hits / trials, SAMPLED, 100), 'share', goal, { peer })
}

/** Honest answers, two at a time: one is written while another is checked. */
async function* honestChecks(model: Model, checker: Checker, measured: Measured, wanted = HONEST) {
  let [done, wrong, unclear] = [0, 0, 0]
  let next = 0
  await onWorker(model, async worker => {
    const lane = async (): Promise<void> => {
      while (next < wanted) {
        const i = next++
        const found = await checker.check(signAnswer(await answerAt(worker, model, i)), never)
        done++
        if (found.verdict === 'inconclusive') unclear++
        if (isGuilty(found)) {
          wrong++
          progress(`an honest answer is called dishonest: ${JSON.stringify(found)}`)
        }
        if (done % 500 === 0) progress(`${model.name}: ${done} of ${wanted} honest answers, ${wrong} wrong`)
      }
    }
    await Promise.all([lane(), lane()])
  })
  const name = `${model.name}: ${wrong} of ${done - unclear}, ${unclear} inconclusive`
  const goal = wanted === HONEST ? '<= 0.0001' : null
  yield measured(
    `false_positive_upper95${wanted === HONEST ? '' : '_f16'}`,
    upperRate(wrong, done - unclear),
    'share',
    goal,
    {
      peer: name,
    },
  )
}

/** Providers that write their own evidence. */
async function* forgeries({ kinds, name: peer }: Family, checker: Checker, measured: Measured) {
  const { Q8_0, Q4_0 } = kinds
  const trials = Math.min(CHEATS, 100)
  const llama = await loadForger(Q8_0.path)
  const chosen = await onWorker(Q8_0, worker =>
    tally(trials, async i =>
      isGuilty(
        await checker.check(signAnswer(await chosenToken(llama, await answerAt(worker, Q8_0, 600_000 + i))), never),
      ),
    ),
  )
  await llama.model.dispose()
  yield* row('one_chosen_token', chosen, measured, null, peer)
  const claimed: Reference = createReference({ model: Q8_0 })
  const forged = await onWorker(Q4_0, worker =>
    tally(trials, async i => {
      const cheap = await answerAt(worker, Q8_0, 700_000 + i)
      return isGuilty(await checker.check(signAnswer(await forgedByPrefill(cheap, claimed)), never))
    }),
  )
  await claimed.stop()
  yield* row('decoded_small_forged_by_prefill', forged, measured, '>= 0.99', peer)
}

async function* signedCheats(model: Model, checker: Checker, measured: Measured, peer: string) {
  const provable: Tally = { hits: 0, trials: 0 }
  const worker = await openWorker(model)
  try {
    for (const { name, provable: must, make } of paperwork) {
      const trials = Math.min(CHEATS, 50)
      const caught = await tally(trials, async i => {
        const [honest, other] = [await answerAt(worker, model, 800_000 + i), await answerAt(worker, model, 900_000 + i)]
        const found = await checker.check(signAnswer(await make(worker, honest, other)), never)
        return isGuilty(found) && (!must || found.provable)
      })
      if (must) {
        provable.hits += caught.hits
        provable.trials += caught.trials
      }
      yield* row(name, caught, measured, '>= 0.99', peer)
    }
  } finally {
    await worker.stop()
  }
  yield measured('provable_caught', provable.hits / provable.trials, 'share', '>= 1', {
    peer: `${provable.hits} of ${provable.trials}`,
  })
}

/** Distances between builds of the engine, where this machine lets one choose. */
async function* builds({ kinds, name }: Family, measured: Measured) {
  const found = await buildsOf(await probeIsolation())
  if (found.length === 0) return progress('this machine does not let one choose a build of the engine')
  const { engines } = await calibrate({
    model: kinds.Q8_0,
    builds: found,
    conditions: ONE,
    answers: 16,
    log: quiet,
    signal: never,
    onProgress: progress,
  })
  for (const { engine, honest } of engines)
    yield measured(
      `honest_mean_${engine.hardware.replaceAll(' ', '_').toLowerCase()}`,
      honest.mean.maximum,
      'millinats',
      null,
      {
        peer: `${name}, furthest candidate ${honest.maximum.maximum}`,
      },
    )
}

/** Processor time of a check against that of the answer it checks, in alternating pairs. */
async function* costs(model: Model, calibration: Calibration, measured: Measured) {
  const rounds = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 12)
  const checker = createChecker({ models: [model], calibrations: [calibration] })
  const maker = await loadForger(model.path)
  const { forge } = await import('../../workloads/inference/src/checker/testing/forger.ts')
  const { forgedAnswer } = await import('../../workloads/inference/src/checker/testing/provider.ts')
  const worker = await openWorker(model)
  const ratios: number[] = []
  try {
    for (let i = 0; i <= rounds; i++) {
      const honest = await answerAt(worker, model, 950_000 + i)
      const before = process.cpuUsage()
      const written = await forge(maker, honest.job, honest.receipt.seed)
      const { user, system } = process.cpuUsage(before)
      const { cost } = await checker.check(signAnswer(forgedAnswer(honest, written)), never)
      // The first pair makes what is made only once.
      if (i > 0) ratios.push((cost.milliseconds * 1_000) / (user + system))
    }
  } finally {
    await Promise.all([checker.stop(), worker.stop()])
    await maker.model.dispose()
  }
  yield measured('check_cost_ratio', median(ratios), 'ratio', '<= 0.45', { peer: model.name })
}

/** The default model, where it is on this machine already or `HEDDLE_MODEL` names another. */
async function largerModel(): Promise<Model | undefined> {
  const directory = process.env['HEDDLE_MODELS']
  const setting = process.env['HEDDLE_MODEL']
  if (!directory && !setting) return undefined
  return resolveModel({ directory: directory ?? '.heddle/models', ...(setting ? { setting } : {}) })
}
