import { spawn } from 'node:child_process'
import {
  buildsOf,
  type Calibration,
  type CheckerOptions,
  calibrate,
  createChecker,
  probeIsolation,
} from '@heddle/inference/checker'
import type { InferenceWorker, InferenceWorkerOptions } from '@heddle/inference/worker'
import { type Checker, upperRate } from '@heddle/protocol'
import { quiet } from '../../test/faults/stage.ts'
import { signAnswer } from '../../workloads/inference/src/checker/testing/provider.ts'
import type { Measurement, measurementsOf } from '../measurement.ts'
import { answerAt, isGuilty, never, onWorker, progress } from './answers.ts'
import type { Model } from './weights.ts'

type Measured = ReturnType<typeof measurementsOf>
type Counts = { wrong: number; judged: number; unclear: number }

/** Checks so many honest answers; one is written while another is checked. */
async function checkHonest(
  worker: InferenceWorker,
  { model, checker, wanted, from = 0, lanes = 2 }: Honest & { lanes?: number },
): Promise<Counts> {
  const counts = { wrong: 0, judged: 0, unclear: 0 }
  let next = from
  const lane = async (): Promise<void> => {
    while (next < from + wanted) {
      const found = await checker.check(signAnswer(await answerAt(worker, model, next++)), never)
      if (found.verdict === 'inconclusive') counts.unclear++
      else counts.judged++
      if (isGuilty(found)) {
        counts.wrong++
        progress(`an honest answer is called dishonest: ${JSON.stringify(found)}`)
      }
      if ((counts.judged + counts.unclear) % 500 === 0)
        progress(`${model.name}: ${counts.judged + counts.unclear} of ${wanted} honest answers, ${counts.wrong} wrong`)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return counts
}

type Honest = { model: Model; checker: Checker; wanted: number; from?: number }

const words = (name: string, { wrong, judged, unclear }: Counts): string =>
  `${name}: ${wrong} of ${judged}, ${unclear} inconclusive`

/** Honest answers of an engine as it usually runs: the rate of those called dishonest, at most. */
export async function* honestChecks(
  metric: string,
  goal: string | null,
  measured: Measured,
  honest: Honest,
): AsyncGenerator<Measurement> {
  const counts = await onWorker(honest.model, worker => checkHonest(worker, honest))
  const peer = words(honest.model.name, counts)
  yield measured(metric, upperRate(counts.wrong, counts.judged), 'share', goal, { peer })
}

/** Ways in which honest providers differ from the one that was calibrated first. */
const WAYS: readonly { name: string; over: Partial<InferenceWorkerOptions>; lanes?: number; loaded?: boolean }[] = [
  { name: 'two_threads', over: { threads: 2 } },
  { name: 'small_steps', over: { batch: 16 } },
  { name: 'four_at_once', over: { concurrency: 4 }, lanes: 4 },
  { name: 'under_load', over: {}, loaded: true },
]

/** Keeps both cores busy until `stop`. */
function startLoad(): { stop(): void } {
  const busy = [0, 1].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  return {
    stop() {
      for (const child of busy) child.kill('SIGKILL')
    },
  }
}

/** Honest answers of engines that run otherwise: threads, steps, company, load. */
export async function* otherWays(measured: Measured, honest: Honest): AsyncGenerator<Measurement> {
  for (const { name, over, lanes, loaded } of WAYS) {
    const load = loaded ? startLoad() : undefined
    try {
      const counts = await onWorker(
        honest.model,
        worker => checkHonest(worker, { ...honest, ...(lanes ? { lanes } : {}) }),
        over,
      )
      const peer = words(honest.model.name, counts)
      yield measured(`called_dishonest_${name}`, counts.wrong / Math.max(1, counts.judged), 'share', '<= 0', { peer })
    } finally {
      load?.stop()
    }
  }
}

/**
 * Honest answers of builds of the engine for other processors, where this machine lets one choose: how far they are from
 * the reference, and how many are called dishonest once their class is calibrated.
 */
export async function* otherBuilds(
  measured: Measured,
  { model, wanted }: Omit<Honest, 'checker'>,
  options: Omit<CheckerOptions, 'models'>,
): AsyncGenerator<Measurement> {
  const builds = await buildsOf(await probeIsolation())
  if (builds.length === 0) return progress('this machine does not let one choose a build of the engine')
  const calibration: Calibration = await calibrate({
    model,
    builds,
    conditions: [{ threads: 1, batch: 48, together: 1 }],
    answers: 60,
    log: quiet,
    signal: never,
    onProgress: progress,
  })
  for (const { engine, honest } of calibration.engines)
    yield measured(
      `honest_mean_${engine.hardware.replaceAll(' ', '_').toLowerCase()}`,
      honest.mean.maximum,
      'millinats',
      null,
      { peer: `${model.name}, furthest candidate ${honest.maximum.maximum}` },
    )
  const checker = createChecker({ ...options, models: [model], calibrations: [calibration] })
  try {
    const sum: Counts = { wrong: 0, judged: 0, unclear: 0 }
    for (const { name, isolation } of builds) {
      const counts = await onWorker(
        model,
        worker => checkHonest(worker, { model, checker, wanted: Math.ceil(wanted / builds.length) }),
        { isolation },
      ).catch(() => undefined)
      if (!counts) {
        progress(`the build for ${name} does not run here`)
        continue
      }
      for (const key of ['wrong', 'judged', 'unclear'] as const) sum[key] += counts[key]
    }
    const peer = words(`${model.name}, ${builds.length} builds`, sum)
    yield measured('called_dishonest_other_builds', sum.wrong / Math.max(1, sum.judged), 'share', null, { peer })
  } finally {
    await checker.stop()
  }
}
