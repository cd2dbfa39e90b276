import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { EXPOSURE, is, rowIn, setup, signedOf, unique } from '../testing/parties.ts'

const { receiptOf } = fixture

test('a ceiling above what a provider finds too low is signed as far as the exposure goes, and no further', async t => {
  const { paying, payer, id, offer } = await setup(t, 10_000n)
  const job = unique()
  const first = await payer.take(id, job, { delivered: 0n, next: 100n }, offer)
  assert.equal(first.ceiling, `${EXPOSURE}`)
  // What lies there already is above: nothing is signed for it.
  assert.deepEqual(await payer.higher(id, EXPOSURE - 1n, offer), first)
  assert.equal(payer.vouchers(), 1)
  await assert.rejects(payer.higher(id, EXPOSURE, offer), is('busy'))
  const numbers = { sequence: '1', charge: '100', charged: '100' }
  await payer.record(signedOf(receiptOf({ id: job, channel: id, ...numbers })), null)
  const next = await payer.higher(id, EXPOSURE, offer)
  assert.equal(next.ceiling, `${EXPOSURE + 100n}`)
  assert.equal((await rowIn(paying, id)).ceiling, EXPOSURE + 100n, 'it is on disk')
})

test('no ceiling passes the deposit: what it does not reach is said to be underfunded', async t => {
  const { payer, id, offer, followed } = await setup(t, 300n)
  await payer.take(id, unique(), { delivered: 0n, next: 100n }, offer)
  await assert.rejects(payer.higher(id, 300n, offer), is('channel_underfunded'))
  followed.set(id, { balance: 301n })
  assert.equal((await payer.higher(id, 300n, offer)).ceiling, '301')
})

test('nothing higher is signed on a channel whose provider is not believed', async t => {
  const { payer, id, offer } = await setup(t, 10_000n)
  await payer.take(id, unique(), { delivered: 0n, next: 100n }, offer)
  await payer.distrust(id, 'it said what cannot be')
  await assert.rejects(payer.higher(id, 0n, offer), is('receipt_mismatch'))
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('receipt_mismatch'))
})
