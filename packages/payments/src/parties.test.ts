import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Ledger, openSqliteLedger, type Row, readOne, type Write } from '@heddle/ledger'
import {
  type Channel,
  DEPOSIT_COLLECTOR_ADDRESS,
  type Deposit,
  domainOf,
  type ErrorCode,
  type Hex,
  isHeddleError,
  type Offer,
  type Receipt,
  randomBytes,
  recoverDeposit,
  recoverVoucher,
  type SignedReceipt,
  signVoucher,
  toHex,
  ZERO_ADDRESS,
} from '@heddle/protocol'
import { FakeFollowed, failing, fixture } from '@heddle/testing'
import fc from 'fast-check'
import type { Followed } from './chain/followed.ts'
import { Payer } from './payer/payer.ts'
import { Receiver, type Reservation } from './receiver/receiver.ts'

const { keyOf, parties, receiptOf } = fixture
const EXPOSURE = 1_000n
const tokenDomain = { name: 'Heddle', version: '1', chainId: fixture.domain.chainId, token: fixture.offer.asset }
const unique = (): Hex => toHex(randomBytes(32))
const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

const directory = mkdtempSync(join(tmpdir(), 'heddle-parties-'))
type Failing = Ledger & { failNext(commits: number): void }
let paying: Failing
let paid: Failing
before(async () => {
  paying = failing(await openSqliteLedger(join(directory, 'paying.db')))
  paid = failing(await openSqliteLedger(join(directory, 'paid.db')))
})
after(async () => {
  await Promise.all([paying.close(), paid.close()])
  rmSync(directory, { recursive: true, force: true })
})

const payerOn = (ledger: Ledger, followed: FakeFollowed, patience = 0): Payer =>
  new Payer({
    patience,
    ledger,
    followed: followed as unknown as Followed,
    payer: parties.payer,
    authorizer: parties.authorizer,
    tokenDomain: async () => tokenDomain,
  })
const receiverOn = (ledger: Ledger, followed: FakeFollowed): Receiver =>
  new Receiver({ ledger, followed: followed as unknown as Followed })

/** A payer and a receiver with a channel of their own between them, on the two ledgers. */
async function meet(balance = 0n, exposure = EXPOSURE, patience = 0) {
  const followed = new FakeFollowed()
  const offer: Offer = {
    ...fixture.offer,
    provider: toHex(randomBytes(20)),
    receiver: toHex(randomBytes(20)),
    exposure: exposure.toString(),
  }
  const payer = payerOn(paying, followed, patience)
  const receiver = receiverOn(paid, followed)
  const { id, channel } = await payer.channelFor(offer)
  await receiver.register(id, channel, offer)
  if (balance > 0n) followed.set(id, { balance })
  return { followed, offer, payer, receiver, id, channel }
}

const rowIn = async (ledger: Ledger, id: Hex): Promise<Row<'channels'>> => (await readOne(ledger, 'channels', { id }))!

const signedOf = (receipt: Receipt): SignedReceipt => ({
  receipt,
  path: { index: 0, size: 1, siblings: [] },
  signature: `0x${'00'.repeat(65)}`,
})

/** Settles a reservation and gives the receipt that it made. */
async function settled(receiver: Receiver, id: Hex, reservation: Reservation, charge: bigint, job = unique()) {
  let receipt: Receipt | undefined
  await receiver.settle(reservation, charge, ({ sequence, charged }) => {
    const numbers = { sequence: `${sequence}`, charge: `${charge}`, charged: `${charged}` }
    receipt = receiptOf({ id: job, channel: id, ...numbers })
    return []
  })
  return signedOf(receipt!)
}

async function reserved(receiver: Receiver, id: Hex, amount: bigint): Promise<Reservation> {
  const held = await receiver.reserve(id, amount)
  assert.ok('reservation' in held, 'no room')
  return held.reservation
}

const wait = { ask: () => undefined, timeout: 1, signal: AbortSignal.timeout(60_000) }

