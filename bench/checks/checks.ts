import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Calibration,
  calibrate,
  caughtWithin,
  createChecker,
  createReference,
  isSeparable,
  writeCalibration,
} from '@heddle/inference/checker'
import { resolveModel } from '@heddle/inference/models'
import { type Checker, wilson } from '@heddle/protocol'
import { folder, quiet } from '../../test/faults/stage.ts'
import { loadForger } from '../../workloads/inference/src/checker/testing/forger.ts'
import { signAnswer } from '../../workloads/inference/src/checker/testing/provider.ts'
import { type Measurement, measurementsOf } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { answerAt, isGuilty, never, onWorker, progress, swapped, type Tally, tally } from './answers.ts'
import { measureCanaries } from './canaries.ts'
import { chosenToken, forgedByPrefill, paperwork, slander } from './cheats.ts'
import { costs } from './costs.ts'
import { honestChecks, otherBuilds, otherWays } from './honest.ts'
import { type Claimed, type Model, openDefault, openSmall } from './weights.ts'

/** Honest answers of the small model that are checked; each cheat gets `CHEATS` of its own. */
const HONEST = Number(process.env['HEDDLE_BENCH_CHECKS'] ?? 30_000)
const CHEATS = Math.min(200, Math.max(20, Math.floor(HONEST / 100)))
/** Of the default model, which takes thirty times as long. */
const HONEST_DEFAULT = Math.ceil(HONEST / 100)
const CHEATS_DEFAULT = Math.ceil(CHEATS / 5)
/** One request in twenty is checked. */
const SAMPLED = 0.05
/** The parts of this bench, by name in `HEDDLE_BENCH_PARTS`; all of them where it says nothing. */
const PARTS = process.env['HEDDLE_BENCH_PARTS']?.split(',')
const has = (part: 'small' | 'default' | 'costs' | 'canaries'): boolean => PARTS?.includes(part) ?? true

/**
 * What checks find, and what they cost: honest answers and every cheat, with real weights. The small model is that of
 * `HEDDLE_TEST_MODELS` (a folder with one model in F32, F16, Q8_0 and Q4_0), else the tiny one of this repository;
 * beside it the default model. `HEDDLE_BENCH_CHECKS` lowers the number of honest checks.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('checks')
  const staging = startStaging()
  try {
    const directory = folder(staging.t)
    const within: number[] = []
    if (has('small')) yield* small(directory, measured, within)
    const claimed = has('default') || has('costs') ? await openDefault(directory) : undefined
    if (claimed && has('default')) yield* byDefault(claimed, measured, within)
    if (within.length > 0) {
      const peer = `the least of ${within.length} pairs that calibration calls separable`
      yield measured('caught_within_100_min', Math.min(...within), 'share', '>= 0.99', { peer })
    }
    if (claimed && has('costs')) yield* allCosts(claimed.model, directory, measured)
    if (has('canaries')) yield* measureCanaries()
  } finally {
    await staging.stop()
  }
}

type Measured = ReturnType<typeof measurementsOf>
const usual = { log: quiet, signal: never, onProgress: progress }
const ONE = [{ threads: 1, batch: 48, together: 1 }]
const weightsOf = ({ swaps }: Claimed): Model[] => swaps.map(({ model }) => model)

/** `within` gathers how likely each separable pair of weights is caught within a hundred requests. */
async function* small(directory: string, measured: Measured, within: number[]): AsyncGenerator<Measurement> {
  const { eight, half } = await openSmall(join(directory, 'weights'))
  const q4 = eight.swaps[0]!.model
  const ofEight = await calibrate({ model: eight.model, others: weightsOf(eight), ...usual })
  const ofHalf = await calibrate({ model: half.model, others: weightsOf(half), ...usual })
  keep([ofEight, ofHalf])
  const models = [eight.model, half.model]
  const checker = createChecker({ models, calibrations: [ofEight, ofHalf] })
  try {
    const { model } = eight
    const peer = model.name
    yield* honestChecks('false_positive_upper95', '<= 0.0001', measured, { model, checker, wanted: HONEST })
    const some = { model: half.model, checker, wanted: Math.ceil(HONEST / 10), from: 100_000 }
    yield* honestChecks('false_positive_upper95_f16', null, measured, some)
    yield* otherWays(measured, { model, checker, wanted: CHEATS, from: 200_000 })
    yield* otherBuilds(measured, { model, wanted: CHEATS }, {})
    yield* swaps(eight, ofEight, checker, measured, CHEATS, within)
    yield* swaps(half, ofHalf, checker, measured, CHEATS, within)
    yield* chosenTokens(model, checker, measured, CHEATS)
    yield* prefilled(model, q4, checker, measured, CHEATS)
    yield* signedCheats(model, checker, measured, Math.min(CHEATS, 50), peer)
    yield* slanders(model, checker, measured, Math.min(CHEATS, 50))
  } finally {
    await checker.stop()
  }
}

