import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Address, type Hex, toHex } from '@heddle/protocol'
import fc from 'fast-check'
import type { SettlementEvent, Transfer } from './chain-data.ts'
import { keepBooks } from './money.ts'

const address = (byte: number): Address => toHex(new Uint8Array(20).fill(byte))
const channelOf = (byte: number): Hex => toHex(new Uint8Array(32).fill(byte))
const [nobody, contract, payer, receiver] = [address(0), address(1), address(2), address(3)]
const placed = { block: 1, hash: channelOf(8), transaction: channelOf(9) }

/** A chain on which these steps happened, each as far as money allows. */
function setup(steps: readonly { kind: 'deposit' | 'claim' | 'refund' | 'sweep'; channel: number; amount: number }[]) {
  const transfers: Transfer[] = [{ from: nobody, to: payer, amount: 1_000_000n }]
  const events: SettlementEvent[] = []
  const held = new Map<Hex, bigint>()
  let [wallet, claimed] = [1_000_000n, 0n]
  for (const { kind, channel: number, amount: wanted } of steps) {
    const channel = channelOf(number)
    if (!held.has(channel)) {
      events.push({ ...placed, name: 'ChannelCreated', channel, payer, receiver })
      held.set(channel, 0n)
    }
    const most = { deposit: wallet, claim: held.get(channel)!, refund: held.get(channel)!, sweep: claimed }[kind]
    const amount = BigInt(wanted) < most ? BigInt(wanted) : most
    if (kind === 'deposit') {
      transfers.push({ from: payer, to: contract, amount })
      events.push({ ...placed, name: 'Deposited', channel, amount })
      wallet -= amount
      held.set(channel, held.get(channel)! + amount)
    } else if (kind === 'sweep') {
      transfers.push({ from: contract, to: receiver, amount })
      events.push({ ...placed, name: 'Settled', receiver, amount })
      claimed -= amount
    } else {
      held.set(channel, held.get(channel)! - amount)
      if (kind === 'claim') {
        events.push({ ...placed, name: 'Claimed', channel, amount, total: 0n })
        claimed += amount
      } else {
        transfers.push({ from: contract, to: payer, amount })
        events.push({ ...placed, name: 'Refunded', channel, amount })
        wallet += amount
      }
    }
  }
  return { events, transfers }
}

const anySteps = fc.array(
  fc.record({
    kind: fc.constantFrom('deposit' as const, 'claim' as const, 'refund' as const, 'sweep' as const),
    channel: fc.integer({ min: 20, max: 23 }),
    amount: fc.integer({ min: 0, max: 500_000 }),
  }),
  { maxLength: 40 },
)

test('whatever happens, every unit is accounted for, and the contract has what its events say', () => {
  fc.assert(
    fc.property(anySteps, steps => {
      const { supply, held, unswept, inContract, unaccounted } = keepBooks(setup(steps), contract, new Map())
      assert.equal(supply, 1_000_000n)
      assert.equal(held + unswept, inContract)
      assert.equal(unaccounted, 0n)
    }),
  )
})

test('a unit that moves without an event, or an event without a transfer, is seen', () => {
  const { events, transfers } = setup([{ kind: 'deposit', channel: 20, amount: 500 }])
  assert.notEqual(keepBooks({ events, transfers: transfers.slice(0, 1) }, contract, new Map()).unaccounted, 0n)
  assert.notEqual(keepBooks({ events: events.slice(0, 1), transfers }, contract, new Map()).unaccounted, 0n)
})

test('of a channel, what was charged is owed until it is claimed, and what was claimed above it is named', () => {
  const chain = setup([
    { kind: 'deposit', channel: 20, amount: 500 },
    { kind: 'claim', channel: 20, amount: 120 },
    { kind: 'deposit', channel: 21, amount: 300 },
    { kind: 'claim', channel: 21, amount: 50 },
  ])
  const charged = new Map([
    [channelOf(20), 100n],
    [channelOf(21), 90n],
  ])
  const [over, under] = keepBooks(chain, contract, charged).channels
  assert.deepEqual([over!.overclaimed, over!.owed, over!.free, over!.held], [20n, 0n, 380n, 380n])
  assert.deepEqual([under!.overclaimed, under!.owed, under!.free, under!.held], [0n, 40n, 210n, 250n])
})
