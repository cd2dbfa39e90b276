import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import type { ChainEvent } from '@heddle/chain'
import { type Ledger, openSqliteLedger, put } from '@heddle/ledger'
import { digestOf, type Hex } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { bornFact, bornIn, olderIn } from './born.ts'
import { Followed } from './followed.ts'

const { addressOf, wordOf } = fixture
const us = addressOf(1)
const others = addressOf(2)
/** Channels that are made before a ledger is, after it, and never. */
const [old, young, never] = [wordOf(0xa1), wordOf(0xa2), wordOf(0xb1)]

const directory = mkdtempSync(join(tmpdir(), 'heddle-born-'))
after(() => rmSync(directory, { recursive: true, force: true }))

/** A ledger of its own, and the channels that its chain makes. */
async function newLedger(t: TestContext, name: string): Promise<Ledger> {
  const ledger = await openSqliteLedger(join(directory, name))
  t.after(() => ledger.close())
  return ledger
}
const createdIn = (subject: Hex, block: number): ChainEvent => ({
  name: 'ChannelCreated',
  subject,
  block,
  position: 0,
  amount: 0n,
  total: 0n,
  transaction: wordOf(block),
  parties: { payer: us, receiver: others },
})
const markOf = (number: number, fork = 0) => ({ number, hash: wordOf(number + 1_000 * fork) })

test('what the chain makes in place of blocks that it lost is not older than the ledger; what was there before stays older', async t => {
  const ledger = await newLedger(t, 'reorganised.db')
  let followed = await Followed.open(ledger, us)
  await followed.apply({ mark: markOf(9), head: 9, events: [createdIn(old, 7)] })
  // The chain is shorter than it was at first: its newest blocks are gone, and a channel is made where they were.
  await followed.apply({ cut: 6, mark: markOf(8, 1), head: 8, events: [createdIn(young, 8)] })
  for (let start = 0; start < 2; start++) {
    assert.deepEqual([followed.isOlder(old), followed.isOlder(young)], [true, false])
    followed = await Followed.open(ledger, us)
  }
  // The old one comes back, later than the ledger began.
  await followed.apply({ mark: markOf(30, 1), head: 30, events: [createdIn(old, 20)] })
  for (let start = 0; start < 2; start++) {
    assert.deepEqual([followed.isOlder(old), followed.isOlder(young)], [true, false])
    followed = await Followed.open(ledger, us)
  }
})

test('while the chain of before is still being read, a block that it loses moves nothing', async t => {
  const followed = await Followed.open(await newLedger(t, 'half-read.db'), us)
  await followed.apply({ mark: markOf(4), head: 9, events: [] })
  await followed.apply({ cut: 3, mark: markOf(9, 1), head: 9, events: [createdIn(old, 8)] })
  await followed.apply({ mark: markOf(12, 1), head: 12, events: [createdIn(young, 11)] })
  assert.deepEqual([followed.isOlder(old), followed.isOlder(young)], [true, false])
})

test('a ledger from before older channels had names knows them by their blocks, also when these are lost', async t => {
  const ledger = await newLedger(t, 'nameless.db')
  const { parties: _, ...event } = createdIn(old, 7)
  await ledger.commit(put('facts', bornFact(9)), put('blocks', markOf(9)), put('events', event))
  const followed = await Followed.open(ledger, us)
  await followed.apply({ cut: 5, mark: markOf(9, 1), head: 9, events: [] })
  await followed.apply({ mark: markOf(12, 1), head: 12, events: [createdIn(old, 11)] })
  assert.equal(followed.isOlder(old), true)
  assert.equal((await Followed.open(ledger, us)).isOlder(old), true)
})

/** Blocks of a chain, which may lose some and be read in parts: what a ledger that begins somewhere holds for older. */
const births = fc.record({
  before: fc.integer({ min: 0, max: 6 }),
  parts: fc.integer({ min: 1, max: 7 }),
  steps: fc.array(fc.record({ lost: fc.nat(6), more: fc.integer({ min: 1, max: 5 }), restart: fc.boolean() }), {
    maxLength: 6,
  }),
})

test('whatever blocks are lost, a channel that was there at the birth stays older, and one that never was is younger', async t => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(births, async ({ before, parts, steps }) => {
      const ledger = await newLedger(t, `births-${run++}.db`)
      let followed = await Followed.open(ledger, us)
      // A channel in every block; those of other blocks have other names, unless the same is made again.
      let made = 0
      const channelAt = new Map<number, Hex>()
      const atBirth: Hex[] = []
      const never: Hex[] = []
      for (let number = 0; number <= before; number++) {
        channelAt.set(number, wordOf(10_000 * run + made++))
        atBirth.push(channelAt.get(number)!)
      }
      const eventsOf = (from: number, to: number) =>
        Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => createdIn(channelAt.get(from + i)!, from + i))
      for (let from = 0; from <= before; from += parts) {
        const to = Math.min(before, from + parts - 1)
        await followed.apply({ mark: markOf(to), head: before, events: eventsOf(from, to) })
      }
      let head = before
      for (const [fork, { lost, more, restart }] of steps.entries()) {
        const cut = Math.max(1, head - lost + 1)
        const gone = eventsOf(cut, head).map(({ subject }) => subject)
        head = cut + more - 1
        for (let number = cut; number <= head; number++) {
          // Every second block has again what was lost, if there is any left.
          const again = number % 2 === 0 ? gone.shift() : undefined
          const channel = again ?? wordOf(10_000 * run + made++)
          if (!again) never.push(channel)
          channelAt.set(number, channel)
        }
        const events = eventsOf(cut, head)
        await followed.apply({ ...(lost > 0 ? { cut } : {}), mark: markOf(head, fork + 1), head, events })
        if (restart) followed = await Followed.open(ledger, us)
        assert.deepEqual(
          atBirth.filter(channel => !followed.isOlder(channel)),
          [],
        )
        assert.deepEqual(
          never.filter(channel => followed.isOlder(channel)),
          [],
        )
      }
    }),
    { numRuns: 12 },
  )
})

test('a channel is older than a ledger that first saw the chain after it was made, also after a start and before it was read', async t => {
  const ledger = await newLedger(t, 'new.db')
  let followed = await Followed.open(ledger, us)
  // The chain goes to block 9 when it is first seen, of which only a part is read at once.
  await followed.apply({ mark: markOf(4), head: 9, events: [] })
  assert.equal(followed.isOlder(old), false, 'nobody knows of it yet')
  await followed.apply({ mark: markOf(9), head: 12, events: [createdIn(old, 9)] })
  await followed.apply({ mark: markOf(12), head: 12, events: [createdIn(young, 10)] })
  for (let start = 0; start < 2; start++) {
    assert.deepEqual([followed.isOlder(old), followed.isOlder(young), followed.isOlder(never)], [true, false, false])
    followed = await Followed.open(ledger, us)
  }
})

test('a fact of a birth that was altered is no such fact', () => {
  const born = bornFact(9)
  assert.equal(bornIn(born), 9)
  assert.equal(bornIn({ ...born, value: born.value.replace('9', '8') }), undefined)
  assert.equal(bornIn({ ...born, name: 'other' }), undefined)
  const older = { name: `older ${old}`, value: digestOf(`older ${old}`) }
  assert.equal(olderIn(older), old)
  for (const altered of [
    { ...older, name: `older ${young}` },
    { ...older, value: older.name },
    { ...older, name: old },
  ])
    assert.equal(olderIn(altered), undefined)
})