test('a voucher below the last one is refused; the last one again changes nothing', async () => {
  const { id, offer, receiver } = await meet(100n)
  const sign = (ceiling: bigint) => signVoucher(domainOf(offer), id, ceiling, parties.authorizer)
  await receiver.admit(sign(50n), offer)
  const commits = paid.counters().commits
  await receiver.admit(sign(50n), offer)
  assert.equal(paid.counters().commits, commits)
  for (const less of [49n, 0n]) await assert.rejects(receiver.admit(sign(less), offer), is('voucher_decreasing'))
  assert.equal((await receiver.state(id)).ceiling, 50n)
})

test('a voucher above the deposit is refused, and admitted once the deposit is seen', async () => {
  const { followed, id, offer, receiver } = await meet()
  const voucher = signVoucher(domainOf(offer), id, 101n, parties.authorizer)
  await assert.rejects(receiver.admit(voucher, offer), is('voucher_exceeds_deposit'))
  followed.set(id, { balance: 100n })
  await assert.rejects(receiver.admit(voucher, offer), is('voucher_exceeds_deposit'))
  followed.set(id, { balance: 101n })
  await receiver.admit(voucher, offer)
  assert.equal((await rowIn(paid, id)).ceiling, 101n)
})

test('a voucher of another signer, chain, contract or channel is refused', async () => {
  const { id, offer, receiver } = await meet(100n)
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

test('a channel that is being withdrawn takes no voucher and no job; the payer opens another', async () => {
  const { followed, id, offer, payer, receiver } = await meet(100n)
  await receiver.admit(signVoucher(domainOf(offer), id, 50n, parties.authorizer), offer)
  followed.set(id, { withdrawal: { amount: 100n, after: 1 } })
  const higher = signVoucher(domainOf(offer), id, 60n, parties.authorizer)
  await assert.rejects(receiver.admit(higher, offer), is('withdrawal_begun'))
  await assert.rejects(receiver.reserve(id, 1n), is('withdrawal_begun'))
  assert.notEqual((await payer.channelFor(offer)).id, id)
})

test("only a channel of the receiver's own offer, chain and contract is registered", async () => {
  const { channel, offer, receiver } = await meet()
  const fresh: Channel = { ...channel, salt: unique() }
  await assert.rejects(receiver.register(unique(), fresh, offer), is('channel_mismatch'))
  const other = { ...fresh, receiver: toHex(randomBytes(20)) }
  await assert.rejects(receiver.register(unique(), other, offer), is('channel_mismatch'))
  const open = { ...fresh, payerAuthorizer: ZERO_ADDRESS }
  await assert.rejects(receiver.register(unique(), open, offer), is('authorizer_zero'))
})

test('callers that ask at once for a channel get one', async () => {
  const { id, offer, payer } = await meet()
  const found = await Promise.all(Array.from({ length: 5 }, () => payer.channelFor(offer)))
  assert.deepEqual(new Set(found.map(one => one.id)), new Set([id]))
  const next = { ...offer, withdrawDelay: offer.withdrawDelay + 1 }
  const made = await Promise.all(Array.from({ length: 5 }, () => payer.channelFor(next)))
  assert.equal(new Set(made.map(one => one.id)).size, 1)
  assert.equal((await payer.channelsWith(offer.provider)).length, 2)
})

test('a job for which the exposure has no room waits until another ends, and is not signed for before', async () => {
  const { id, offer, payer } = await meet(10_000n, EXPOSURE, 5_000)
  const [first, second] = [unique(), unique()]
  await payer.take(id, first, { delivered: 0n, next: EXPOSURE }, offer)
  let taken = false
  const waiting = payer.take(id, second, { delivered: 0n, next: EXPOSURE }, offer).then(voucher => {
    taken = true
    return voucher
  })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(taken, false)
  await payer.release(id, first)
  assert.equal(BigInt((await waiting).ceiling), EXPOSURE)
})

test('what has no room even alone is refused at once', async () => {
  const { id, offer, payer } = await meet(10_000n, EXPOSURE, 60_000)
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: EXPOSURE + 1n }, offer), is('exposure_exceeded'))
})

