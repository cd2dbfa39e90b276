import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Write } from '@heddle/ledger'
import type { SignedReceipt } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import {
  EXPOSURE,
  is,
  type Met,
  meet,
  openLedgers,
  payerOn,
  reserved,
  rowIn,
  settled,
  setup,
  signedOf,
  unique,
} from '../testing/parties.ts'

test('callers that ask at once for a channel get one', async t => {
  const { id, offer, payer } = await setup(t)
  const found = await Promise.all(Array.from({ length: 5 }, () => payer.channelFor(offer)))
  assert.deepEqual(new Set(found.map(one => one.id)), new Set([id]))
  const next = { ...offer, withdrawDelay: offer.withdrawDelay + 1 }
  const made = await Promise.all(Array.from({ length: 5 }, () => payer.channelFor(next)))
  assert.equal(new Set(made.map(one => one.id)).size, 1)
  assert.equal((await payer.channelsWith(offer.provider)).length, 2)
})

test('a channel that its provider takes no more is left for another one', async t => {
  const { id, offer, payer } = await setup(t)
  await payer.abandon(id)
  const next = await payer.channelFor(offer)
  assert.notEqual(next.id, id)
  assert.equal((await payer.channelFor(offer)).id, next.id)
})

test('every channel that is left is another deposit: what cannot be told is believed once a provider, what can be told always', async t => {
  const { followed, id, offer, payer, paying } = await setup(t, 10_000n)
  assert.equal(await payer.abandon(id), true)
  const second = (await payer.channelFor(offer)).id
  for (const claimed of [0n, 500n]) {
    followed.set(second, { balance: 10_000n, claimed })
    assert.equal(await payer.abandon(second), false, 'nothing was claimed of it, or what nobody was charged')
    assert.equal((await payer.channelFor(offer)).id, second)
  }
  // After a start too: the first word is believed again, and leads to the channel that is there already.
  const again = payerOn(paying, followed)
  assert.deepEqual([await again.abandon(id), (await again.channelFor(offer)).id], [true, second])
  assert.equal(await again.abandon(second), false)

  // What was charged before may have been claimed, and be forgotten by its provider.
  await again.take(second, unique(), { delivered: 0n, next: 500n }, offer)
  const { receipt } = signedOf(
    fixture.receiptOf({ id: unique(), channel: second, sequence: '1', charge: '500', charged: '500' }),
  )
  await again.record(signedOf(receipt), null)
  assert.equal(await again.abandon(second), true)
  assert.notEqual((await again.channelFor(offer)).id, second)
})

test('nothing new is asked on a channel that is left; what runs on it goes on, and who waits for room hears of it at once', async t => {
  const { id, offer, payer } = await setup(t, 10_000n, 600_000)
  const runs = unique()
  await payer.take(id, runs, { delivered: 0n, next: EXPOSURE }, offer)
  const waiting = assert.rejects(
    payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer),
    is('channel_overclaimed'),
  )
  await new Promise(setImmediate)
  await payer.abandon(id)
  await waiting
  await payer.take(id, runs, { delivered: 500n, next: 500n }, offer)
})

test('who waits for room on a channel hears at once that its provider is not believed any more, and may ask elsewhere', async t => {
  const { paying, paid } = await openLedgers(t)
  const breaks: ((met: Met) => Promise<unknown>)[] = [
    ({ payer, id }) => payer.distrust(id, 'it lies'),
    ({ payer, id }) => payer.refuse(id, signedOf(fixture.receiptOf({ channel: id })), 'another output'),
    ({ payer, id }) =>
      assert.rejects(
        payer.record(signedOf(fixture.receiptOf({ channel: id, sequence: '1', charge: '1', charged: '2' })), null),
      ),
  ]
  for (const breakIt of breaks) {
    const met = await meet({ paying, paid }, 10_000n, 600_000)
    const { id, offer, payer } = met
    await payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer)
    const waits = [
      payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer),
      payer.higher(id, EXPOSURE, offer),
    ].map(one => assert.rejects(one, is('receipt_mismatch')))
    await new Promise(setImmediate)
    await breakIt(met)
    await Promise.all(waits)
  }
})

test('a provider whose terms change again and again is given no deposit for each: some that nobody used are enough', async t => {
  const { offer, payer, paying, followed } = await setup(t)
  const termed = (withdrawDelay: number) => ({ ...offer, withdrawDelay })
  const deposit = async (one: typeof payer, delay: number) =>
    one.authorizeDeposit((await one.channelFor(termed(delay))).id, 1n, Date.now())
  for (let delay = 1; delay <= 4; delay++) await deposit(payer, delay)
  await assert.rejects(payer.channelFor(termed(5)), is('channel_underfunded'))
  await payer.channelFor(termed(4))
  await payer.channelFor({ ...termed(5), provider: unique().slice(0, 42) as typeof offer.provider })
  // An owner may say otherwise.
  const generous = payerOn(paying, followed, { unused: 5 })
  await deposit(generous, 5)
  await assert.rejects(generous.channelFor(termed(6)), is('channel_underfunded'))
})

test('a job for which the exposure has no room waits until another ends, and is not signed for before', async t => {
  const { id, offer, payer } = await setup(t, 10_000n, 5_000)
  const [first, second] = [unique(), unique()]
  await payer.take(id, first, { delivered: 0n, next: EXPOSURE }, offer)
  let taken = false
  const waiting = payer.take(id, second, { delivered: 0n, next: EXPOSURE }, offer).then(voucher => {
    taken = true
    return voucher
  })
  // Awake, it looks again, and finds the exposure full still.
  for (let i = 0; i < 20; i++) {
    await payer.release(id, unique())
    await new Promise(setImmediate)
  }
  assert.equal(taken, false)
  await payer.release(id, first)
  assert.equal(BigInt((await waiting).ceiling), EXPOSURE)
})

