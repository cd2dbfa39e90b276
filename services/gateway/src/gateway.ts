import { type ChainClient, follow, followOnce, isDevnet, readTokenBalance, readTokenDomain } from '@heddle/chain'
import { closeServer, createEdge, type Endpoint, listen, mountDoor, sendJson } from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import { Followed, Payer, rememberChain } from '@heddle/payments'
import {
  type Address,
  type Clock,
  HeddleError,
  type Hex,
  type House,
  type Log,
  parseAmount,
  SETTLEMENT_ADDRESS,
  signerOf,
  type TokenDomain,
} from '@heddle/protocol'
import { Book, Consumer, type Known, type Purse } from '@heddle/sdk'
import { doors } from '@heddle/workloads/doors'
import { workloads } from '@heddle/workloads/workloads'
import { consoleEndpoints } from './http/console.ts'
import { receiptEndpoints } from './http/receipts.ts'
import { Keys } from './keys.ts'

export type GatewayKeys = Record<'payer' | 'payerAuthorizer', Uint8Array>

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
  /** The console's built files, where there are any. */
  console?: string
  adminToken: string
  clock?: Clock
  /** Milliseconds to wait for the first byte of an answer before another provider is asked. */
  firstByte?: number
  log: Log
}

export type Gateway = { port: number; stop(): Promise<void> }

const REFRESH = 5_000