test('the payer signs no more than the exposure above what it owes, and no more than the deposit', async () => {
  const { id, offer, payer } = await meet(1_500n)
  const job = unique()
  const above = { delivered: 0n, next: EXPOSURE + 1n }
  await assert.rejects(payer.take(id, job, above, offer), is('exposure_exceeded'))
  assert.equal((await payer.take(id, job, { delivered: 0n, next: 1n }, offer)).ceiling, '1000')
  assert.equal((await payer.take(id, job, { delivered: 900n, next: 101n }, offer)).ceiling, '1500')
  await assert.rejects(payer.take(id, job, { delivered: 1_400n, next: 101n }, offer), is('channel_underfunded'))
  await payer.release(id, job)
  assert.equal((await payer.take(id, unique(), { delivered: 0n, next: 1_000n }, offer)).ceiling, '1500')
})

test('a receipt whose running total is not the sum breaks the channel: no voucher is signed on it any more', async () => {
  const { id, offer, payer, receiver } = await meet(10_000n)
  const job = unique()
  await receiver.admit(await payer.take(id, job, { delivered: 0n, next: 100n }, offer), offer)
  const { receipt } = await settled(receiver, id, await reserved(receiver, id, 100n), 100n, job)
  await assert.rejects(payer.record(signedOf({ ...receipt, charged: '101' }), null), is('receipt_mismatch'))
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('receipt_mismatch'))
  assert.deepEqual(await paying.read('receipts', { where: { channel: id } }), [])
  assert.equal((await rowIn(paying, id)).charged, 0n)
})

