import type { TestContext } from 'node:test'
import { setTimeout as timeout } from 'node:timers/promises'
import { keyId } from '@heddle/gateway'
import { FEATURES, type GenerationSpec, textBytes } from '@heddle/inference/workload'
import type { Hex, Job } from '@heddle/protocol'
import type { CanaryContent } from '@heddle/watcher/settings'
import { deliveredBytes, Wire, type WirePost } from '../../../test/chaos/wire.ts'
import { authorizerOf, startGatewayStage } from '../../../test/faults/gateway-stage.ts'
import type { Script } from '../../../test/faults/scripted-worker.ts'
import { type Stage, startStage } from '../../../test/faults/stage.ts'
import { startWatcherStage } from '../../../test/watcher/stage.ts'
import type { Example } from './classifier.ts'
import { featuresOf, type Sight } from './features.ts'
import { habits } from './habits.ts'
import { askAll, askClumsily, askersOf } from './traffic.ts'
import { noun, randomFrom, thing } from './words.ts'

export type WatchedOptions = {
  content: CanaryContent | 'clumsy'
  /** Minutes of traffic, about sixteen requests each for every round of keys. */
  minutes: number
  canariesPerHour: number
  /** How many keys every habit has, and which share of keys lets its questions be asked again. */
  rounds?: number
  sharing?: number
  seed?: number
  /** How many times faster than the clock of the machine all clocks here go. */
  haste?: number
}

export type Watched = {
  /** All that each provider saw, but for the beginning, in which everything is new to everybody. */
  providers: readonly (readonly Example[])[]
  failed: number
}

/** An engine that says other words every time, and reads four characters a token. */
const script: Script = {
  tokens: 24,
  serves: { features: FEATURES.filter(feature => feature !== 'evidence' && feature !== 'embedding') },
  reads: spec => BigInt(Math.ceil(textBytes(spec) / 4) + 12),
  word: (job: Job<GenerationSpec>, token) => {
    const random = randomFrom(Number.parseInt(job.seed.slice(2, 10), 16) + token * 7_919)
    return `${random() < 0.3 ? thing(random) : noun(random)} `
  },
}

/** Who stands between a provider of the stage and its gateway. */
const sidesOf = ({ url, keys, payer }: Stage) => ({ url, receipt: keys.receipt, domain: payer.domain, authorizerOf })

/** The share of the time after which what is seen counts. */
const WARM = 0.4

/**
 * Ordinary traffic through a real gateway to two real providers, a watcher that sends canaries among it, and all that each
 * of the providers saw of both. All clocks go faster together; every wait is the plan's.
 */
export async function watchCanaries(t: TestContext, options: WatchedOptions): Promise<Watched> {
  const { content, minutes, canariesPerHour, rounds = 2, sharing = 1, seed = 1, haste = 40 } = options
  const random = randomFrom(seed)
  const until = minutes * 60_000
  const [began, zero] = [Date.now(), performance.now()]
  const clock = { now: () => Math.floor(began + (performance.now() - zero) * haste) }
  const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    timeout(milliseconds / haste, undefined, signal ? { signal } : {})

  const money = { prices: { prompt: 1n, cached: 1n, completion: 10n }, exposure: 1_000_000n, minDeposit: 1n }
  const limits = { maxCompletion: 1_000, concurrency: 64 }
  const first = await startStage(t, { script, clock, limits, ...money })
  const second = await startStage(t, { script, clock, limits, ...money, devnet: first.devnet })
  const stages = [first, second]

  const sights = new Map<string, Map<Hex, Sight>>(stages.map(({ url }) => [url, new Map()]))
  const wire = new Wire((post: WirePost) => {
    const { endpoint, seen } = post
    const list = sights.get(endpoint)!
    // A job that is posted again under a higher voucher is one job.
    if (list.has(seen.id)) return
    const answer = (): string => Buffer.from(deliveredBytes(wire.jobs.get(seen.id)!)).toString()
    const open = [...list.keys()].filter(id => wire.jobs.get(id)?.open).length
    list.set(seen.id, { at: clock.now(), post, running: open, answer })
  })
  t.after(() => wire.close())
  const tapped = await Promise.all(stages.map(async stage => ({ ...stage, url: await wire.tap(sidesOf(stage)) })))
  const gateway = await startGatewayStage(t, tapped, {
    clock,
    funds: 10n ** 12n,
    deposit: 10n ** 10n,
  })

  const cap = (10n ** 12n).toString()
  const keys: string[] = []
  for (let i = 0; i < rounds * habits.length; i++) {
    const shareable = random() < sharing ? { shareable: true } : {}
    keys.push((await gateway.key({ name: `key ${i}`, cap, ...shareable })).authorization)
  }
  const { authorization } = await gateway.key({ name: 'somebody', cap })
  const posting = { url: gateway.url, model: 'scripted', clock, pause }
  const asking = askAll(posting, askersOf(keys, until, random))
  if (content === 'clumsy') {
    const providers = stages.map(({ provider }) => provider.address)
    await askClumsily(posting, { authorization, providers, every: 3_600_000 / canariesPerHour, until, random })
  } else {
    const apiKey = authorization.slice('Bearer '.length)
    const canaries = { perHour: canariesPerHour, apiKey, content }
    const watcher = await startWatcherStage(t, gateway, { share: 0, canaries, clock, pause, random })
    await asking
    await watcher.stop()
  }
  const { failed } = await asking
  const own = keyId(authorization.slice('Bearer '.length))
  const receipts = await gateway.ledger.read('receipts')
  const labels = new Map<string, boolean>(receipts.map(one => [one.id, one.apiKey === own]))
  const providers = [...sights.values()].map(list => {
    const seen = [...list.values()].sort((a, b) => a.at - b.at)
    const features = featuresOf(seen)
    return seen.flatMap(({ at, post }, i): Example[] => {
      const isCanary = labels.get(post.seen.id)
      if (isCanary === undefined || at < began + WARM * until) return []
      return [{ features: features[i]!, isCanary }]
    })
  })
  return { providers, failed }
}
