import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { type ChainEvent, foldEvents } from '@heddle/chain'
import { type Ledger, openSqliteLedger } from '@heddle/ledger'
import { type Hex, isHeddleError, randomBytes, toHex } from '@heddle/protocol'
import { failing, fixture } from '@heddle/testing'
import fc from 'fast-check'
import { Followed } from './followed.ts'
import { rememberChain } from './remember.ts'

const { addressOf, wordOf } = fixture
const us = addressOf(1)
const others = addressOf(2)
const ours = [wordOf(0xa1), wordOf(0xa2)]
const theirs = wordOf(0xb1)

const directory = mkdtempSync(join(tmpdir(), 'heddle-followed-'))
let ledger: Ledger & { failNext(commits: number): void }
before(async () => {
  ledger = failing(await openSqliteLedger(join(directory, 'ledger.db')))
})
beforeEach(() => ledger.commit({ cut: 'blocks', from: 0 }, { cut: 'events', from: 0 }))
after(async () => {
  await ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

type Happening = Pick<ChainEvent, 'name' | 'subject' | 'amount' | 'total'>
const amount = fc.bigInt({ min: 0n, max: 1_000n })
const happening: fc.Arbitrary<Happening> = fc.record({
  name: fc.constantFrom<ChainEvent['name'][]>(
    'Deposited',
    'Claimed',
    'Refunded',
    'WithdrawInitiated',
    'WithdrawFinalized',
  ),
  subject: fc.constantFrom(...ours, theirs),
  amount,
  total: amount,
})
type Block = { hash: Hex; events: ChainEvent[] }

function blockOf(number: number, happenings: readonly Happening[]): Block {
  const opened =
    number === 0
      ? [...ours, theirs].map(subject => ({ name: 'ChannelCreated' as const, subject, amount: 0n, total: 0n }))
      : []
  const events = [...opened, ...happenings].map(
    (one, position): ChainEvent => ({
      ...one,
      block: number,
      position,
      transaction: toHex(randomBytes(32)),
      ...(one.name === 'ChannelCreated'
        ? { parties: { payer: one.subject === theirs ? others : us, receiver: others } }
        : {}),
    }),
  )
  return { hash: toHex(randomBytes(32)), events }
}

const story = fc.array(
  fc.record({
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) }),
    add: fc.array(fc.array(happening, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    full: fc.boolean(),
    restart: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
)

const same = (followed: Followed, blocks: readonly Block[]): void => {
  const all = foldEvents(blocks.flatMap(({ events }) => events))
  for (const id of ours) assert.deepEqual(followed.channel(id), all.get(id))
  assert.equal(followed.channel(theirs), undefined)
}

test('reorganisations, restarts and full disks: memory and file tell the final chain, and our part of it only', async () => {
  await fc.assert(
    fc.asyncProperty(story, async steps => {
      await ledger.commit({ cut: 'blocks', from: 0 }, { cut: 'events', from: 0 })
      let followed = await Followed.open(ledger, us)
      let blocks: Block[] = []
      for (const { cut, add, full, restart } of steps) {
        const kept = blocks.slice(0, Math.max(0, blocks.length - cut))
        const next = [...kept]
        for (const happenings of add) next.push(blockOf(next.length, happenings))
        const mark = { number: next.length - 1, hash: next.at(-1)!.hash }
        const events = next.slice(kept.length).flatMap(block => block.events)
        const step = { ...(cut > 0 ? { cut: kept.length } : {}), mark, head: mark.number, events }
        if (full) {
          ledger.failNext(1)
          await assert.rejects(followed.apply(step), error => isHeddleError(error, 'disk_full'))
          same(followed, blocks)
          assert.deepEqual(await followed.marks(), await (await Followed.open(ledger, us)).marks())
        }
        await followed.apply(step)
        blocks = next
        same(followed, blocks)
        assert.deepEqual((await followed.marks())[0], mark)
        if (!restart) continue
        const before = await followed.marks()
        followed = await Followed.open(ledger, us)
        same(followed, blocks)
        assert.deepEqual(await followed.marks(), before)
      }
    }),
    { numRuns: 25 },
  )
})

/** Blocks that end with so much more claimed on our channel; a step is seen as a whole, and may take some back first. */
const claims = fc.array(fc.record({ cut: fc.nat(4), add: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 8,
})

test('the last block within a charge: the newest that was seen and has no more claimed, on the chain as it is now', async () => {
  await fc.assert(
    fc.asyncProperty(claims, async steps => {
      await ledger.commit({ cut: 'blocks', from: 0 }, { cut: 'events', from: 0 })
      const [id] = ours as [Hex, Hex]
      const followed = await Followed.open(ledger, us)
      assert.equal(followed.lastWithin(id, 0n), null, 'nothing was seen')
      let blocks: (Block & { claimed: bigint; marked: boolean })[] = []
      for (const { cut, add } of steps) {
        const from = Math.max(0, blocks.length - cut)
        blocks = blocks.slice(0, from)
        for (const more of add) {
          const claimed = (blocks.at(-1)?.claimed ?? 0n) + BigInt(more)
          const happening = { name: 'Claimed', subject: id, amount: BigInt(more), total: claimed } as const
          const block = blockOf(blocks.length, more > 0 ? [happening] : [])
          blocks.push({ ...block, claimed, marked: false })
        }
        const newest = blocks.at(-1)!
        newest.marked = true
        const events = blocks.slice(from).flatMap(block => block.events)
        const mark = { number: blocks.length - 1, hash: newest.hash }
        await followed.apply({ ...(cut > 0 ? { cut: from } : {}), mark, head: mark.number, events })
        for (let charged = 0n; charged <= newest.claimed + 1n; charged++) {
          const block = blocks.findLastIndex(one => one.marked && one.claimed <= charged)
          const wanted = block < 0 ? null : { block, hash: blocks[block]!.hash }
          assert.deepEqual(followed.lastWithin(id, charged), wanted, `${charged} of ${newest.claimed}`)
        }
        assert.deepEqual(followed.lastWithin(theirs, 0n), { block: mark.number, hash: mark.hash })
      }
    }),
    { numRuns: 40 },
  )
})

test('claims are known from when they were learned, and those that were taken back are not', async () => {
  let time = 100
  const clock = { now: () => time }
  const [id] = ours as [Hex, Hex]
  const followed = await Followed.open(ledger, us, clock)
  await followed.apply({ mark: { number: 0, hash: wordOf(0) }, head: 0, events: blockOf(0, []).events })
  const claim = async (block: number, total: bigint, cut?: number) => {
    time += 100
    const { events } = blockOf(block, [{ name: 'Claimed', subject: id, amount: 1n, total }])
    await followed.apply({ ...(cut ? { cut } : {}), mark: { number: block, hash: wordOf(block) }, head: block, events })
  }
  await claim(1, 10n)
  await claim(2, 20n)
  const known = (at: number) => followed.claimKnownAt(id, at)?.totalClaimed
  assert.deepEqual([199, 200, 299, 300, 999].map(known), [undefined, 10n, 10n, 20n, 20n])
  await claim(2, 15n, 2)
  assert.deepEqual([300, 399, 400].map(known), [10n, 10n, 15n])
  assert.equal(followed.claimKnownAt(theirs, 999), undefined)
  time = 500
  const again = await Followed.open(ledger, us, clock)
  assert.equal(again.claimKnownAt(id, 499), undefined, 'what was known before a start is known since it')
  assert.deepEqual(again.claimKnownAt(id, 500)?.totalClaimed, 15n)
})

test('a sweep to us is kept, one to others is not', async () => {
  const followed = await Followed.open(ledger, us)
  const place = { block: 1, transaction: wordOf(1), name: 'Settled', amount: 1n, total: 0n } as const
  const events = [
    { ...place, position: 0, subject: us },
    { ...place, position: 1, subject: others },
  ]
  await followed.apply({ mark: { number: 1, hash: wordOf(1) }, head: 1, events })
  assert.deepEqual(
    (await ledger.read('events')).map(({ subject }) => subject),
    [us],
  )
})

test('a ledger belongs to one chain and one asset', async () => {
  await rememberChain(ledger, 1, us)
  await rememberChain(ledger, 1, us)
  await assert.rejects(rememberChain(ledger, 2, us), error => isHeddleError(error, 'chain_wrong'))
  await assert.rejects(rememberChain(ledger, 1, others), error => isHeddleError(error, 'chain_wrong'))
})
