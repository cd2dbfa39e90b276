import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Channel,
  DEPOSIT_COLLECTOR_ADDRESS,
  domainOf,
  type Hex,
  randomBytes,
  signVoucher,
  toHex,
  ZERO_ADDRESS,
} from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { is, reserved, rowIn, settled, setup, unique, wait } from '../testing/parties.ts'
import type { Reservation } from './receiver.ts'

const { keyOf, parties } = fixture

test('a voucher below the last one is refused; the last one again changes nothing', async t => {
  const { id, offer, paid, receiver, voucher } = await setup(t, 100n)
  await receiver.admit(voucher(50n), offer)
  const commits = paid.counters().commits
  await receiver.admit(voucher(50n), offer)
  assert.equal(paid.counters().commits, commits)
  for (const less of [49n, 0n]) await assert.rejects(receiver.admit(voucher(less), offer), is('voucher_decreasing'))
  assert.equal((await receiver.state(id)).ceiling, 50n)
})

test('a voucher above the deposit is refused, and admitted once the deposit is seen', async t => {
  const { followed, id, offer, paid, receiver, voucher } = await setup(t)
  await assert.rejects(receiver.admit(voucher(101n), offer), is('voucher_exceeds_deposit'))
  followed.set(id, { balance: 100n })
  await assert.rejects(receiver.admit(voucher(101n), offer), is('voucher_exceeds_deposit'))
  followed.set(id, { balance: 101n })
  await receiver.admit(voucher(101n), offer)
  assert.equal((await rowIn(paid, id)).ceiling, 101n)
})

test('a voucher of another signer, chain, contract or channel is refused', async t => {
  const { id, offer, receiver } = await setup(t, 100n)
  const here = domainOf(offer)
  const elsewhere = [
    signVoucher({ ...here, chainId: here.chainId + 1 }, id, 10n, parties.authorizer),
    signVoucher({ ...here, settlement: DEPOSIT_COLLECTOR_ADDRESS }, id, 10n, parties.authorizer),
    signVoucher(here, id, 10n, parties.payer),
    signVoucher(here, id, 10n, keyOf(9)),
    { ...signVoucher(here, unique(), 10n, parties.authorizer), channel: id },
    { ...signVoucher(here, id, 10n, parties.authorizer), ceiling: '11' },
    { ...signVoucher(here, id, 10n, parties.authorizer), signature: `0x${'00'.repeat(65)}` as Hex },
  ]
  for (const voucher of elsewhere) await assert.rejects(receiver.admit(voucher, offer), is('voucher_signature'))
  const unknown = signVoucher(here, unique(), 10n, parties.authorizer)
  await assert.rejects(receiver.admit(unknown, offer), is('channel_unknown'))
  assert.equal((await receiver.state(id)).ceiling, 0n)
})

test('a channel that is being withdrawn takes no voucher and no job; the payer opens another', async t => {
  const { followed, id, offer, payer, receiver, voucher } = await setup(t, 100n)
  await receiver.admit(voucher(50n), offer)
  followed.set(id, { withdrawal: { amount: 100n, after: 1 } })
  await assert.rejects(receiver.admit(voucher(60n), offer), is('withdrawal_begun'))
  await assert.rejects(receiver.reserve(id, 1n), is('withdrawal_begun'))
  assert.notEqual((await payer.channelFor(offer)).id, id)
})

test("only a channel of the receiver's own offer, chain and contract is registered", async t => {
  const { channel, offer, receiver } = await setup(t)
  const fresh: Channel = { ...channel, salt: unique() }
  await assert.rejects(receiver.register(unique(), fresh, offer), is('channel_mismatch'))
  const other = { ...fresh, receiver: toHex(randomBytes(20)) }
  await assert.rejects(receiver.register(unique(), other, offer), is('channel_mismatch'))
  const open = { ...fresh, payerAuthorizer: ZERO_ADDRESS }
  await assert.rejects(receiver.register(unique(), open, offer), is('authorizer_zero'))
})

