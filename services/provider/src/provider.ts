import {
  type ChainClient,
  checkChain,
  isDevnet,
  Outbox,
  readReceiver,
  readTokenDomain,
  type Step,
  startFollowing,
} from '@heddle/chain'
import {
  closeServer,
  createEdge,
  errorsEndpoint,
  healthEndpoints,
  LOOPBACK,
  listen,
  Metrics,
  sendJson,
  USUAL_EDGE_LIMITS,
  urlAt,
} from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import { Claimer, Followed, keptInLedger, Receiver, rememberChain } from '@heddle/payments'
import {
  type Address,
  type Clock,
  type Domain,
  given,
  HeddleError,
  type Log,
  machineClock,
  SETTLEMENT_ADDRESS,
  signerOf,
  type TokenDomain,
} from '@heddle/protocol'
import { doors } from '@heddle/workloads/doors'
import { startCounting } from './calls/count.ts'
import { offersFor } from './calls/offers.ts'
import { statusEndpoints } from './http/status.ts'
import { forgetEvidence } from './job/evidence.ts'
import { Settler } from './job/receipt.ts'
import { settleMarked } from './job/resume.ts'
import { Seen } from './job/seen.ts'
import { openLinks } from './link/links.ts'
import { scheduleClaims } from './money/claims.ts'
import { Offers, ownTerms, type Terms } from './offers.ts'
import type { Parts, Trade } from './parts.ts'
import { Places } from './places.ts'
import type { ProviderTuning } from './settings.ts'
import { sellAt } from './x402/door.ts'
import { lookAfterTransfers, openShop } from './x402/shop.ts'

export type ProviderKeys = Record<'receiver' | 'receiverAuthorizer' | 'receipt' | 'gas', Uint8Array>

export type ProviderOptions = {
  name: string
  port: number
  client: ChainClient
  asset: Address
  ledger: Ledger
  keys: ProviderKeys
  trades: readonly Trade[]
  prices: Readonly<Record<string, bigint>>
  limits: Readonly<Record<string, number>>
  exposure: bigint
  minDeposit: bigint
  withdrawDelay: number
  claim: { threshold: bigint; tick: number; sweep: number }
  /** Bearer of this may have the provider claim. */
  adminToken: string
  clock?: Clock
  log: Log
} & ProviderTuning

export type Provider = { port: number; address: Address; stop(): Promise<void> }

/** How far the chain's clock may be ahead of this machine's, in seconds. */
const MAX_SKEW = 120
/** Milliseconds that a job waits for a place at most: a job's signature is good for ten minutes. */
const QUEUE_WAIT = 540_000
/** Milliseconds between looks for evidence that need not be kept any more. */
const FORGET_EVERY = 3_600_000

