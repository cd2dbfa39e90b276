import type { TestContext } from 'node:test'
import { type Measurement, measurementsOf } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { type Auc, type Example, tellApart } from './canaries/classifier.ts'
import { GROUPS, type Group } from './canaries/features.ts'
import { type Watched, type WatchedOptions, watchCanaries } from './canaries/stage.ts'

/** Minutes of traffic, long enough for every provider to have been asked most of what there is; and how many such. */
const MINUTES = Number(process.env['HEDDLE_BENCH_CANARY_MINUTES'] ?? 240)
const SEEDS = [1, 2]
const PER_HOUR = 300

/**
 * How well canaries are told from ordinary requests by a classifier that is shown all that a provider sees and, for one
 * half of the time, which were canaries. 0.5 is blind. Of questions that others asked (the goal), of a watcher's own
 * writing, where only half of the keys share, and of such as nobody should send: that one shows that the classifier sees.
 */
export async function* measureCanaries(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('checks')
  const row = (name: string, auc: Auc, goal: string | null = null): Measurement =>
    measured(name, auc.value, 'AUC', goal, { peer: peerOf(auc) })
  const watch = async (more: Partial<WatchedOptions> & Pick<WatchedOptions, 'content'>) =>
    (await on(t => watchCanaries(t, { minutes: MINUTES, canariesPerHour: PER_HOUR, ...more }))).providers
  const shared: (readonly Example[])[] = []
  for (const seed of SEEDS) shared.push(...(await watch({ content: 'traffic', seed })))
  yield row('canary_auc', tellApart(shared, GROUPS), '<= 0.55')
  for (const group of GROUPS) yield row(`canary_auc_${group}`, tellApart(shared, [group]))
  yield row('canary_auc_written', tellApart(await watch({ content: 'written', minutes: MINUTES / 2 }), GROUPS))
  yield row('canary_auc_half_sharing', tellApart(await watch({ content: 'traffic', sharing: 0.5 }), GROUPS))
  yield row('canary_auc_clumsy', tellApart(await watch({ content: 'clumsy', minutes: MINUTES / 4 }), GROUPS))
}

export { type Auc, type Example, GROUPS, type Group, tellApart, type Watched, type WatchedOptions, watchCanaries }

const peerOf = ({ low, high, canaries, ordinary }: Auc): string =>
  `95%: ${low.toFixed(3)} … ${high.toFixed(3)}, ${canaries} canaries, ${ordinary} ordinary`

async function on<T>(work: (t: TestContext) => Promise<T>): Promise<T> {
  const staging = startStaging()
  try {
    return await work(staging.t)
  } finally {
    await staging.stop()
  }
}