/** The default model: the same, but as often as its size allows. */
async function* byDefault(claimed: Claimed, measured: Measured, within: number[]): AsyncGenerator<Measurement> {
  const { model } = claimed
  const named: Measured = (metric, ...rest) => measured(`default_${metric}`, ...rest)
  const calibration = await calibrate({ model, others: weightsOf(claimed), conditions: ONE, ...usual })
  keep([calibration])
  const checker = createChecker({ models: [model], calibrations: [calibration] })
  try {
    const wanted = HONEST_DEFAULT
    yield* honestChecks('false_positive_upper95', null, named, { model, checker, wanted })
    yield* swaps(claimed, calibration, checker, named, CHEATS_DEFAULT, within)
    yield* chosenTokens(model, checker, named, CHEATS_DEFAULT)
    yield* prefilled(model, claimed.swaps[0]!.model, checker, named, CHEATS_DEFAULT)
    yield* signedCheats(model, checker, named, Math.ceil(CHEATS_DEFAULT / 4), model.name)
  } finally {
    await checker.stop()
  }
}

async function* allCosts(model: Model, directory: string, measured: Measured): AsyncGenerator<Measurement> {
  const { eight } = await openSmall(join(directory, 'weights'))
  const larger = await largerModel(directory)
  const rows: [string, Model, string | null][] = [
    ['check_cost_ratio', model, '<= 0.45'],
    ['check_cost_ratio_small', eight.model, null],
    ...larger.map((one): [string, Model, null] => ['check_cost_ratio_larger', one, null]),
  ]
  for (const [name, one, goal] of rows) {
    const calibration = await calibrate({ model: one, conditions: ONE, ...usual, answers: 4 })
    yield* costs(name, one, calibration, measured, goal)
  }
}

/** A larger model, where `HEDDLE_BENCH_LARGER` names its file. */
async function largerModel(directory: string): Promise<Model[]> {
  const setting = process.env['HEDDLE_BENCH_LARGER']
  return setting ? [await resolveModel({ directory, setting })] : []
}

/** Calibrations are worth keeping: they lie where `HEDDLE_BENCH_OUT` says. */
function keep(calibrations: readonly Calibration[]): void {
  const out = process.env['HEDDLE_BENCH_OUT']
  if (!out) return
  mkdirSync(out, { recursive: true })
  for (const one of calibrations) writeFileSync(join(out, `${one.model.name}.json`), writeCalibration(one))
}

function* row(name: string, { hits, trials }: Tally, measured: Measured, goal: string | null, peer: string) {
  const { low, high } = wilson(hits, trials)
  const interval = `${peer}: ${hits} of ${trials}, 95%: ${low.toFixed(3)} … ${high.toFixed(3)}`
  yield measured(`caught_${name}`, hits / trials, 'share', null, { peer: interval })
  yield measured(`caught_within_100_${name}`, caughtWithin(hits / trials, SAMPLED, 100), 'share', goal, { peer })
}

