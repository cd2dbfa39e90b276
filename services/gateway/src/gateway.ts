import type { ChainClient } from '@heddle/chain'
import {
  closeServer,
  createEdge,
  type Endpoint,
  errorsEndpoint,
  healthEndpoints,
  LOOPBACK,
  listen,
  Metrics,
  mountDoor,
  sendJson,
  USUAL_EDGE_LIMITS,
  USUAL_PING,
} from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import {
  type Address,
  type Clock,
  given,
  HeddleError,
  type Log,
  machineClock,
  parseAmount,
  SETTLEMENT_ADDRESS,
  signerOf,
} from '@heddle/protocol'
import { type Consuming, type Known, startConsuming } from '@heddle/sdk'
import { doors } from '@heddle/workloads/doors'
import { prover } from '@heddle/workloads/proofs'
import { workloads } from '@heddle/workloads/workloads'
import { Access } from './access.ts'
import { Askers } from './askers.ts'
import { houseOf, Tags } from './house.ts'
import { againEndpoint } from './http/again.ts'
import { channelEndpoints } from './http/channels.ts'
import { consoleEndpoints, linkEndpoint } from './http/console.ts'
import { evidenceEndpoint } from './http/evidence.ts'
import { feedEndpoint } from './http/feed.ts'
import { keyEndpoints } from './http/keys.ts'
import { receiptEndpoints } from './http/receipts.ts'
import { channelsNow, statusEndpoints } from './http/status.ts'
import { usageEndpoint } from './http/usage.ts'
import { watcherEndpoint } from './http/watcher.ts'
import { Keys } from './keys.ts'
import { openLinks } from './links.ts'
import { Rates } from './rates.ts'
import type { GatewayTuning } from './settings.ts'

export type GatewayKeys = Record<'payer' | 'payerAuthorizer' | 'gas', Uint8Array>

export type GatewayOptions = {
  port: number
  client: ChainClient
  asset: Address
  ledger: Ledger
  keys: GatewayKeys
  providers: readonly Known[]
  /** The first API key and its cap in base units. */
  apiKey: { key: string; cap: bigint }
  /** What a channel is opened and topped up with, in base units. */
  deposit: bigint
  adminToken: string
  clock?: Clock
  log: Log
} & GatewayTuning

export type Gateway = { port: number; stop(): Promise<void> }

/** Milliseconds between two looks at the rates that a watcher found. */
const REFRESH = 5_000

/** Starts a gateway: answers people with an API key, and pays providers for it. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { client, ledger, log, clock = machineClock, reach = LOOPBACK } = options
  const payerKey = signerOf(options.keys.payer)
  const authorizer = signerOf(options.keys.payerAuthorizer)
  const domain = { chainId: client.chainId, settlement: SETTLEMENT_ADDRESS }
  const askers = new Askers(options.keys.payerAuthorizer)
  const keys = new Keys({ ledger, domain, authorizer, askers, clock })
  await keys.ensure(options.apiKey.key, { name: 'first', cap: options.apiKey.cap })
  const access = new Access({ keys, adminToken: options.adminToken, clock })
  const rates = new Rates({ ...given({ url: options.watcher }), clock, log })
  const rating = rates.refresh()
  const links = openLinks({
    identity: { signer: authorizer, domain },
    knows: peer => options.providers.some(({ endpoint, pinned }) => endpoint === undefined && pinned === peer),
    arrived: peer => consuming.arrived(peer),
    ...given({ answers: options.consuming?.answers, link: options.link }),
    log,
  })
  const consuming: Consuming = await startConsuming({
    ...options.consuming,
    client,
    asset: options.asset,
    ledger,
    payer: payerKey,
    authorizer,
    gas: options.keys.gas,
    accounts: {
      askerOf: job => keys.askerOf(job),
      spending: (apiKey, charge) => keys.spendLater(apiKey, charge),
      hold: (apiKey, amount) => keys.holdAgain(apiKey, amount),
    },
    providers: options.providers,
    clientOf: links.clientOf,
    honesty: ({ provider, serves }) => rates.of(provider, serves.digest)?.low,
    workloads,
    deposit: options.deposit,
    channelsAhead: true,
    clock,
    log,
  })
  await rating
  const { payer, followed, book, consumer, look } = consuming
  const refreshing = setInterval(() => void rates.refresh(), REFRESH)

  const tags = new Tags()
  const metrics = new Metrics()
  const behind = { book, consumer, workloads, tags, metrics }
  const own = (): ReadonlySet<string> =>
    new Set(book.standings().flatMap(standing => (standing.own && standing.pinned ? [standing.pinned] : [])))
  const channels = () => channelsNow({ ledger, followed })
  const admin = (endpoint: Endpoint): Endpoint => ({
    ...endpoint,
    handle(call) {
      access.requireAdmin(call.request)
      return endpoint.handle(call)
    },
  })

  const server = createEdge({
    log,
    reach,
    upgrade: links.upgrade,
    limits: { ...USUAL_EDGE_LIMITS, ...options.edge },
    endpoints: [
      ...healthEndpoints(),
      errorsEndpoint(),
      ...doors.flatMap(door =>
        mountDoor(door, async ({ request }) => houseOf(behind, await keys.enter(request.headers)), {
          every: options.ping ?? USUAL_PING,
          ahead: true,
        }),
      ),
      ...receiptEndpoints(ledger, access),
      feedEndpoint(ledger, keys, access),
      ...channelEndpoints({ client, ledger, followed, access }),
      againEndpoint(ledger, keys, tags, access),
      evidenceEndpoint({ ledger, book, prover, clock }, access),
      watcherEndpoint(rates, access),
      ...keyEndpoints(keys, access),
      linkEndpoint(access),
      usageEndpoint({ ledger, keys, access, own, workloads }),
      ...(options.console ? consoleEndpoints(options.console, access) : []),
      ...statusEndpoints({
        client,
        asset: options.asset,
        payer: payerKey.address,
        ledger,
        followed,
        keys,
        book,
        rates,
        access,
        chainUp: consuming.isChainUp,
        signed: () => ({ signatures: consumer.signatures(), vouchers: payer.vouchers() }),
        metrics,
        queue: () => ({ ...consumer.queue(), unsettled: consumer.unsettled() }),
      }),
      admin({
        method: 'POST',
        path: '/heddle/1/admin/fund',
        async handle(call) {
          const { amount } = (await call.json()) as { amount?: unknown }
          if (typeof amount !== 'string') throw new HeddleError('bad_request', 'amount: a decimal string of base units')
          await fundChannels(parseAmount(amount))
          await look()
          sendJson(call.response, 200, { channels: await channels() })
        },
      }),
      admin({
        method: 'POST',
        path: '/heddle/1/admin/recover',
        async handle(call) {
          await book.refresh()
          await consumer.recoverAll()
          await look()
          sendJson(call.response, 200, { channels: await channels() })
        },
      }),
    ],
  })

  /** Splits an amount over the channels with the providers that are up. */
  async function fundChannels(amount: bigint): Promise<void> {
    const live = book.standings().filter(standing => standing.offers.length > 0 && !standing.own)
    if (live.length === 0) throw new HeddleError('no_provider')
    const share = amount / BigInt(live.length)
    for (const standing of live) {
      const channel = await payer.channelFor(standing.offers[0]!.offer)
      await consumer.deposit(standing, channel, share)
    }
  }

  const port = await listen(server, options.port, reach)
  log.info('gateway listens', { port, payer: payerKey.address })
  return {
    port,
    async stop() {
      clearInterval(refreshing)
      links.close()
      await closeServer(server)
      await consuming.stop()
    },
  }
}