/** Starts a gateway: answers people with an API key, and pays providers for it. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { client, ledger, log, clock = { now: () => Date.now() } } = options
  const payerKey = signerOf(options.keys.payer)
  const authorizer = signerOf(options.keys.payerAuthorizer)
  const domain = { chainId: client.chainId, settlement: SETTLEMENT_ADDRESS }
  await rememberChain(ledger, client.chainId, options.asset)
  const followed = await Followed.open(ledger, payerKey.address)
  const keys = new Keys({ ledger, domain, authorizer })
  await keys.ensure(options.apiKey.key, { name: 'first', cap: options.apiKey.cap, now: clock.now() })

  let looking: Promise<void> = Promise.resolve()
  const look = (): Promise<void> => {
    looking = looking
      .catch(() => undefined)
      .then(async () => {
        while (await followOnce(client, followed));
      })
    return looking
  }
  const domains = new Map<Hex, Promise<TokenDomain>>()
  const tokenDomain = (token: Hex): Promise<TokenDomain> => {
    const known = domains.get(token)
    if (known) return known
    const read = readTokenDomain(client, token)
    read.catch(() => domains.delete(token))
    domains.set(token, read)
    return read
  }
  const payer = new Payer({ ledger, followed, payer: payerKey, authorizer, tokenDomain })
  const book = new Book({ providers: options.providers, clock, log })
  const consumer = new Consumer({
    ledger,
    payer,
    book,
    authorizer,
    domain,
    workloads,
    clock,
    log,
    followed,
    look,
    firstByte: options.firstByte ?? 30_000,
    deposit: options.deposit,
    spending: (apiKey, charge) => keys.spendLater(apiKey, charge),
  })

  const ended = new AbortController()
  let chainUp = true
  const following = follow({
    client,
    chain: followed,
    log,
    signal: ended.signal,
    onStep: () => undefined,
    onHealth: up => {
      chainUp = up
    },
  })
  await look().catch(error => log.warn('chain not seen yet', { error: (error as Error).message }))
  await book.refresh()
  await consumer.recoverAll()
  await consumer.prepare()
  const refreshing = setInterval(() => {
    void book.refresh().then(() => consumer.prepare())
  }, REFRESH)

  const houseOf = (purse: Purse): House => ({
    models: () => book.models(),
    ask(question, signal) {
      const workload = workloads.get(question.workload)
      if (!workload) throw new HeddleError('not_found', `no workload ${question.workload}`)
      return consumer.ask(workload, question.model, question.spec, purse, signal)
    },
  })
  const admin = (endpoint: Endpoint): Endpoint => ({
    ...endpoint,
    handle(call) {
      if (call.request.headers.authorization !== `Bearer ${options.adminToken}`) throw new HeddleError('forbidden')
      return endpoint.handle(call)
    },
  })

  const channelsNow = async () => {
    const rows = await ledger.read('channels')
    return rows.map(row => {
      const onChain = followed.channel(row.id as Hex)
      return {
        id: row.id,
        provider: row.counterparty,
        ceiling: row.ceiling.toString(),
        charged: row.charged.toString(),
        sequence: row.sequence,
        balance: (onChain?.balance ?? 0n).toString(),
        claimed: (onChain?.claimed ?? 0n).toString(),
        withdrawing: onChain?.withdrawal !== undefined,
      }
    })
  }
  const providersNow = () =>
    book.standings().map(standing => ({
      endpoint: standing.client.endpoint,
      address: standing.pinned ?? null,
      up: standing.offers.length > 0,
      latency: standing.latency === undefined ? null : Math.round(standing.latency),
      running: standing.running,
      failure: standing.failure ?? null,
      models: standing.offers.map(({ offer }) => offer.serves.name),
      prices: standing.offers[0]?.offer.prices ?? {},
    }))

  const server = createEdge({
    log,
    endpoints: [
      ...doors.flatMap(door =>
        mountDoor(door, async call => houseOf(await keys.enter(call.request.headers.authorization))),
      ),
      ...receiptEndpoints(ledger),
      ...(options.console ? consoleEndpoints(options.console) : []),
      {
        method: 'GET',
        path: '/heddle/1/status',
        async handle(call) {
          const wallet = await readTokenBalance(client, options.asset, payerKey.address).catch(() => undefined)
          const all = await keys.all()
          sendJson(call.response, 200, {
            daemon: 'gateway',
            payer: payerKey.address,
            asset: options.asset,
            chain: { id: client.chainId, up: chainUp, devnet: isDevnet(client.chainId) },
            wallet: wallet?.toString() ?? null,
            keys: all.map(({ row, held }) => ({
              name: row.name,
              cap: row.cap.toString(),
              spent: row.spent.toString(),
              held: held.toString(),
            })),
            channels: await channelsNow(),
            providers: providersNow(),
            ledger: ledger.counters(),
          })
        },
      },
      {
        method: 'GET',
        path: '/heddle/1/channels',
        handle: async call => sendJson(call.response, 200, { channels: await channelsNow() }),
      },
      {
        method: 'GET',
        path: '/heddle/1/providers',
        handle: call => sendJson(call.response, 200, { providers: providersNow() }),
      },
      admin({
        method: 'POST',
        path: '/heddle/1/admin/fund',
        async handle(call) {
          const { amount } = (await call.json()) as { amount?: unknown }
          if (typeof amount !== 'string') throw new HeddleError('bad_request', 'amount: a decimal string of base units')
          await fundChannels(parseAmount(amount))
          await look()
          sendJson(call.response, 200, { channels: await channelsNow() })
        },
      }),
      admin({
        method: 'POST',
        path: '/heddle/1/admin/recover',
        async handle(call) {
          await book.refresh()
          await consumer.recoverAll()
          await look()
          sendJson(call.response, 200, { channels: await channelsNow() })
        },
      }),
    ],
  })

  /** Splits an amount over the channels with the providers that are up. */
  async function fundChannels(amount: bigint): Promise<void> {
    const live = book.standings().filter(standing => standing.offers.length > 0)
    if (live.length === 0) throw new HeddleError('no_provider')
    const share = amount / BigInt(live.length)
    for (const standing of live) {
      const channel = await payer.channelFor(standing.offers[0]!.offer)
      await consumer.deposit(standing, channel, share)
    }
  }

  const port = await listen(server, options.port)
  log.info('gateway listens', { port, payer: payerKey.address })
  return {
    port,
    async stop() {
      ended.abort()
      clearInterval(refreshing)
      await closeServer(server)
      await following
      await looking.catch(() => undefined)
      await consumer.close()
      await ledger.close()
    },
  }
}
