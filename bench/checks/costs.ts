import { type Calibration, createChecker } from '@heddle/inference/checker'
import { forge, loadForger } from '../../workloads/inference/src/checker/testing/forger.ts'
import { forgedAnswer, signAnswer } from '../../workloads/inference/src/checker/testing/provider.ts'
import { type Measurement, type measurementsOf, median } from '../measurement.ts'
import { answerAt, never, onWorker } from './answers.ts'
import type { Model } from './weights.ts'

const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 20)

/**
 * Processor time of checks against that of the answers they check, in alternating pairs: the whole of so many checks by
 * the whole of so many answers, for a check does not always look as far. How far is drawn as a checker draws it, but in
 * its shares exactly: three of five look at the whole.
 */
export async function* costs(
  name: string,
  model: Model,
  calibration: Calibration,
  measured: ReturnType<typeof measurementsOf>,
  goal: string | null,
): AsyncGenerator<Measurement> {
  const { whole } = calibration.looking
  let round = 0
  const looksAtAll = (): boolean => Math.floor((round + 1) * whole) > Math.floor(round * whole)
  const checker = createChecker({
    models: [model],
    calibrations: [calibration],
    random: below => (looksAtAll() ? 0 : below - 1),
  })
  const maker = await loadForger(model.path)
  const sum = { check: 0, answer: 0 }
  const [alls, parts]: [number[], number[]] = [[], []]
  try {
    await onWorker(model, async worker => {
      // The first pair makes what is made only once.
      for (let i = -1; i < ROUNDS; i++) {
        round = Math.max(0, i)
        const honest = await answerAt(worker, model, 950_000 + i)
        const before = process.cpuUsage()
        const written = await forge(maker, honest.job, honest.receipt.seed)
        const { user, system } = process.cpuUsage(before)
        const { cost } = await checker.check(signAnswer(forgedAnswer(honest, written)), never)
        if (i < 0) continue
        const answer = (user + system) / 1_000
        sum.check += cost.milliseconds
        sum.answer += answer
        const into = looksAtAll() ? alls : parts
        into.push(cost.milliseconds / answer)
      }
    })
  } finally {
    await checker.stop()
    await maker.model.dispose()
  }
  const peer = `${model.name}, ${ROUNDS} pairs`
  yield measured(name, sum.check / sum.answer, 'ratio', goal, { peer })
  yield measured(`${name}_of_the_whole`, median(alls), 'ratio', null, { peer })
  yield measured(`${name}_of_a_part`, median(parts), 'ratio', null, { peer })
}
