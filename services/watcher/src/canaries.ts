import { setTimeout as pause } from 'node:timers/promises'
import type { Metrics } from '@heddle/daemon'
import type { Log } from '@heddle/protocol'
import { planCanary, type Shape } from './canary.ts'
import type { WatchedGateway } from './gateway.ts'
import type { Random } from './sample.ts'

/** Milliseconds after which it is looked again whether there is anything to ask. */
const NOTHING_TO_ASK = 10_000
/** A plan is not older than this when it is carried out: the traffic may be another by then. */
const LONGEST_PLAN = 3_600_000

/** Asks ordinary questions until it is told to stop. What comes back is checked like all traffic of their key. */
export async function sendCanaries(options: {
  gateway: WatchedGateway
  perHour: number
  seen: () => readonly Shape[]
  random: Random
  metrics: Metrics
  log: Log
  signal: AbortSignal
}): Promise<void> {
  const { gateway, perHour, seen, random, metrics, log, signal } = options
  while (!signal.aborted) {
    try {
      const served = await gateway.served(signal).catch(() => [])
      const canary = planCanary(seen(), { perHour, served }, random)
      await pause(Math.min(canary?.wait ?? NOTHING_TO_ASK, LONGEST_PLAN), undefined, { signal })
      if (!canary) continue
      if (canary.wait > LONGEST_PLAN && random() < 1 - LONGEST_PLAN / canary.wait) continue
      await gateway.ask(canary.path, canary.body, signal)
      metrics.add('canaries_sent_total')
    } catch (error) {
      if (signal.aborted) return
      metrics.add('canaries_failed_total')
      log.warn('canary not answered', { error: (error as Error).message })
      await pause(1_000, undefined, { signal }).catch(() => undefined)
    }
  }
}