test('receipts that come out of order reconcile; one that comes twice counts once', async () => {
  const { followed, id, offer, payer, receiver } = await meet(10_000n)
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

test('no voucher leaves before its ceiling is on disk, whatever runs beside it', async () => {
  const { followed, id, offer } = await meet(10_000n)
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

test('a job waits for a higher voucher, is told what it takes, and is cut when none comes', async () => {
  const { id, offer, receiver } = await meet(1_000n)
  const voucher = (ceiling: bigint) => signVoucher(domainOf(offer), id, ceiling, parties.authorizer)
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

test('a running job that waits is let in before a new one, and when another gives its room back', async () => {
  const { id, offer, receiver } = await meet(1_000n)
  await receiver.admit(signVoucher(domainOf(offer), id, 20n, parties.authorizer), offer)
  const [running, other] = [await reserved(receiver, id, 10n), await reserved(receiver, id, 10n)]
  const asked: bigint[] = []
  const slow = { ask: (required: bigint) => void asked.push(required), timeout: 5_000, signal: wait.signal }
  const extended = receiver.extend(running, 15n, slow)
  await new Promise(setImmediate)
  await settled(receiver, id, other, 6n)
  assert.deepEqual(await receiver.reserve(id, 1n), { required: 22n }, 'the room of four is not a new job’s')
  assert.deepEqual(asked, [25n])
  await receiver.admit(signVoucher(domainOf(offer), id, 21n, parties.authorizer), offer)
  await extended
  assert.equal(running.amount, 15n)
  assert.deepEqual(await receiver.reserve(id, 1n), { required: 22n })
})

test('what others take meanwhile is asked for again', async () => {
  const { id, offer, receiver } = await meet(1_000n)
  const admit = (ceiling: bigint) =>
    receiver.admit(signVoucher(domainOf(offer), id, ceiling, parties.authorizer), offer)
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

test('nothing is charged above what was reserved; a receipt that cannot be made takes no place', async () => {
  const { id, offer, receiver } = await meet(100n)
  await receiver.admit(signVoucher(domainOf(offer), id, 100n, parties.authorizer), offer)
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

test('a ledger that fails takes memory back to the disk: ceilings, charges, channels, deposits', async () => {
  const { followed, id, offer, payer, receiver } = await meet(10_000n)
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
  const higher = signVoucher(domainOf(offer), id, 2_000n, parties.authorizer)
  await assert.rejects(receiver.admit(higher, offer), is('disk_full'))
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

test('a failure in the midst of many loses all that waited behind it, and no place twice', async () => {
  const { id, offer, receiver } = await meet(10_000n)
  await receiver.admit(signVoucher(domainOf(offer), id, 1_000n, parties.authorizer), offer)
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

test('a deposit is authorized once at a time, also by callers at once, and recovers to its payer', async () => {
  const { id, payer } = await meet()
  const made = await Promise.all(Array.from({ length: 4 }, () => payer.authorizeDeposit(id, 5n, 0)))
  for (const one of made) assert.deepEqual(one, made[0])
  assert.equal(recoverDeposit(tokenDomain, id, made[0]!), parties.payer.address)
  const expiry = made[0]!.validBefore * 1000
  assert.deepEqual(await payer.authorizeDeposit(id, 5n, expiry + 60_000), made[0], 'a slow chain may still take it')
  assert.notEqual((await payer.authorizeDeposit(id, 5n, expiry + 120_000)).salt, made[0]!.salt)
})

test('a deposit is authorized beside a raise without taking the ceiling back', async () => {
  const { followed, id, offer } = await meet(10_000n)
  let answer: () => void = () => undefined
  const payer = new Payer({
    patience: 0,
    ledger: paying,
    followed: followed as unknown as Followed,
    payer: parties.payer,
    authorizer: parties.authorizer,
    tokenDomain: () =>
      new Promise(resolve => {
        answer = () => resolve(tokenDomain)
      }),
  })
  const authorized = payer.authorizeDeposit(id, 5n, 0)
  await payer.sequenceOf(id)
  paying.failNext(1)
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('disk_full'))
  await payer.take(id, unique(), { delivered: 0n, next: 1n }, offer)
  answer()
  await authorized
  assert.equal((await rowIn(paying, id)).ceiling, 1_000n)
})

/** A chain that executes an authorization once, in its time, and a follower that sees it later. */
test('whatever crashes between signing, sending and seeing, no deposit is made twice', async () => {
  const step = fc.constantFrom('authorize', 'crash', 'send', 'see')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const { followed, id, payer: first } = await meet()
      let payer = first
      let held: Deposit | undefined
      const executed = new Set<Hex>()
      let seen = 0
      for (const one of steps) {
        if (one === 'authorize') held = await payer.authorizeDeposit(id, 5n, 0)
        if (one === 'crash') payer = payerOn(paying, followed)
        if (one === 'send' && held) executed.add(held.salt)
        if (one === 'see') {
          seen = executed.size
          followed.set(id, { balance: BigInt(seen) * 5n })
        }
        assert.ok(executed.size - seen <= 1, 'two deposits, and the first was not seen yet')
      }
    }),
    { numRuns: 25 },
  )
})

type Step =
  | { do: 'deposit' | 'ask' | 'chunk'; amount: number; job: number }
  | { do: 'finish' | 'abandon' | 'arrive'; job: number }
  | { do: 'restart payer' | 'restart receiver' | 'payer disk full' | 'receiver disk full' }

const at = fc.nat(5)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant('deposit' as const), amount: fc.nat(3_000), job: at }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), amount: fc.nat(700), job: at }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('chunk' as const), amount: fc.nat(400), job: at }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'arrive' as const), job: at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abandon' as const), job: at }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'restart payer' as const,
          'restart receiver' as const,
          'payer disk full' as const,
          'receiver disk full' as const,
        ),
      }),
    },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
)

type Running = { job: Hex; reservation: Reservation; delivered: bigint; next: bigint }

/** Two honest parties, their crashes and their full disks, and what must hold after every step. */
class Story {
  readonly #met: Awaited<ReturnType<typeof meet>>
  #payer: Payer
  #receiver: Receiver
  #running: Running[] = []
  #onTheWay: SignedReceipt[] = []
  /** Receipts whose jobs the payer does not remember: they may take room that it counts on. */
  readonly #forgotten = new Set<string>()
  #made: Receipt[] = []
  #highest = 0n

  constructor(met: Awaited<ReturnType<typeof meet>>) {
    this.#met = met
    this.#payer = met.payer
    this.#receiver = met.receiver
  }