/** Starts a provider: resumes what a crash left, follows the chain, serves jobs, claims what it earned. */
export async function startProvider(options: ProviderOptions): Promise<Provider> {
  const { client, ledger, keys, log, clock = machineClock, reach = LOOPBACK } = options
  const signer = signerOf(keys.receipt)
  const authorizer = signerOf(keys.receiverAuthorizer)
  const receiverAddress = signerOf(keys.receiver).address
  const domain: Domain = { chainId: client.chainId, settlement: SETTLEMENT_ADDRESS }
  await rememberChain(ledger, client.chainId, options.asset)

  const followed = await Followed.open(ledger, receiverAddress)
  const receiver = new Receiver({ ledger, followed, ...given({ named: options.namedChannels }) })
  const outbox = new Outbox({ store: keptInLedger(ledger), client, secret: keys.gas, log })
  const claimer = new Claimer({ receiver, outbox, client, domain, authorizer, log, threshold: options.claim.threshold })
  const metrics = new Metrics()
  let endpoint = urlAt(reach, options.port)
  const channels = {
    ...domain,
    asset: options.asset,
    receiver: receiverAddress,
    receiverAuthorizer: authorizer.address,
    withdrawDelay: options.withdrawDelay,
  }
  const terms = (): Terms => ({
    ...channels,
    minDeposit: options.minDeposit,
    exposure: options.exposure,
    prices: options.prices,
    limits: options.limits,
    endpoint,
  })
  const offers = new Offers({
    signer,
    clock,
    serving: () =>
      options.trades.flatMap(({ workload, worker }) =>
        worker.serves().flatMap(served => {
          const one = { workload: workload.kind, served }
          const sold = options.sell === false ? [] : [{ ...one, terms: terms() }]
          return options.own ? [{ ...one, terms: ownTerms(terms()), own: true }, ...sold] : sold
        }),
      ),
  })
  const parts: Parts = {
    ledger,
    receiver,
    settler: new Settler({
      receiver,
      signer,
      clock,
      seen: (channel, charged) => followed.lastWithin(channel, charged),
    }),
    seen: await Seen.open(ledger),
    offers,
    terms: { ...channels, minDeposit: options.minDeposit.toString() },
    trades: new Map(options.trades.map(trade => [trade.workload.kind, trade])),
    clock,
    log,
    running: new Places({
      ...given({ reserve: options.own?.reserve, queue: options.queue, queueBytes: options.queueBytes }),
    }),
    stops: new Map(),
    queueWait: Math.min(options.queueWait ?? QUEUE_WAIT, QUEUE_WAIT),
    ...given({ own: options.own }),
    checkSale() {
      if (skewed) throw new HeddleError('clock_skewed', "the chain's clock is ahead of this machine's")
    },
    patience: options.patience ?? 5_000,
  }
  const resumed = await settleMarked(parts)
  if (resumed > 0) log.info('marked jobs settled', { jobs: resumed })

  const claims = scheduleClaims({ claimer, log, ...options.claim })
  let skewed = false
  const onStep = async (step: Step): Promise<void> => {
    if (step.reorganised) await outbox.recover({ reorganised: true })
    if (step.events.some(event => event.name === 'WithdrawInitiated')) claims.urgent()
  }
  void outbox.recover({ reorganised: false }).catch(error => log.warn('not recovered yet', { error: String(error) }))
  const { look, ...following } = startFollowing({
    client,
    chain: followed,
    log,
    ...given({ interval: options.chainLook }),
    onStep,
    onHealth: up => {
      if (up) void outbox.recover({ reorganised: false }).catch(() => undefined)
    },
  })
  const forget = (): void =>
    void forgetEvidence(ledger, clock.now()).catch(error => log.warn('evidence not cleared', { error: String(error) }))
  forget()
  const forgetting = setInterval(forget, FORGET_EVERY)
  const checkClock = setInterval(() => {
    client.getBlock().then(
      block => {
        skewed = Number(block.timestamp) > clock.now() / 1000 + MAX_SKEW
      },
      () => undefined,
    )
  }, 5_000)

  let tokenDomain: Promise<TokenDomain> | undefined
  const desk = {
    client,
    receiver,
    followed,
    outbox,
    look,
    tokenDomain: () => {
      tokenDomain ??= readTokenDomain(client, options.asset).catch(error => {
        tokenDomain = undefined
        throw error
      })
      return tokenDomain
    },
  }
  const shop = openShop({
    parts,
    desk,
    client,
    signer,
    outbox,
    gas: signerOf(keys.gas).address,
    endpoint: () => endpoint,
  })
  const transfers = lookAfterTransfers(shop)
  const limits = { ...USUAL_EDGE_LIMITS, ...options.edge }
  const count = startCounting(parts, {
    ...given({ rate: options.counts, atOnce: options.countsAtOnce }),
  })
  const links = openLinks({
    identity: { signer, domain },
    gateways: options.dial ?? [],
    settings: options.link ?? {},
    parts,
    desk,
    count,
    log,
    limits,
    unread: limits.unread,
    posted: () => metrics.add('jobs_total'),
  })
  const server = createEdge({
    log,
    reach,
    limits,
    upgrade: links.upgrade,
    endpoints: [
      ...healthEndpoints(),
      errorsEndpoint(),
      {
        method: 'GET',
        path: '/heddle/1/offers',
        handle({ query, response }) {
          sendJson(response, 200, offersFor(parts, query.get('payer')))
        },
      },
      ...sellAt(doors, shop, options.ping),
      ...statusEndpoints({
        name: options.name,
        address: signer.address,
        receiver,
        receiverAddress,
        chain: () => ({
          id: client.chainId,
          up: following.isUp(),
          devnet: isDevnet(client.chainId),
          clock: skewed ? 'skewed' : 'good',
        }),
        sells: options.sell !== false,
        parts,
        metrics,
      }),
      {
        method: 'POST',
        path: '/heddle/1/admin/claim',
        async handle(call) {
          if (call.request.headers.authorization !== `Bearer ${options.adminToken}`) throw new HeddleError('forbidden')
          await checkChain(client)
          await look()
          const result = await claimer.claim({ all: true })
          await look()
          const swept = await readReceiver(client, receiverAddress, options.asset)
          sendJson(call.response, 200, { ...result, settled: swept.settled })
        },
      },
    ],
  })
  const port = await listen(server, options.port, reach)
  endpoint = urlAt(reach, port)
  offers.refresh()
  links.dial()
  log.info('provider listens', { endpoint, address: signer.address })

  return {
    port,
    address: signer.address,
    async stop() {
      const seen = following.stop()
      claims.stop()
      transfers.stop()
      clearInterval(checkClock)
      clearInterval(forgetting)
      links.close()
      await closeServer(server)
      await seen
      await Promise.all(options.trades.map(trade => trade.worker.stop()))
      await ledger.close()
    },
  }
}
