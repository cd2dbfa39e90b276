import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { is, meet, openLedgers, receiverOn, reserved, settled, setup, wait } from '../testing/parties.ts'

test('a ledger that was lost: what was claimed under it is never worked for again, whatever is asked first', async t => {
  const { followed, id, channel, offer, receiver, voucher } = await setup(t, 1_000n)
  followed.set(id, { claimed: 900n })
  await assert.rejects(receiver.register(id, channel, offer), is('channel_overclaimed'))
  for (const ceiling of [900n, 1_000n])
    await assert.rejects(receiver.admit(voucher(ceiling), offer), is('channel_overclaimed'))
  await assert.rejects(receiver.reserve(id, 1n), is('channel_overclaimed'))
  assert.deepEqual(await receiver.claimable(), [])
})

test('a channel that only the chain knows is not even remembered', async t => {
  const { followed, id, channel, offer } = await setup(t, 1_000n)
  followed.set(id, { claimed: 1n })
  const { paid } = await openLedgers(t)
  await assert.rejects(receiverOn(paid, followed).register(id, channel, offer), is('channel_overclaimed'))
  assert.deepEqual(await paid.read('channels'), [])
})

test('a ledger that was lost: a channel from before it is not worked for, though nothing was claimed on it yet', async t => {
  const { followed, id, channel, offer, receiver, voucher } = await setup(t, 1_000n)
  // It was named here before the chain had been read so far.
  followed.set(id, { older: true })
  await assert.rejects(receiver.register(id, channel, offer), is('channel_overclaimed'))
  await assert.rejects(receiver.admit(voucher(500n), offer), is('channel_overclaimed'))
  await assert.rejects(receiver.reserve(id, 0n), is('channel_overclaimed'))
  const { paid } = await openLedgers(t)
  await assert.rejects(receiverOn(paid, followed).register(id, channel, offer), is('channel_overclaimed'))
  assert.deepEqual(await paid.read('channels'), [])
})

test('it becomes known while jobs run: each is charged what it holds, and gets no more', async t => {
  const { followed, id, offer, receiver, voucher } = await setup(t, 1_000n)
  await receiver.admit(voucher(500n), offer)
  const running = await reserved(receiver, id, 100n)
  followed.set(id, { claimed: 300n })
  await assert.rejects(receiver.extend(running, 200n, wait), is('channel_overclaimed'))
  await settled(receiver, id, running, 100n)
  assert.equal((await receiver.state(id)).charged, 100n)
  await assert.rejects(receiver.reserve(id, 1n), is('channel_overclaimed'))
})

test('whatever was charged and claimed: work goes on exactly while no more is claimed than was charged', async t => {
  const ledgers = await openLedgers(t)
  const amount = fc.bigInt({ min: 0n, max: 100n })
  await fc.assert(
    fc.asyncProperty(amount, amount, async (charge, claimed) => {
      const { followed, id, offer, receiver, voucher } = await meet(ledgers, 1_000n)
      await receiver.admit(voucher(500n), offer)
      await settled(receiver, id, await reserved(receiver, id, charge), charge)
      followed.set(id, { claimed })
      if (claimed <= charge) await reserved(receiver, id, 1n)
      else await assert.rejects(receiver.reserve(id, 1n), is('channel_overclaimed'))
    }),
    { numRuns: 50 },
  )
})
