import { type Address, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { parseEventLogs } from 'viem'
import { type ChainClient, chainError } from '../connect.ts'
import { settlementAbi } from '../contracts/index.ts'

/** One event of the settlement contract, in the few numbers that its meaning needs. */
export type ChainEvent = {
  block: number
  position: number
  transaction: Hex
  name:
    | 'ChannelCreated'
    | 'ChannelClosed'
    | 'Deposited'
    | 'Claimed'
    | 'Settled'
    | 'Refunded'
    | 'WithdrawInitiated'
    | 'WithdrawFinalized'
  /** The channel, or for `Settled` the receiver. */
  subject: Hex
  amount: bigint
  /** New balance (Deposited), new total claimed (Claimed), time in seconds (WithdrawInitiated), else 0. */
  total: bigint
  /** Who the channel is between; only on `ChannelCreated`. */
  parties?: { payer: Address; receiver: Address }
}

const lower = (text: string): Hex => text.toLowerCase() as Hex

/** Which blocks: a range of numbers, or one by its hash, which a node that has it not yet refuses. */
export type Blocks = { from: number; to: number } | { hash: Hex }

/** The contract's events of some blocks, in order. */
export async function readEvents(client: ChainClient, blocks: Blocks): Promise<ChainEvent[]> {
  const where =
    'hash' in blocks ? { blockHash: blocks.hash } : { fromBlock: BigInt(blocks.from), toBlock: BigInt(blocks.to) }
  const raw = await client.getLogs({ address: SETTLEMENT_ADDRESS, ...where }).catch(chainError)
  const events: ChainEvent[] = []
  for (const log of parseEventLogs({ abi: settlementAbi, logs: raw })) {
    const place = { block: Number(log.blockNumber), position: log.logIndex, transaction: lower(log.transactionHash) }
    const on = (subject: string, amount: bigint, total: bigint, parties?: ChainEvent['parties']) =>
      events.push({
        ...place,
        name: log.eventName as ChainEvent['name'],
        subject: lower(subject),
        amount,
        total,
        ...(parties ? { parties } : {}),
      })
    switch (log.eventName) {
      case 'ChannelCreated': {
        const { payer, receiver } = log.args.config
        on(log.args.channelId, 0n, 0n, { payer: lower(payer), receiver: lower(receiver) })
        break
      }
      case 'ChannelClosed':
        on(log.args.channelId, 0n, 0n)
        break
      case 'Deposited':
        on(log.args.channelId, log.args.amount, log.args.newBalance)
        break
      case 'Claimed':
        on(log.args.channelId, log.args.claimAmount, log.args.newTotalClaimed)
        break
      case 'Settled':
        on(log.args.receiver, log.args.amount, 0n)
        break
      case 'Refunded':
        on(log.args.channelId, log.args.amount, 0n)
        break
      case 'WithdrawInitiated':
        on(log.args.channelId, log.args.amount, BigInt(log.args.finalizeAfter))
        break
      case 'WithdrawFinalized':
        on(log.args.channelId, log.args.amount, 0n)
        break
    }
  }
  return events
}
