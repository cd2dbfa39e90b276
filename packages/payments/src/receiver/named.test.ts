import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put } from '@heddle/ledger'
import { type Channel, channelId, domainOf, type Hex, signVoucher, type Voucher } from '@heddle/protocol'
import { FakeFollowed, fixture } from '@heddle/testing'
import fc from 'fast-check'
import {
  is,
  type Ledgers,
  nameOthers,
  openLedgers,
  receiverOn,
  reserved,
  rowIn,
  settled,
  setup,
  unique,
} from '../testing/parties.ts'
import type { Rail } from '../x402/rail.ts'
import type { Receiver } from './receiver.ts'

const { parties, channel: terms, offer } = fixture

test('three thousand channels without a deposit leave no row, and the last thousand are remembered', async t => {
  const met = await setup(t)
  const { id, channel, paid, receiver } = met
  const { commits } = paid.counters()
  const ids = await nameOthers(receiver, met, 3_000)
  assert.equal(paid.counters().commits, commits)
  assert.deepEqual(await paid.read('channels'), [])
  const known = await Promise.all(ids.map(async one => (await receiver.rail(one)) !== undefined))
  assert.deepEqual(known.lastIndexOf(false), 1_999)
  assert.equal(known.filter(Boolean).length, 1_000)

  await assert.rejects(receiver.state(id), is('channel_unknown'), 'it is the oldest')
  await receiver.register(id, channel, met.offer)
  met.followed.set(id, { balance: 100n })
  await receiver.admit(met.voucher(50n), met.offer)
  await settled(receiver, id, await reserved(receiver, id, 20n), 20n)
  await nameOthers(receiver, met, 1_000)
  assert.equal((await receiver.state(id)).charged, 20n)
  assert.deepEqual(await paid.read('channels'), [await rowIn(paid, id)])
})

test('what is looked at is remembered; one on which a job waits for its voucher, too', async t => {
  const met = await setup(t)
  const { id, paid, followed, offer: terms, voucher } = met
  const receiver = receiverOn(paid, followed, 2)
  await receiver.register(id, met.channel, terms)
  for (let i = 0; i < 4; i++) {
    await nameOthers(receiver, met, 1)
    await receiver.state(id)
  }
  const asked = Promise.withResolvers<bigint>()
  const waits = receiver.reserveSoon(id, 7n, {
    ask: asked.resolve,
    timeout: 600_000,
    signal: new AbortController().signal,
  })
  assert.equal(await asked.promise, 7n)
  await nameOthers(receiver, met, 5)
  followed.set(id, { balance: 10n })
  await receiver.admit(voucher(7n), terms)
  assert.equal((await waits).amount, 7n)
})

test('a deposit keeps a channel as soon as it is named again', async t => {
  const { channel, followed, id, offer: terms, paid, receiver } = await setup(t, 5n)
  assert.deepEqual(await paid.read('channels'), [])
  await receiver.register(id, channel, terms)
  assert.equal((await rowIn(paid, id)).ceiling, 0n)
  assert.equal((await receiverOn(paid, followed).state(id)).balance, 5n)
})

test('a ledger from before, full of channels that were only named: none of them is remembered, and each works', async t => {
  const { channel, followed, id, offer: terms, paid, voucher } = await setup(t)
  const others: Channel[] = Array.from({ length: 50 }, () => ({ ...channel, salt: unique() }))
  const blank = { side: 'paid', counterparty: channel.payer, ceiling: 0n, signature: '', charged: 0n, sequence: 0 }
  const rowOf = (id: Hex, config: Channel) =>
    put('channels', { ...blank, id, config: JSON.stringify(config), deposit: null })
  await paid.commit(...others.map(one => rowOf(channelId(domainOf(terms), one), one)), rowOf(id, channel))
  const receiver = receiverOn(paid, followed)
  await assert.rejects(receiver.state(id), is('channel_unknown'))
  await receiver.register(id, channel, terms)
  followed.set(id, { balance: 10n })
  await receiver.admit(voucher(10n), terms)
  assert.equal((await rowIn(paid, id)).ceiling, 10n)
  assert.equal((await paid.read('channels')).length, 51)
})

test('a free job that a crash has left is on a channel that is known after it', async t => {
  const { channel, followed, id, offer: terms, paid } = await setup(t)
  const receiver = receiverOn(paid, followed)
  await receiver.register(id, channel, terms)
  await reserved(receiver, id, 0n)
  const job = { id: unique(), channel: id, apiKey: null, state: 'running', request: '{}', offer: '{}', used: '{}' }
  await paid.commit(put('jobs', { ...job, output: new Uint8Array(1), started: 1, updated: 1 }))
  const again = receiverOn(paid, followed)
  await settled(again, id, await reserved(again, id, 0n), 0n)
  assert.deepEqual([(await rowIn(paid, id)).sequence, (await rowIn(paid, id)).charged], [1, 0n])
})

