import {
  type ChainClient,
  type ChainEvent,
  type ChannelBalance,
  readChannel,
  readEvents,
  readNonce,
  readTokenDomain,
} from '@heddle/chain'
import type { Snapshot } from '@heddle/ledger'
import type { Address, Hex, TokenDomain } from '@heddle/protocol'

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
  return {
    chainId: client.chainId,
    asset,
    tokenDomain: await readTokenDomain(client, asset),
    events: await readEvents(client, 0, head),
    hashes,
    channels,
    outcomes,
    nonces,
  }
}