/** Other weights than those that are claimed. */
async function* swaps(
  { model, swaps: others }: Claimed,
  calibration: Calibration,
  checker: Checker,
  measured: Measured,
  trials: number,
  within: number[],
): AsyncGenerator<Measurement> {
  for (const { name, model: served } of others) {
    const other = calibration.others.find(one => one.digest === served.digest)!
    const caught = await onWorker(served, worker =>
      tally(trials, async i =>
        isGuilty(await checker.check(await swapped(worker, model, 500_000 + i, calibration.reference), never)),
      ),
    )
    const separable = isSeparable(other)
    if (separable) within.push(caughtWithin(caught.hits / caught.trials, SAMPLED, 100))
    yield* row(name, caught, measured, separable ? '>= 0.99' : null, model.name)
  }
}

/** Providers that choose one token, and write what makes it look drawn. */
async function* chosenTokens(
  model: Model,
  checker: Checker,
  measured: Measured,
  trials: number,
): AsyncGenerator<Measurement> {
  const llama = await loadForger(model.path)
  for (const late of [false, true]) {
    const caught = await onWorker(model, worker =>
      tally(trials, async i => {
        const honest = await answerAt(worker, model, 600_000 + i)
        return isGuilty(await checker.check(signAnswer(await chosenToken(llama, honest, late)), never))
      }),
    )
    yield* row(late ? 'one_chosen_token_late' : 'one_chosen_token', caught, measured, null, model.name)
  }
  await llama.model.dispose()
}

/** Providers that decode with smaller weights and forge log-probabilities with those that they claim. */
async function* prefilled(
  model: Model,
  served: Model,
  checker: Checker,
  measured: Measured,
  trials: number,
): AsyncGenerator<Measurement> {
  const claimed = createReference({ model })
  const forged = await onWorker(served, worker =>
    tally(trials, async i => {
      const cheap = await answerAt(worker, model, 700_000 + i)
      return isGuilty(await checker.check(signAnswer(await forgedByPrefill(cheap, claimed)), never))
    }),
  )
  await claimed.stop()
  yield* row('decoded_small_forged_by_prefill', forged, measured, '>= 0.99', model.name)
}

async function* signedCheats(
  model: Model,
  checker: Checker,
  measured: Measured,
  trials: number,
  peer: string,
): AsyncGenerator<Measurement> {
  const provable: Tally = { hits: 0, trials: 0 }
  const rows: { name: string; caught: Tally }[] = []
  await onWorker(model, async worker => {
    for (const { name, provable: must, make } of paperwork) {
      const caught = await tally(trials, async i => {
        const [honest, other] = [await answerAt(worker, model, 800_000 + i), await answerAt(worker, model, 900_001 + i)]
        const found = await checker.check(signAnswer(await make(worker, honest, other)), never)
        return isGuilty(found) && (!must || found.provable)
      })
      rows.push({ name, caught })
      if (!must) continue
      provable.hits += caught.hits
      provable.trials += caught.trials
    }
  })
  for (const { name, caught } of rows) yield* row(name, caught, measured, '>= 0.99', peer)
  const share = provable.hits / provable.trials
  yield measured('provable_caught', share, 'share', '>= 1', { peer: `${provable.hits} of ${provable.trials}` })
}

/** Consumers that deny what they were given. */
async function* slanders(
  model: Model,
  checker: Checker,
  measured: Measured,
  trials: number,
): AsyncGenerator<Measurement> {
  const convicted: Tally = { hits: 0, trials: 0 }
  await onWorker(model, async worker => {
    for (const { name, make } of slander) {
      const { hits } = await tally(trials, async i => {
        const [honest, other] = [await answerAt(worker, model, 850_000 + i), await answerAt(worker, model, 910_001 + i)]
        const found = await checker.check(make(signAnswer(honest), signAnswer(other)), never)
        if (isGuilty(found)) progress(`${name} convicts: ${JSON.stringify(found)}`)
        return isGuilty(found)
      })
      convicted.hits += hits
      convicted.trials += trials
    }
  })
  const peer = `${convicted.hits} of ${convicted.trials}`
  yield measured('honest_convicted_by_denial', convicted.hits / convicted.trials, 'share', '<= 0', { peer })
}
