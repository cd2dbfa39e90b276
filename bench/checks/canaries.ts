import type { TestContext } from 'node:test'
import { type Measurement, measurementsOf } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { type Auc, type Example, tellApart } from './canaries/classifier.ts'
import { GROUPS, type Group } from './canaries/features.ts'
import { type Watched, type WatchedOptions, watchCanaries } from './canaries/stage.ts'

/** Minutes of traffic for the row with the goal; the others take a half of it. */
const MINUTES = Number(process.env['HEDDLE_BENCH_CANARY_MINUTES'] ?? 240)
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
  const shared = await on(t => watchCanaries(t, { content: 'traffic', minutes: MINUTES, canariesPerHour: PER_HOUR }))
  yield row('canary_auc', tellApart(shared.providers, GROUPS), '<= 0.55')
  for (const group of GROUPS) yield row(`canary_auc_${group}`, tellApart(shared.providers, [group]))
  const others: [name: string, more: Pick<WatchedOptions, 'content' | 'sharing'>][] = [
    ['written', { content: 'written' }],
    ['half_sharing', { content: 'traffic', sharing: 0.5 }],
    ['clumsy', { content: 'clumsy' }],
  ]
  for (const [name, more] of others) {
    const { providers } = await on(t => watchCanaries(t, { minutes: MINUTES / 2, canariesPerHour: PER_HOUR, ...more }))
    yield row(`canary_auc_${name}`, tellApart(providers, GROUPS))
  }
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