test('what has no room even alone is refused at once', async t => {
  const { id, offer, payer } = await setup(t, 10_000n, 60_000)
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: EXPOSURE + 1n }, offer), is('exposure_exceeded'))
})

test('the payer signs no more than the exposure above what it owes, and no more than the deposit', async t => {
  const { id, offer, payer } = await setup(t, 1_500n)
  const job = unique()
  const above = { delivered: 0n, next: EXPOSURE + 1n }
  await assert.rejects(payer.take(id, job, above, offer), is('exposure_exceeded'))
  assert.equal((await payer.take(id, job, { delivered: 0n, next: 1n }, offer)).ceiling, '1000')
  assert.equal((await payer.take(id, job, { delivered: 900n, next: 101n }, offer)).ceiling, '1500')
  await assert.rejects(payer.take(id, job, { delivered: 1_400n, next: 101n }, offer), is('channel_underfunded'))
  await payer.release(id, job)
  assert.equal((await payer.take(id, unique(), { delivered: 0n, next: 1_000n }, offer)).ceiling, '1500')
})

test('a receipt whose running total is not the sum breaks the channel: no voucher is signed on it any more', async t => {
  const { id, offer, payer, paying, receiver } = await setup(t, 10_000n)
  const job = unique()
  await receiver.admit(await payer.take(id, job, { delivered: 0n, next: 100n }, offer), offer)
  const { receipt } = await settled(receiver, id, await reserved(receiver, id, 100n), 100n, job)
  await assert.rejects(payer.record(signedOf({ ...receipt, charged: '101' }), null), is('receipt_mismatch'))
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('receipt_mismatch'))
  assert.deepEqual(await paying.read('receipts', { where: { channel: id } }), [])
  assert.equal((await rowIn(paying, id)).charged, 0n)
})

test('another story about a place is kept and not paid: two of a place, some of a channel, and the first one stays', async t => {
  const { followed, id, offer, payer, paying, receiver } = await setup(t, 10_000n)
  await receiver.admit(await payer.take(id, unique(), { delivered: 0n, next: 100n }, offer), offer)
  const { receipt } = await settled(receiver, id, await reserved(receiver, id, 7n), 7n)
  await payer.record(signedOf(receipt), null)
  const kept = () => paying.read('refused', { where: { channel: id } })
  // The same one under another signature is no other story.
  assert.equal(await payer.record({ ...signedOf(receipt), signature: `0x${'11'.repeat(65)}` }, null), false)
  assert.deepEqual(await kept(), [])
  const stories = [{ finished: 1 }, { id: unique() }, { finished: 2 }, { finished: 1 }]
  for (const changes of stories)
    await assert.rejects(payer.record(signedOf({ ...receipt, ...changes }), null), is('receipt_mismatch'))
  assert.equal((await kept()).length, 2)
  for (let i = 0; i < 100; i++)
    await payer.refuse(id, signedOf({ ...receipt, id: unique(), sequence: `${1_000 + i}` }), 'another output')
  assert.equal((await kept()).length, 64)
  assert.deepEqual([(await rowIn(paying, id)).charged, await payer.chargedOn(id)], [7n, 7n])
  for (const one of [payer, payerOn(paying, followed)])
    await assert.rejects(one.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('receipt_mismatch'))
})

test('receipts that come out of order reconcile; one that comes twice counts once', async t => {
  const { followed, id, offer, payer, paying, receiver } = await setup(t, 10_000n)
  await receiver.admit(await payer.take(id, unique(), { delivered: 0n, next: 100n }, offer), offer)
  const receipts: SignedReceipt[] = []
  for (let i = 1n; i <= 4n; i++) receipts.push(await settled(receiver, id, await reserved(receiver, id, i), i))
  for (const [at, charged, sequence] of [
    [3, 4n, 0],
    [1, 6n, 0],
    [0, 7n, 2],
    [2, 10n, 4],
  ] as const) {
    assert.equal(await payer.record(receipts[at]!, null), true)
    assert.equal(await payer.record(receipts[at]!, null), false)
    for (const one of [payer, payerOn(paying, followed)]) {
      assert.equal(await one.chargedOn(id), charged)
      assert.equal(await one.sequenceOf(id), sequence)
    }
  }
  assert.equal((await rowIn(paying, id)).charged, 10n)
})

test('no voucher leaves before its ceiling is on disk, whatever runs beside it', async t => {
  const { followed, id, offer, paying } = await setup(t, 10_000n)
  const gates: (() => void)[] = []
  const gated = new Proxy(paying, {
    get(target, name) {
      if (name !== 'commit') return Reflect.get(target, name).bind(target)
      return async (...writes: readonly Write[]) => {
        await new Promise<void>(resolve => gates.push(resolve))
        await target.commit(...writes)
      }
    },
  })
  const payer = payerOn(gated, followed)
  await payer.sequenceOf(id)
  const given: string[] = []
  const take = (delivered: bigint, next: bigint) =>
    payer.take(id, unique(), { delivered, next }, offer).then(voucher => given.push(voucher.ceiling))
  const taken = [take(0n, 100n), take(0n, 10n), take(500n, 600n), take(0n, 10n)]
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual([given, gates.length], [[], 2])
  gates[0]!()
  await Promise.all(taken.slice(0, 2))
  assert.deepEqual(given, ['1000', '1000'])
  assert.equal((await rowIn(paying, id)).ceiling, 1_000n)
  gates[1]!()
  await Promise.all(taken)
  assert.deepEqual(given.slice(2), ['1500', '1500'])
})