test('a job waits for a higher voucher, is told what it takes, and is cut when none comes', async t => {
  const { id, offer, receiver, voucher } = await setup(t, 1_000n)
  await receiver.admit(voucher(10n), offer)
  assert.deepEqual(await receiver.reserve(id, 11n), { required: 11n })
  const reservation = await reserved(receiver, id, 10n)
  const asked: bigint[] = []
  const slow = { ask: (required: bigint) => void asked.push(required), timeout: 5_000, signal: wait.signal }
  const extended = receiver.extend(reservation, 30n, slow)
  await receiver.admit(voucher(29n), offer)
  await receiver.admit(voucher(30n), offer)
  await extended
  assert.deepEqual([asked, reservation.amount], [[30n], 30n])
  await assert.rejects(receiver.extend(reservation, 31n, wait), is('payer_stalled'))
  const gone = new AbortController()
  const aborted = receiver.extend(reservation, 31n, { ...slow, signal: gone.signal })
  gone.abort()
  await assert.rejects(aborted, is('aborted'))
  assert.equal(reservation.amount, 30n)
})

test('a running job that waits is let in before a new one, and when another gives its room back', async t => {
  const { id, offer, receiver, voucher } = await setup(t, 1_000n)
  await receiver.admit(voucher(20n), offer)
  const [running, other] = [await reserved(receiver, id, 10n), await reserved(receiver, id, 10n)]
  const asked: bigint[] = []
  const slow = { ask: (required: bigint) => void asked.push(required), timeout: 5_000, signal: wait.signal }
  const extended = receiver.extend(running, 15n, slow)
  await new Promise(setImmediate)
  await settled(receiver, id, other, 6n)
  assert.deepEqual(await receiver.reserve(id, 1n), { required: 22n }, 'the room of four is not a new job’s')
  assert.deepEqual(asked, [25n])
  await receiver.admit(voucher(21n), offer)
  await extended
  assert.equal(running.amount, 15n)
  assert.deepEqual(await receiver.reserve(id, 1n), { required: 22n })
})

test('what others take meanwhile is asked for again', async t => {
  const { id, offer, receiver, voucher } = await setup(t, 1_000n)
  const admit = (ceiling: bigint) => receiver.admit(voucher(ceiling), offer)
  await admit(20n)
  const [first, second] = [await reserved(receiver, id, 10n), await reserved(receiver, id, 10n)]
  const asked: bigint[][] = [[], []]
  const extend = (reservation: Reservation, at: number) =>
    receiver.extend(reservation, 20n, {
      ask: required => void asked[at]!.push(required),
      timeout: 5_000,
      signal: wait.signal,
    })
  const extended = [extend(first, 0), extend(second, 1)]
  await admit(30n)
  await extended[0]
  await admit(31n)
  assert.deepEqual(asked, [[30n], [30n, 40n]])
  await admit(40n)
  await extended[1]
  assert.deepEqual([first.amount, second.amount], [20n, 20n])
})

test('nothing is charged above what was reserved; a receipt that cannot be made takes no place', async t => {
  const { id, offer, receiver, voucher } = await setup(t, 100n)
  await receiver.admit(voucher(100n), offer)
  const reservation = await reserved(receiver, id, 10n)
  await assert.rejects(
    receiver.settle(reservation, 11n, () => []),
    is('internal'),
  )
  const broken = receiver.settle(reservation, 5n, () => {
    throw new Error('no signature')
  })
  await assert.rejects(broken, /no signature/)
  assert.deepEqual([(await receiver.state(id)).sequence, (await receiver.state(id)).charged], [0, 0n])
  const { receipt } = await settled(receiver, id, reservation, 5n)
  assert.deepEqual([receipt.sequence, receipt.charged], ['1', '5'])
})

test('who waits for room is asked for exactly the ceiling that makes it, also the smallest there is, and again when that grows', async t => {
  const { followed, id, offer, receiver, voucher } = await setup(t, 1_000n)
  const asked: bigint[] = []
  const asking = { ...wait, timeout: 600_000, ask: (required: bigint) => void asked.push(required) }
  const first = receiver.reserveSoon(id, 1n, asking)
  await receiver.state(id)
  assert.deepEqual(asked, [1n])
  await receiver.admit(voucher(1n), offer)
  const held = await first
  const second = receiver.reserveSoon(id, 5n, asking)
  await receiver.state(id)
  assert.deepEqual(asked, [1n, 6n])
  followed.set(id, { balance: 1_000n })
  await receiver.admit(voucher(6n), offer)
  assert.equal((await second).amount, 5n)
  assert.equal(held.amount, 1n)
})
