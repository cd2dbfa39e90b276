import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EXPOSURE, is, reserved, setup, unique } from './testing/parties.ts'

const HOUR = 3_600_000

/** The clock of this machine is set, as by a time server or a laptop that slept, while `act` runs. */
async function withClockSet(by: number, act: () => Promise<void>): Promise<void> {
  const real = Date.now
  Date.now = () => real() + by
  try {
    await act()
  } finally {
    Date.now = real
  }
}

for (const by of [-HOUR, HOUR]) {
  const set = by < 0 ? 'back' : 'forward'

  test(`a clock set ${set} an hour changes nothing for a payer that waits for room`, { timeout: 60_000 }, async t => {
    const { id, offer, payer } = await setup(t, 10_000n, 300)
    await payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer)
    const waiting = payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer)
    waiting.catch(() => undefined)
    await withClockSet(by, () => assert.rejects(waiting, is('busy')))
  })

  test(`nor for one that another job makes room for, set ${set}`, { timeout: 60_000 }, async t => {
    const { id, offer, payer } = await setup(t, 10_000n, 50_000)
    const first = unique()
    await payer.take(id, first, { delivered: 0n, next: EXPOSURE }, offer)
    const waiting = payer.take(id, unique(), { delivered: 0n, next: EXPOSURE }, offer)
    await withClockSet(by, async () => {
      await payer.release(id, first)
      await waiting
    })
  })

  test(`nor for a receiver whose payer does not raise, set ${set}`, { timeout: 60_000 }, async t => {
    const { id, offer, receiver, voucher } = await setup(t, 10_000n)
    await receiver.admit(voucher(100n), offer)
    const reservation = await reserved(receiver, id, 100n)
    const wait = { ask: () => undefined, timeout: 300, signal: new AbortController().signal }
    const more = receiver.extend(reservation, 200n, wait)
    const another = receiver.reserveSoon(id, 100n, wait)
    for (const one of [more, another]) one.catch(() => undefined)
    await withClockSet(by, async () => {
      await assert.rejects(more, is('payer_stalled'))
      await assert.rejects(another, is('voucher_required'))
    })
  })
}
