import { type Asking, askRun } from './asking.ts'
import { planCanary, shapeOf } from './canary.ts'
import type { Seen } from './gateway.ts'
import { type Asked, chanceOf, planRun, type Run } from './runs.ts'
import type { Random } from './sample.ts'
import type { CanaryContent } from './settings.ts'

/** Milliseconds after which it is looked again whether there is anything to ask. */
const NOTHING_TO_ASK = 10_000
/** A plan is not older than this when it is carried out: the traffic may be another by then. */
const LONGEST_PLAN = 3_600_000
/** Requests whose shapes are copied. */
const SHAPES = 500
/** Questions that are remembered as asked. */
const MOST_ASKED = 10_000
/** Milliseconds between two looks at what was asked since, and from such a question to a canary, in the mean. */
const LOOK = 1_000
const MEAN_WAIT = 300_000
const HOUR = 3_600_000

export type Sending = Asking & { perHour: number; seen: () => readonly Seen[]; random: Random }

/** Asks ordinary questions until it is told to stop. What comes back is checked like all traffic of their key. */
export const sendCanaries = (content: CanaryContent, sending: Sending): Promise<void> =>
  content === 'traffic' ? askAgain(sending) : askWritten(sending)

async function askWritten(sending: Sending): Promise<void> {
  const { gateway, perHour, seen, random, pause, metrics, signal } = sending
  while (!signal.aborted) {
    try {
      const served = await gateway.served(signal).catch(() => [])
      const shapes = seen().flatMap(one => shapeOf(one) ?? [])
      const canary = planCanary(shapes.slice(-SHAPES), { perHour, served }, random)
      await pause(Math.min(canary?.wait ?? NOTHING_TO_ASK, LONGEST_PLAN), signal)
      if (!canary) continue
      if (canary.wait > LONGEST_PLAN && random() < 1 - LONGEST_PLAN / canary.wait) continue
      await gateway.ask(canary.path, canary.body, signal)
      metrics.add('canaries_sent_total')
    } catch (error) {
      await failed(sending, error)
    }
  }
}

/**
 * Follows the traffic: what a provider was asked is, now and then, followed by a run of the same group. So canaries come
 * when such questions come, and are silent at night. Where there is nothing to ask again nothing is asked: a canary that is
 * known for one finds nothing, and makes whoever knows it look honest.
 */
async function askAgain(sending: Sending): Promise<void> {
  const { gateway, perHour, seen, random, pause, clock, signal } = sending
  const running = new Set<Promise<void>>()
  let asked: readonly Asked[] = []
  let last = seen().at(-1)
  const begin = (run: Run | undefined): void => {
    if (!run) return
    const { provider } = run
    const now = run.questions.map(({ id, again }): Asked => ({ id, asks: again!.asks, provider }))
    asked = [...asked, ...now].slice(-MOST_ASKED)
    const asking = pause(-MEAN_WAIT * Math.log(1 - random()), signal)
      .then(() => askRun(sending, run))
      .catch(error => failed(sending, error))
    running.add(asking)
    void asking.then(() => running.delete(asking))
  }
  while (!signal.aborted) {
    try {
      await pause(LOOK, signal)
      const traffic = seen()
      const fresh = traffic.slice(last ? traffic.lastIndexOf(last) + 1 : 0)
      last = traffic.at(-1)
      const served = await gateway.served(signal)
      const providers = [...new Set(served.map(({ provider }) => provider))]
      for (const provider of providers) {
        const each = { provider, perHour: perHour / providers.length, now: clock.now() }
        const chance = chanceOf(traffic, each)
        const plan = { provider, served }
        for (const like of fresh)
          if (like.provider === provider && like.again && random() < chance)
            begin(planRun(traffic, { ...plan, like, asked }, random))
        if (chance === 0 && random() < (each.perHour * LOOK) / HOUR) begin(planRun(traffic, { ...plan, asked }, random))
      }
    } catch (error) {
      await failed(sending, error)
    }
  }
  await Promise.all(running)
}

async function failed({ metrics, log, pause, signal }: Sending, error: unknown): Promise<void> {
  if (signal.aborted) return
  metrics.add('canaries_failed_total')
  log.warn('canary not answered', { error: (error as Error).message })
  await pause(1_000, signal).catch(() => undefined)
}