  async step(step: Step): Promise<void> {
    const { followed, id } = this.#met
    if (step.do === 'payer disk full') paying.failNext(1)
    else if (step.do === 'receiver disk full') paid.failNext(1)
    else if (step.do === 'restart payer') await this.#restartPayer()
    else if (step.do === 'restart receiver') await this.#restartReceiver()
    else if (step.do === 'ask') await this.#ask(BigInt(step.amount))
    else if (step.do === 'arrive') await this.#arrive(step.job)
    else if (step.do === 'deposit') {
      followed.set(id, { balance: (followed.channel(id)?.balance ?? 0n) + BigInt(step.amount) })
    } else if ('job' in step) {
      const running = this.#running[step.job % Math.max(1, this.#running.length)]
      if (running && step.do === 'chunk') await this.#chunk(running, BigInt(step.amount))
      else if (running && step.do === 'finish') await this.#finish(running, running.delivered + running.next)
      else if (running) await this.#abandon(running)
    }
    await this.#check()
  }

  #owed(): bigint {
    return this.#running.reduce((sum, { delivered }) => sum + delivered, 0n)
  }

  /** What the payer does before each chunk. Gives false when it cannot, or its disk failed. */
  async #cover(job: Hex, delivered: bigint, next: bigint): Promise<boolean> {
    const { id, offer } = this.#met
    const before = (await rowIn(paying, id)).ceiling
    const owed = (await this.#payer.chargedOn(id)) + this.#owedOnTheWay() + this.#owed()
    let side: 'payer' | 'receiver' = 'payer'
    try {
      const voucher = await this.#payer.take(id, job, { delivered, next }, offer)
      const ceiling = BigInt(voucher.ceiling)
      assert.equal(recoverVoucher(domainOf(offer), voucher), parties.authorizer.address)
      assert.ok((await rowIn(paying, id)).ceiling >= ceiling, 'a voucher left before its ceiling was on disk')
      assert.ok(ceiling >= this.#highest, 'a ceiling went down')
      const running = this.#running.find(one => one.job === job)
      const more = delivered - (running?.delivered ?? 0n)
      if (ceiling > before) assert.ok(ceiling <= owed + more + EXPOSURE, 'more exposed than the offer asks for')
      this.#highest = ceiling
      side = 'receiver'
      await this.#receiver.admit(voucher, offer)
      return true
    } catch (error) {
      if (isHeddleError(error, 'disk_full')) await this.#afterFailure(side)
      else
        assert.ok(
          isHeddleError(error, 'exposure_exceeded') || isHeddleError(error, 'channel_underfunded'),
          String(error),
        )
      return false
    }
  }

  /** Delivered and charged by the receiver, remembered by the payer, but not recorded yet. */
  #owedOnTheWay(): bigint {
    return this.#onTheWay
      .filter(({ receipt }) => !this.#forgotten.has(receipt.id))
      .reduce((sum, { receipt }) => sum + BigInt(receipt.charge), 0n)
  }

  async #ask(next: bigint): Promise<void> {
    const { id } = this.#met
    const job = unique()
    if (!(await this.#cover(job, 0n, next))) return
    const held = await this.#receiver.reserve(id, next)
    if ('reservation' in held) {
      this.#running.push({ job, reservation: held.reservation, delivered: 0n, next })
      return
    }
    assert.ok(this.#forgotten.size > 0, 'the payer covered a chunk that the receiver has no room for')
    await this.#payer.release(id, job)
  }

  async #chunk(running: Running, next: bigint): Promise<void> {
    const delivered = running.delivered + running.next
    if (!(await this.#cover(running.job, delivered, next))) {
      if (this.#running.includes(running)) await this.#finish(running, delivered)
      return
    }
    try {
      await this.#receiver.extend(running.reservation, delivered + next, wait)
      running.delivered = delivered
      running.next = next
    } catch (error) {
      assert.ok(isHeddleError(error, 'payer_stalled') && this.#forgotten.size > 0, String(error))
      await this.#finish(running, delivered)
    }
  }

  async #finish(running: Running, charge: bigint): Promise<void> {
    const { id, offer } = this.#met
    // The payer has been delivered the last chunk: it owes that before the receipt comes.
    if (running.next > 0n) await this.#payer.take(id, running.job, { delivered: charge, next: 0n }, offer)
    try {
      const receipt = await settled(this.#receiver, id, running.reservation, charge, running.job)
      this.#running = this.#running.filter(one => one !== running)
      this.#made.push(receipt.receipt)
      this.#onTheWay.push(receipt)
    } catch (error) {
      assert.ok(isHeddleError(error, 'disk_full'), String(error))
      await this.#afterFailure('receiver')
    }
  }

  async #abandon(running: Running): Promise<void> {
    await this.#receiver.release(running.reservation)
    await this.#payer.release(this.#met.id, running.job)
    this.#running = this.#running.filter(one => one !== running)
  }

  async #arrive(which: number): Promise<void> {
    const receipt = this.#onTheWay[which % Math.max(1, this.#onTheWay.length)]
    if (!receipt) return
    try {
      assert.equal(await this.#payer.record(receipt, null), true)
      this.#onTheWay = this.#onTheWay.filter(one => one !== receipt)
      this.#forgotten.delete(receipt.receipt.id)
    } catch (error) {
      assert.ok(isHeddleError(error, 'disk_full'), String(error))
      await this.#afterFailure('payer')
    }
  }

  /** One side has lost its memory: no running job goes on; what is durable is what counts. */
  async #afterFailure(side: 'payer' | 'receiver'): Promise<void> {
    paying.failNext(0)
    paid.failNext(0)
    if (side === 'payer') for (const { receipt } of this.#onTheWay) this.#forgotten.add(receipt.id)
    for (const running of this.#running) {
      await this.#receiver.release(running.reservation)
      await this.#payer.release(this.#met.id, running.job)
    }
    this.#running = []
  }

  async #restartPayer(): Promise<void> {
    const { followed, id, offer } = this.#met
    const look = async (payer: Payer) => [
      await payer.chargedOn(id),
      await payer.sequenceOf(id),
      await payer.channelsWith(offer.provider),
    ]
    const before = await look(this.#payer)
    this.#payer = payerOn(paying, followed)
    assert.deepEqual(await look(this.#payer), before)
    await this.#afterFailure('payer')
  }

  async #restartReceiver(): Promise<void> {
    const { followed, id } = this.#met
    const before = await this.#receiver.state(id)
    await this.#afterFailure('receiver')
    this.#receiver = receiverOn(paid, followed)
    assert.deepEqual(await this.#receiver.state(id), before)
  }

  async #check(): Promise<void> {
    const { followed, id } = this.#met
    const balance = followed.channel(id)?.balance ?? 0n
    const [ours, theirs] = [await rowIn(paying, id), await rowIn(paid, id)]
    const state = await this.#receiver.state(id)
    assert.deepEqual([state.ceiling, state.charged, state.sequence], [theirs.ceiling, theirs.charged, theirs.sequence])
    assert.ok(theirs.charged <= theirs.ceiling && theirs.ceiling <= ours.ceiling && ours.ceiling <= balance)
    const reservedNow = this.#running.reduce((sum, { reservation }) => sum + reservation.amount, 0n)
    assert.ok(theirs.charged + reservedNow <= theirs.ceiling, 'work without a durable ceiling')
    let charged = 0n
    for (const [i, receipt] of this.#made.entries()) {
      charged += BigInt(receipt.charge)
      assert.deepEqual([receipt.sequence, receipt.charged], [`${i + 1}`, `${charged}`])
    }
    assert.equal(theirs.charged, charged)
    const missing = this.#onTheWay.reduce((sum, { receipt }) => sum + BigInt(receipt.charge), 0n)
    assert.equal((await this.#payer.chargedOn(id)) + missing, charged)
  }

  async end(): Promise<void> {
    await this.#afterFailure('payer')
    while (this.#onTheWay.length > 0) await this.#arrive(0)
    await this.#check()
    const { id } = this.#met
    const [ours, theirs] = [await rowIn(paying, id), await rowIn(paid, id)]
    assert.deepEqual([ours.charged, ours.sequence], [theirs.charged, theirs.sequence])
    const receipts = await paying.read('receipts', { where: { channel: id }, order: { by: 'sequence' } })
    assert.deepEqual(
      receipts.map(({ sequence }) => sequence),
      this.#made.map((_, i) => i + 1),
    )
  }
}

test('payer and receiver, through any story of jobs, crashes and full disks, keep to the money’s rules', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      const story = new Story(await meet())
      for (const step of all) await story.step(step)
      await story.end()
    }),
    { numRuns: 40, endOnFailure: true },
  )
})
