import { settlementAbi, tokenAbi } from '@heddle/chain'
import type { Address, Hex } from '@heddle/protocol'
import { parseEventLogs } from 'viem'
import { z } from 'zod'

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/)
  .transform(text => text as Hex)
const number = hex.transform(Number)

/** What a node gives for `eth_getLogs`, with the hashes of blocks: all that an audit takes from the chain. */
export const chainDataSchema = z.object({
  chainId: z.int().positive(),
  settlement: hex,
  token: hex,
  /** By block number: of the blocks of the logs, and of those that receipts name. */
  hashes: z.record(z.string(), hex),
  /** By channel and total, with a space between: the block by which a claim was witnessed. */
  witnessed: z.record(z.string(), z.int().positive()),
  logs: z.array(
    z.object({
      address: hex,
      topics: z.array(hex),
      data: hex,
      blockNumber: number,
      logIndex: number,
      transactionHash: hex,
    }),
  ),
})
export type ChainData = z.infer<typeof chainDataSchema>

type Placed = { block: number; hash: Hex; transaction: Hex }
export type SettlementEvent = Placed &
  (
    | { name: 'ChannelCreated'; channel: Hex; payer: Address; receiver: Address }
    | { name: 'Deposited' | 'Refunded' | 'WithdrawFinalized'; channel: Hex; amount: bigint }
    | { name: 'Claimed'; channel: Hex; amount: bigint; total: bigint }
    | { name: 'Settled'; receiver: Address; amount: bigint }
  )
export type Transfer = { from: Address; to: Address; amount: bigint }

const lower = (text: string): Hex => text.toLowerCase() as Hex

/** The settlement contract's events that move money, and the token's transfers, in order. */
export function readChain({
  logs,
  settlement,
  token,
  hashes,
}: Pick<ChainData, 'logs' | 'settlement' | 'token' | 'hashes'>): {
  events: SettlementEvent[]
  transfers: Transfer[]
} {
  const of = (address: Hex) => logs.filter(log => log.address === address)
  const events = parseEventLogs({ abi: settlementAbi, logs: of(settlement) as never }).flatMap(
    (log): SettlementEvent[] => {
      const block = Number(log.blockNumber)
      const hash = hashes[block]
      if (hash === undefined) throw new Error(`the hash of block ${block} is missing`)
      const placed = { block, hash, transaction: lower(log.transactionHash) }
      switch (log.eventName) {
        case 'ChannelCreated': {
          const { payer, receiver } = log.args.config
          const channel = lower(log.args.channelId)
          return [{ ...placed, name: log.eventName, channel, payer: lower(payer), receiver: lower(receiver) }]
        }
        case 'Deposited':
        case 'Refunded':
        case 'WithdrawFinalized':
          return [{ ...placed, name: log.eventName, channel: lower(log.args.channelId), amount: log.args.amount }]
        case 'Claimed': {
          const { channelId, claimAmount, newTotalClaimed } = log.args
          return [
            { ...placed, name: 'Claimed', channel: lower(channelId), amount: claimAmount, total: newTotalClaimed },
          ]
        }
        case 'Settled':
          return [{ ...placed, name: 'Settled', receiver: lower(log.args.receiver), amount: log.args.amount }]
        default:
          return []
      }
    },
  )
  const transfers = parseEventLogs({ abi: tokenAbi, eventName: 'Transfer', logs: of(token) as never }).map(
    ({ args }) => ({
      from: lower(args.from),
      to: lower(args.to),
      amount: args.value,
    }),
  )
  return { events, transfers }
}
