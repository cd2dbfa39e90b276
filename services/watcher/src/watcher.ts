import { hash, randomInt, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as timeout } from 'node:timers/promises'
import { closeServer, createEdge, errorsEndpoint, healthEndpoints, listen, Metrics } from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import { type Checker, type Clock, isHeddleError, type Log, machineClock, type Prover, ticksOf } from '@heddle/protocol'
import type { Pause } from './asking.ts'
import { sendCanaries } from './canaries.ts'
import { ChannelWatch } from './channels.ts'
import { checkSample } from './checking.ts'
import { type Seen, WatchedGateway } from './gateway.ts'
import { endpoints } from './http/endpoints.ts'
import { ProofFiles } from './proofs.ts'
import { Records } from './records.ts'
import { choose, type Random } from './sample.ts'
import type { CanaryContent } from './settings.ts'

export type WatcherOptions = {
  /** The folder of this watcher alone: fraud proofs are written into it. */
  home: string
  port: number
  /** The gateway whose receipts are checked, and its admin token. */
  gateway: string
  adminToken: string
  ledger: Ledger
  checkers: readonly [Checker, ...Checker[]]
  /** Who knows what convicts. */
  prover: Prover
  /** The share of the traffic that is checked, 0 … 1. */
  share: number
  /** Questions of its own, asked with an ordinary key of the gateway. */
  canaries?: { perHour: number; apiKey: string; content?: CanaryContent }
  /** What is chosen is checked at any time within so many milliseconds: at once, or in an hour where canaries ask again. */
  within?: number
  /** Milliseconds between two looks, and before the first time that a silent provider is asked again. */
  poll?: number
  patience?: number
  clock?: Clock
  /** Waits before a canary; by the clock of the machine when left out. */
  pause?: Pause
  random?: Random
  log: Log
}

export type Watcher = { port: number; stop(): Promise<void> }

/** Requests that are remembered as what traffic is like. */
const REMEMBERED = 5_000
/** How many receipts a gateway lists at once. */
const PAGE = 200
const ANNOUNCE = 30_000
/** Turns between two looks at whole channels. */
const CHANNELS_EVERY = 10
const HOUR = 3_600_000

/** A number from 0 to just below 1 that nobody foresees: what is checked must not be guessed. */
const unforeseen: Random = () => randomInt(2 ** 47) / 2 ** 47

/** Starts a watcher: it checks a share of what a gateway paid for, after it was signed, and keeps what it finds. */
export async function startWatcher(options: WatcherOptions): Promise<Watcher> {
  const { ledger, share, canaries, log, clock = machineClock, random = unforeseen } = options
  const { poll = 1_000, patience = 1_000, pause = wait } = options
  const { within = canaries?.content === 'traffic' ? HOUR : 0 } = options
  const apiKey = canaries && { apiKey: canaries.apiKey }
  const gateway = new WatchedGateway({ url: options.gateway, adminToken: options.adminToken, ...apiKey })
  const canaryKey = canaries && hash('sha256', canaries.apiKey, 'hex')
  const records = await Records.open(ledger)
  const files = new ProofFiles(join(options.home, 'proofs'))
  // What was found before a crash is acted on now.
  for (const check of await records.dishonest()) files.write(check)
  const metrics = new Metrics()
  const { checkers, prover } = options
  const checking = { gateway, checkers, prover, records, files, metrics, clock, patience, log }
  const channels = new ChannelWatch(checking)
  const ended = new AbortController()
  const { signal } = ended
  let turns = 0
  let up = false
  let traffic: readonly Seen[] = []
  let announced = Number.NEGATIVE_INFINITY
  const looked = Promise.withResolvers<void>()

  const remember = (seen: readonly Seen[]): void => {
    const own = seen.filter(one => canaryKey === undefined || one.apiKey !== canaryKey)
    traffic = [...traffic, ...own].slice(-REMEMBERED)
  }
  /** Chooses among the receipts that came since the last look. Gives whether there may be more. */
  const look = async (): Promise<boolean> => {
    const { receipts, next } = await gateway.receipts(records.cursor, signal)
    if (receipts.length === 0) return false
    await records.choose(choose(receipts, { share, canaryKey, random, now: clock.now(), within }), next)
    remember(receipts)
    return true
  }
  const announce = async (): Promise<void> => {
    if (ticksOf(clock) - announced < ANNOUNCE) return
    await gateway.announce(`http://127.0.0.1:${port}`, signal)
    announced = ticksOf(clock)
  }
  const turn = async (): Promise<void> => {
    try {
      await announce()
      while (await look());
      up = true
      looked.resolve()
      if (turns++ % CHANNELS_EVERY === 0) await channels.look(signal)
      // Who lets one question time out would keep the others waiting with all the rest: each provider once a turn.
      const silent = new Set<string>()
      for (const sample of records.due(clock.now())) {
        if (silent.has(sample.provider)) continue
        if ((await checkSample(checking, sample, signal)) === 'silent') silent.add(sample.provider)
      }
    } catch (error) {
      if (signal.aborted) return
      if (up || !isHeddleError(error, 'not_running')) log.warn('turn not ended', { error: (error as Error).message })
      up = false
      announced = Number.NEGATIVE_INFINITY
    }
  }

  const owner = (authorization = ''): boolean => {
    const [given, wanted] = [authorization, `Bearer ${options.adminToken}`].map(one => hash('sha256', one, 'buffer'))
    return timingSafeEqual(given!, wanted!)
  }
  const server = createEdge({
    log,
    endpoints: [
      ...healthEndpoints(),
      errorsEndpoint(),
      ...endpoints({
        records,
        metrics,
        share,
        gateway: options.gateway,
        up: () => up,
        ledger: () => ledger.counters(),
        isOwner: call => owner(call.request.headers.authorization),
      }),
    ],
  })
  const port = await listen(server, options.port)
  // The traffic of before says what it is like.
  for (let at = Math.max(0, records.cursor - REMEMBERED); at < records.cursor; at += PAGE) {
    const page = await gateway.receipts(at, signal).catch(() => undefined)
    if (!page) break
    remember(page.receipts.slice(0, records.cursor - at))
  }
  const watching = (async () => {
    while (!signal.aborted) {
      await turn()
      await wait(poll, signal).catch(() => undefined)
    }
  })()
  const asking = canaries
    ? // Not before the traffic was seen that they are to be like.
      Promise.race([looked.promise, untilAborted(signal)]).then(() =>
        sendCanaries(canaries.content ?? 'written', {
          gateway,
          perHour: canaries.perHour,
          seen: () => traffic,
          random,
          clock,
          pause,
          metrics,
          log,
          signal,
        }),
      )
    : Promise.resolve()
  log.info('watcher listens', { port, gateway: options.gateway, share })
  return {
    port,
    async stop() {
      ended.abort()
      await Promise.all([closeServer(server), watching, asking])
      await Promise.all(checkers.map(checker => checker.stop()))
      await ledger.close()
    },
  }
}

const wait: Pause = (milliseconds, signal) => timeout(milliseconds, undefined, { signal })

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