/** Four channels that one receiver hears of, of which it remembers two; numbers choose. */
type Step =
  | { do: 'name' | 'deposit' | 'voucher' | 'work' | 'free work'; channel: number; rail: Rail }
  | { do: 'restart' | 'disk full' }

const on = (what: 'name' | 'deposit' | 'voucher' | 'work' | 'free work') =>
  fc.record({ do: fc.constant(what), channel: fc.nat(3), rail: fc.constantFrom<Rail[]>('native', 'x402') })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: on('name') },
    { weight: 2, arbitrary: on('deposit') },
    { weight: 4, arbitrary: on('voucher') },
    { weight: 4, arbitrary: on('work') },
    { weight: 2, arbitrary: on('free work') },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'disk full' as const) }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
)

/** What was promised on a channel: all of it must be on disk, whatever else was forgotten. */
type Promised = {
  id: Hex
  channel: Channel
  rail: Rail | undefined
  ceiling: bigint
  sequence: number
  charged: bigint
}

class Life {
  readonly #ledgers: Ledgers
  readonly #followed = new FakeFollowed()
  readonly #promised: Promised[]
  #receiver: Receiver

  constructor(ledgers: Ledgers) {
    this.#ledgers = ledgers
    this.#receiver = receiverOn(ledgers.paid, this.#followed, 2)
    this.#promised = Array.from({ length: 4 }, () => {
      const channel = { ...terms, salt: unique() }
      const id = channelId(domainOf(offer), channel)
      return { id, channel, rail: undefined, ceiling: 0n, sequence: 0, charged: 0n }
    })
  }

  async step(step: Step): Promise<void> {
    const { paid } = this.#ledgers
    if (step.do === 'disk full') paid.failNext(1)
    else if (step.do === 'restart') this.#receiver = receiverOn(paid, this.#followed, 2)
    else if ('channel' in step) await this.#act(step.do, this.#promised[step.channel]!, step.rail)
    await this.#check()
  }

  async #act(what: string, one: Promised, rail: Rail): Promise<void> {
    const { id, channel } = one
    const balance = this.#followed.channel(id)?.balance ?? 0n
    if (what === 'deposit') return this.#followed.set(id, { balance: balance + 10n })
    try {
      await this.#receiver.register(id, channel, offer, rail)
      if (what === 'name') return
      if (what === 'voucher') {
        const ceiling = one.ceiling + 1n
        await this.#receiver.admit(this.#voucher(id, ceiling), offer, rail)
        one.ceiling = ceiling
      } else {
        const amount = what === 'work' ? one.ceiling - one.charged : 0n
        const held = await this.#receiver.reserve(id, amount, rail)
        assert.ok('reservation' in held, 'no room under what was promised')
        await settled(this.#receiver, id, held.reservation, amount)
        one.sequence += 1
        one.charged += amount
      }
      one.rail ??= rail
    } catch (error) {
      const isRail = is('rail_mixed')(error)
      if (isRail) assert.notEqual(one.rail, rail, 'the rail of a channel changed')
      const isFull = is('disk_full')(error)
      const isShort = what === 'voucher' && one.ceiling + 1n > balance && is('voucher_exceeds_deposit')(error)
      assert.ok(isRail || isFull || isShort, `${what}: ${error}`)
    }
  }

  #voucher(id: Hex, ceiling: bigint): Voucher {
    return signVoucher(domainOf(offer), id, ceiling, parties.authorizer)
  }

  async #check(): Promise<void> {
    const { paid } = this.#ledgers
    for (const { id, rail, ceiling, sequence, charged } of this.#promised) {
      const row = (await paid.read('channels', { where: { id } }))[0]
      const mark = (await paid.read('x402', { where: { channel: id } }))[0]
      assert.deepEqual(
        [row?.ceiling ?? 0n, row?.sequence ?? 0, row?.charged ?? 0n],
        [ceiling, sequence, charged],
        'what was promised is on disk, and nothing else',
      )
      if (rail) assert.equal(mark ? 'x402' : 'native', rail, 'how it is paid is on disk with the first of it')
      if (!row) assert.equal(mark, undefined, 'a mark without its channel')
      const known = await this.#receiver.rail(id)
      if (rail) assert.equal(known, rail)
      if (!row && known) assert.equal((await this.#receiver.state(id)).ceiling, 0n)
    }
  }
}

test('named, deposited, signed, worked, forgotten, restarted, on either rail, with full disks: what was promised is kept', async t => {
  const ledgers = await openLedgers(t)
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      ledgers.paid.failNext(0)
      const life = new Life(ledgers)
      for (const step of all) await life.step(step)
    }),
    { numRuns: 60, endOnFailure: true },
  )
})
