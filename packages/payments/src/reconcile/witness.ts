import {
  type ChainClient,
  type ChainEvent,
  type ChannelBalance,
  readChannel,
  readEvents,
  readNonce,
  readTokenDomain,
  readTransferMade,
} from '@heddle/chain'
import type { Snapshot } from '@heddle/ledger'
import type { Address, Hex, TokenDomain } from '@heddle/protocol'
import { type Authorization, authorizationSchema } from '../x402/transfer.ts'

/** What the chain itself says, read independently of any ledger. */
export type Witness = {
  chainId: number
  asset: Address
  tokenDomain: TokenDomain
  /** Every event of the settlement contract. */
  events: readonly ChainEvent[]
  /** Hashes of the blocks that some ledger has marked. */
  hashes: ReadonlyMap<number, Hex>
  channels: ReadonlyMap<Hex, ChannelBalance>
  /** How the transactions that some ledger sent ended. */
  outcomes: ReadonlyMap<Hex, { block: number; success: boolean }>
  nonces: ReadonlyMap<Address, number>
  /** The `exact` payments of these ledgers whose transfer was made, by their channel. */
  moved: ReadonlySet<Hex>
}

/** Asks the chain everything that reconciling these ledgers needs. Throws `chain_down`. */
export async function callWitness(client: ChainClient, asset: Address, ledgers: readonly Snapshot[]): Promise<Witness> {
  const head = Number(await client.getBlockNumber({ cacheTime: 0 }))
  const numbers = new Set(ledgers.flatMap(ledger => ledger.blocks.map(block => block.number)))
  const channelIds = new Set(ledgers.flatMap(ledger => ledger.channels.map(channel => channel.id as Hex)))
  const transactions = new Set(ledgers.flatMap(ledger => ledger.transactions.map(row => row.hash as Hex)))
  const senders = new Set(ledgers.flatMap(ledger => ledger.transactions.map(row => row.sender as Address)))

  const hashes = new Map<number, Hex>()
  for (const number of numbers) {
    const block =
      number <= head ? await client.getBlock({ blockNumber: BigInt(number) }).catch(() => undefined) : undefined
    if (block?.hash) hashes.set(number, block.hash)
  }
  const channels = new Map<Hex, ChannelBalance>()
  for (const id of channelIds) channels.set(id, await readChannel(client, id))
  const outcomes = new Map<Hex, { block: number; success: boolean }>()
  for (const hash of transactions) {
    const receipt = await client.getTransactionReceipt({ hash }).catch(() => undefined)
    if (receipt) outcomes.set(hash, { block: Number(receipt.blockNumber), success: receipt.status === 'success' })
  }
  const nonces = new Map<Address, number>()
  for (const sender of senders) nonces.set(sender, await readNonce(client, sender))
  const moved = new Set<Hex>()
  for (const row of ledgers.flatMap(ledger => ledger.x402)) {
    const parsed = authorizationSchema.safeParse(row.authorization === null ? null : parse(row.authorization))
    if (!parsed.success) continue
    const { from, nonce } = parsed.data as Authorization
    if (await readTransferMade(client, asset, from, nonce)) moved.add(row.channel as Hex)
  }
  return {
    chainId: client.chainId,
    asset,
    tokenDomain: await readTokenDomain(client, asset),
    events: await readEvents(client, { from: 0, to: head }),
    hashes,
    channels,
    outcomes,
    nonces,
    moved,
  }
}

/** A row that was altered may hold anything. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
