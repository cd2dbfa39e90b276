import type { Address, Hex } from '@heddle/protocol'
import type { SettlementEvent, Transfer } from './chain-data.ts'

const NOBODY = `0x${'00'.repeat(20)}`

/** One channel, in base units. `held` is what the contract still has of it. */
export type ChannelMoney = {
  channel: Hex
  payer: Address
  receiver: Address
  deposited: bigint
  claimed: bigint
  returned: bigint
  held: bigint
  /** Everything charged, by the last receipt of the channel; null where there is no receipt of it. */
  charged: bigint | null
  /** Claimed above what was charged. */
  overclaimed: bigint
  /** Charged and not claimed yet. */
  owed: bigint
  /** Deposited, and neither claimed, returned nor charged: the payer's. */
  free: bigint
}

export type Books = {
  /** Everything that was ever made of the token, less what was burned. */
  supply: bigint
  wallets: ReadonlyMap<Address, bigint>
  /** What the settlement contract has. */
  inContract: bigint
  /** What it has to have: deposits that nobody claimed, and claims that were not swept. */
  held: bigint
  unswept: bigint
  channels: readonly ChannelMoney[]
  /** Supply less everything that is accounted for: 0, or these books are wrong. */
  unaccounted: bigint
}

/**
 * Where every unit of the token is, from what the chain says alone; and for each channel what receipts say that it owes.
 * The contract's balance, out of the token's transfers, is held against its own events: two accounts of one thing.
 */
export function keepBooks(
  { events, transfers }: { events: readonly SettlementEvent[]; transfers: readonly Transfer[] },
  settlement: Address,
  charged: ReadonlyMap<Hex, bigint>,
): Books {
  const balances = new Map<Address, bigint>()
  const add = (owner: Address, amount: bigint) => balances.set(owner, (balances.get(owner) ?? 0n) + amount)
  for (const { from, to, amount } of transfers) {
    add(from, -amount)
    add(to, amount)
  }
  const supply = -(balances.get(NOBODY as Address) ?? 0n)
  const inContract = balances.get(settlement) ?? 0n
  const wallets = new Map(
    [...balances].filter(([owner, amount]) => owner !== NOBODY && owner !== settlement && amount !== 0n),
  )
  const channels = channelsOf(events, charged)
  const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, one) => total + one, 0n)
  const swept = sum(events.flatMap(event => (event.name === 'Settled' ? [event.amount] : [])))
  const held = sum(channels.map(one => one.held))
  const unswept = sum(channels.map(one => one.claimed)) - swept
  const unaccounted = supply - sum(wallets.values()) - held - unswept
  return { supply, wallets, inContract, held, unswept, channels, unaccounted }
}

function channelsOf(events: readonly SettlementEvent[], charged: ReadonlyMap<Hex, bigint>): ChannelMoney[] {
  const rows = new Map<
    Hex,
    { payer: Address; receiver: Address; deposited: bigint; claimed: bigint; returned: bigint }
  >()
  for (const event of events) {
    if (event.name === 'Settled') continue
    if (event.name === 'ChannelCreated') {
      const { payer, receiver } = event
      rows.set(event.channel, { payer, receiver, deposited: 0n, claimed: 0n, returned: 0n })
      continue
    }
    const row = rows.get(event.channel)
    if (!row) throw new Error(`channel ${event.channel} moves money before it is made`)
    if (event.name === 'Deposited') row.deposited += event.amount
    else if (event.name === 'Claimed') row.claimed += event.amount
    else row.returned += event.amount
  }
  const above = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
  return [...rows].map(([channel, row]) => {
    const due = charged.get(channel) ?? null
    const held = row.deposited - row.claimed - row.returned
    const owed = above(due ?? 0n, row.claimed)
    return { channel, ...row, held, charged: due, overclaimed: above(row.claimed, due ?? 0n), owed, free: held - owed }
  })
}
