import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { is, payerOn, reserved, rowIn, settled, setup, signedOf, unique, wait } from './testing/parties.ts'

const { receiptOf } = fixture

test('a ledger that fails takes memory back to the disk: ceilings, charges, channels, deposits', async t => {
  const { followed, id, offer, paid, payer, paying, receiver, voucher } = await setup(t, 10_000n)
  await receiver.admit(await payer.take(id, unique(), { delivered: 0n, next: 100n }, offer), offer)
  const reservation = await reserved(receiver, id, 50n)
  const onDisk = { paying: await rowIn(paying, id), paid: await rowIn(paid, id) }
  const same = async () => {
    assert.deepEqual({ paying: await rowIn(paying, id), paid: await rowIn(paid, id) }, onDisk)
    const { ceiling, charged, sequence } = await receiver.state(id)
    assert.deepEqual([ceiling, charged, sequence], [onDisk.paid.ceiling, onDisk.paid.charged, onDisk.paid.sequence])
    const known = (await payer.channelsWith(offer.provider)).map(({ row }) => row)
    assert.deepEqual(known, [onDisk.paying])
  }
  paid.failNext(1)
  await assert.rejects(settled(receiver, id, reservation, 50n), is('disk_full'))
  await same()
  await assert.rejects(settled(receiver, id, reservation, 50n), is('ledger_failed'))
  await assert.rejects(receiver.extend(reservation, 51n, wait), is('ledger_failed'))
  await receiver.release(reservation)
  paid.failNext(1)
  await assert.rejects(receiver.admit(voucher(2_000n), offer), is('disk_full'))
  await same()
  assert.ok('required' in (await receiver.reserve(id, 1_001n)))
  paying.failNext(1)
  await assert.rejects(payer.take(id, unique(), { delivered: 500n, next: 600n }, offer), is('disk_full'))
  await same()
  paying.failNext(1)
  await assert.rejects(payer.authorizeDeposit(id, 5n, 0), is('disk_full'))
  await same()
  paying.failNext(1)
  const charge = { id: unique(), channel: id, sequence: '1', charge: '7', charged: '7' }
  await assert.rejects(payer.record(signedOf(receiptOf(charge)), null), is('disk_full'))
  await same()
  assert.equal(await payer.record(signedOf(receiptOf(charge)), null), true)
  assert.equal(await payerOn(paying, followed).chargedOn(id), 7n)
})

test('a failure in the midst of many loses all that waited behind it, and no place twice', async t => {
  const { id, offer, paid, receiver, voucher } = await setup(t, 10_000n)
  await receiver.admit(voucher(1_000n), offer)
  const reservations = await Promise.all(Array.from({ length: 6 }, () => reserved(receiver, id, 1n)))
  const first = reservations.slice(0, 3).map(one => settled(receiver, id, one, 1n))
  await Promise.all(first)
  paid.failNext(1)
  const rest = await Promise.allSettled(reservations.slice(3).map(one => settled(receiver, id, one, 1n)))
  assert.deepEqual(
    rest.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  const { receipt } = await settled(receiver, id, await reserved(receiver, id, 1n), 1n)
  assert.deepEqual([receipt.sequence, receipt.charged], ['4', '4'])
})
