import type { Hex } from '@heddle/protocol'
import type { ChainEvent } from './events.ts'

/** A channel as its events tell it. */
export type ChannelOnChain = {
  /** The block that it was made in, where that is known. */
  created?: number
  balance: bigint
  claimed: bigint
  /** A withdrawal that was begun and is not finished. `after` is in unix seconds. */
  withdrawal?: { amount: bigint; after: number }
}

/** Applies one event to what is known; gives the new state of the channel it is about. */
export function applyEvent(known: ChannelOnChain | undefined, event: ChainEvent): ChannelOnChain {
  const state = known ?? { balance: 0n, claimed: 0n }
  switch (event.name) {
    case 'ChannelCreated':
      return { ...state, created: event.block }
    case 'Deposited':
      return { ...state, balance: event.total }
    case 'Claimed':
      return { ...state, claimed: event.total }
    case 'WithdrawInitiated':
      return { ...state, withdrawal: { amount: event.amount, after: Number(event.total) } }
    case 'WithdrawFinalized': {
      const { withdrawal: _, ...rest } = state
      return { ...rest, balance: state.balance - event.amount }
    }
    case 'Refunded': {
      const { withdrawal, ...rest } = { ...state, balance: state.balance - event.amount }
      const left = withdrawal && withdrawal.amount > event.amount
      return left ? { ...rest, withdrawal: { ...withdrawal, amount: withdrawal.amount - event.amount } } : rest
    }
    default:
      return state
  }
}

/** Every channel that these events are about. */
export function foldEvents(events: readonly ChainEvent[]): Map<Hex, ChannelOnChain> {
  const channels = new Map<Hex, ChannelOnChain>()
  for (const event of events) {
    if (event.name === 'Settled') continue
    channels.set(event.subject, applyEvent(channels.get(event.subject), event))
  }
  return channels
}
