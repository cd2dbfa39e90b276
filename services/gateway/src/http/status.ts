import { type ChainClient, isDevnet, readTokenBalance } from '@heddle/chain'
import { type Endpoint, type Metrics, sendJson } from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import type { Followed } from '@heddle/payments'
import type { Address, Hex } from '@heddle/protocol'
import type { Book } from '@heddle/sdk'
import type { Access } from '../access.ts'
import type { Keys } from '../keys.ts'
import type { Rates } from '../rates.ts'
import { keyToJson } from './keys.ts'

export type StatusParts = {
  client: ChainClient
  asset: Address
  payer: Address
  ledger: Ledger
  followed: Followed
  keys: Keys
  book: Book
  rates: Rates
  access: Access
  chainUp: () => boolean
  /** What was signed since this start. */
  signed: () => { signatures: number; vouchers: number }
  /** Questions that wait for a place, seconds until one that comes now has it, and jobs whose end is not known yet. */
  queue: () => { waiting: number; estimate: number; unsettled: number }
  /** What was asked since this start, and what came of it. */
  metrics: Metrics
}

/** This gateway's channels, as its ledger and the chain have them. */
export async function channelsNow({ ledger, followed }: Pick<StatusParts, 'ledger' | 'followed'>) {
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

const providersNow = ({ book, rates }: Pick<StatusParts, 'book' | 'rates'>) =>
  book.standings().map(standing => ({
    endpoint: standing.client.endpoint,
    address: standing.pinned ?? null,
    own: standing.own,
    up: standing.offers.length > 0 && standing.failure === undefined,
    latency: standing.latency === undefined ? null : Math.round(standing.latency),
    throughput: standing.throughput === undefined ? null : Math.round(standing.throughput),
    running: standing.running,
    failure: standing.failure ?? null,
    models: standing.offers.map(({ offer }) => offer.serves.name),
    /** Of these, what it says that it cannot answer with now. */
    down: standing.offers.flatMap(({ offer }) => (standing.down.has(offer.serves.digest) ? [offer.serves.name] : [])),
    prices: standing.offers[0]?.offer.prices ?? {},
    /** What the watcher found, for each model that it checked. */
    checked: standing.offers.flatMap(({ offer: { provider, serves } }) => {
      const known = rates.of(provider, serves.digest)
      if (!known) return []
      const { honest, dishonest, inconclusive, silent, rate, low, high } = known
      return [{ model: serves.name, honest, dishonest, inconclusive, silent, rate, low, high }]
    }),
  }))

/** How the house stands, for its owner; a program that does not know the token learns only that it runs. */
export const statusEndpoints = (parts: StatusParts): Endpoint[] => [
  {
    method: 'GET',
    path: '/heddle/1/status',
    async handle({ request, response }) {
      const chain = { id: parts.client.chainId, up: parts.chainUp(), devnet: isDevnet(parts.client.chainId) }
      if (!parts.access.isOwner(request)) return sendJson(response, 200, { daemon: 'gateway', chain })
      const wallet = chain.up
        ? await readTokenBalance(parts.client, parts.asset, parts.payer).catch(() => undefined)
        : undefined
      sendJson(response, 200, {
        daemon: 'gateway',
        payer: parts.payer,
        asset: parts.asset,
        chain,
        wallet: wallet?.toString() ?? null,
        keys: (await parts.keys.all()).map(keyToJson),
        channels: await channelsNow(parts),
        providers: providersNow(parts),
        ledger: parts.ledger.counters(),
        signed: parts.signed(),
        queue: parts.queue(),
      })
    },
  },
  {
    // Counts alone, without names or amounts: as at a provider, whoever reaches it may read it.
    method: 'GET',
    path: '/metrics',
    handle({ response }) {
      const { metrics, book } = parts
      const { waiting, unsettled } = parts.queue()
      const { signatures, vouchers } = parts.signed()
      const standings = book.standings()
      const up = standings.filter(one => one.offers.length > 0 && one.failure === undefined).length
      const now = {
        questions_waiting: waiting,
        jobs_unsettled: unsettled,
        providers: standings.length,
        providers_up: up,
      }
      for (const [name, value] of Object.entries(now)) metrics.set(name, value)
      metrics.set('chain_up', parts.chainUp() ? 1 : 0)
      metrics.set('signatures_total', signatures)
      metrics.set('vouchers_total', vouchers)
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.text())
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/channels',
    async handle({ request, response }) {
      await parts.access.requireOwner(request)
      sendJson(response, 200, { channels: await channelsNow(parts) })
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/providers',
    async handle({ request, response }) {
      await parts.access.visitor(request)
      sendJson(response, 200, { providers: providersNow(parts) })
    },
  },
]
