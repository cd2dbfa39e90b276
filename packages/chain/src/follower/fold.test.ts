import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hex } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import type { ChainEvent } from './events.ts'
import { applyEvent, type ChannelOnChain, foldEvents } from './fold.ts'

const { wordOf } = fixture

/** The contract's own rules for one channel, in a few lines: what it lets happen, and what it then holds. */
class Contract {
  balance = 0n
  claimed = 0n
  withdrawal: { amount: bigint; after: number } | undefined
  readonly events: ChainEvent[] = []
  readonly subject: Hex

  constructor(subject: Hex) {
    this.subject = subject
    this.#tell('ChannelCreated', 0n)
  }

  #tell(name: ChainEvent['name'], amount: bigint, total = 0n): void {
    const place = { block: this.events.length, position: 0, transaction: wordOf(9) }
    this.events.push({ ...place, name, subject: this.subject, amount, total })
  }

  deposit(amount: bigint): void {
    this.balance += amount
    this.#tell('Deposited', amount, this.balance)
  }
  claim(amount: bigint): void {
    const most = this.balance - this.claimed
    const taken = amount < most ? amount : most
    this.claimed += taken
    this.#tell('Claimed', taken, this.claimed)
  }
  begin(amount: bigint): void {
    if (this.withdrawal || amount === 0n) return
    this.withdrawal = { amount, after: 1_000 }
    this.#tell('WithdrawInitiated', amount, 1_000n)
  }
  finish(): void {
    if (!this.withdrawal) return
    const free = this.balance - this.claimed
    const amount = this.withdrawal.amount < free ? this.withdrawal.amount : free
    this.balance -= amount
    this.withdrawal = undefined
    this.#tell('WithdrawFinalized', amount)
  }
  refund(amount: bigint): void {
    const free = this.balance - this.claimed
    const given = amount < free ? amount : free
    this.balance -= given
    if (this.withdrawal) {
      const left = this.withdrawal.amount - given
      this.withdrawal = left > 0n ? { ...this.withdrawal, amount: left } : undefined
    }
    this.#tell('Refunded', given)
  }

  state(): ChannelOnChain {
    const { balance, claimed, withdrawal } = this
    return { created: 0, balance, claimed, ...(withdrawal ? { withdrawal } : {}) }
  }
}

const step = fc.record({
  do: fc.constantFrom('deposit', 'claim', 'begin', 'finish', 'refund'),
  amount: fc.bigInt({ min: 0n, max: 100n }),
})

test("a channel's events tell the block it was made in, its balance, claims and withdrawal, at every moment, and never less than was claimed", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const contract = new Contract(wordOf(1))
      let known: ChannelOnChain | undefined
      let seen = 0
      for (const { do: what, amount } of steps) {
        contract[what as 'deposit'](amount)
        for (const event of contract.events.slice(seen)) known = applyEvent(known, event)
        seen = contract.events.length
        if (!known) continue
        assert.deepEqual(known, contract.state())
        assert.ok(known.balance >= known.claimed && known.claimed >= 0n)
      }
    }),
  )
})

test('channels do not disturb each other; a sweep is about none of them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), step), { maxLength: 40 }), steps => {
      const contracts = [1, 2, 3].map(byte => new Contract(wordOf(byte)))
      for (const [which, { do: what, amount }] of steps) contracts[which]![what as 'deposit'](amount)
      const sweep: ChainEvent = {
        block: 0,
        position: 0,
        transaction: wordOf(9),
        name: 'Settled',
        subject: wordOf(8),
        amount: 1n,
        total: 0n,
      }
      const folded = foldEvents([...contracts.flatMap(({ events }) => events), sweep])
      for (const contract of contracts) {
        assert.deepEqual(folded.get(contract.subject), contract.events.length > 0 ? contract.state() : undefined)
      }
      assert.equal(folded.has(wordOf(8)), false)
    }),
  )
})

test('an event that is applied changes no state that was given out before', () => {
  const event: ChainEvent = {
    block: 0,
    position: 0,
    transaction: wordOf(9),
    name: 'Deposited',
    subject: wordOf(1),
    amount: 1n,
    total: 1n,
  }
  const before = applyEvent(undefined, event)
  applyEvent(before, { ...event, name: 'Claimed' })
  assert.deepEqual(before, { balance: 1n, claimed: 0n })
})
