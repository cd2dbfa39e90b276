import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Ledger, openSqliteLedger, type Row, readOne } from '@heddle/ledger'
import {
  channelId,
  domainOf,
  type ErrorCode,
  type Hex,
  isHeddleError,
  type Offer,
  type Receipt,
  randomBytes,
  type SignedReceipt,
  signVoucher,
  toHex,
  type Voucher,
} from '@heddle/protocol'
import { FakeFollowed, failing, fixture } from '@heddle/testing'
import type { Followed } from '../chain/followed.ts'
import { Payer } from '../payer/payer.ts'
import { Receiver, type Reservation } from '../receiver/receiver.ts'

const { parties, receiptOf } = fixture
/** How far the offers of these tests let a payer's ceiling go above what it owes. */
export const EXPOSURE = 1_000n
export const tokenDomain = {
  name: 'Heddle',
  version: '1',
  chainId: fixture.domain.chainId,
  token: fixture.offer.asset,
}

export const unique = (): Hex => toHex(randomBytes(32))
export const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

type Failing = Ledger & { failNext(commits: number): void }
/** The payer's ledger and the receiver's, whose disks a test may fill. */
export type Ledgers = { paying: Failing; paid: Failing }

export async function openLedgers(t: TestContext): Promise<Ledgers> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-parties-'))
  const open = async (name: string) => failing(await openSqliteLedger(join(directory, name)))
  const [paying, paid] = await Promise.all([open('paying.db'), open('paid.db')])
  t.after(async () => {
    await Promise.all([paying.close(), paid.close()])
    rmSync(directory, { recursive: true, force: true })
  })
  return { paying, paid }
}

type PayerOptions = Partial<ConstructorParameters<typeof Payer>[0]>

export const payerOn = (ledger: Ledger, followed: FakeFollowed, options: PayerOptions = {}): Payer =>
  new Payer({
    patience: 0,
    ledger,
    followed: followed as unknown as Followed,
    payer: parties.payer,
    authorizer: parties.authorizer,
    tokenDomain: async () => tokenDomain,
    ...options,
  })

export const receiverOn = (ledger: Ledger, followed: FakeFollowed, named?: number): Receiver =>
  new Receiver({ ledger, followed: followed as unknown as Followed, ...(named === undefined ? {} : { named }) })

/** A payer and a receiver with a channel of their own between them, on the two ledgers. */
export async function meet(ledgers: Ledgers, balance = 0n, patience = 0, named?: number) {
  const followed = new FakeFollowed()
  const offer: Offer = {
    ...fixture.offer,
    provider: toHex(randomBytes(20)),
    receiver: toHex(randomBytes(20)),
    exposure: EXPOSURE.toString(),
  }
  const payer = payerOn(ledgers.paying, followed, { patience })
  const receiver = receiverOn(ledgers.paid, followed, named)
  const { id, channel } = await payer.channelFor(offer)
  await receiver.register(id, channel, offer)
  if (balance > 0n) followed.set(id, { balance })
  const voucher = (ceiling: bigint): Voucher => signVoucher(domainOf(offer), id, ceiling, parties.authorizer)
  return { ...ledgers, followed, offer, payer, receiver, id, channel, voucher }
}

export type Met = Awaited<ReturnType<typeof meet>>

/** Two parties that meet on ledgers of their own. */
export const setup = async (t: TestContext, balance = 0n, patience = 0): Promise<Met> =>
  meet(await openLedgers(t), balance, patience)

export const rowIn = async (ledger: Ledger, id: Hex): Promise<Row<'channels'>> =>
  (await readOne(ledger, 'channels', { id }))!

/** Names so many channels that nobody ever pays on. Gives their ids. */
export async function nameOthers(
  receiver: Receiver,
  { channel, offer }: Pick<Met, 'channel' | 'offer'>,
  count: number,
) {
  const others = Array.from({ length: count }, () => ({ ...channel, salt: unique() }))
  const ids = others.map(other => channelId(domainOf(offer), other))
  await Promise.all(others.map((other, i) => receiver.register(ids[i]!, other, offer)))
  return ids
}

/** As it goes from one to the other, without a signature that anybody here would check. */
export const signedOf = (receipt: Receipt): SignedReceipt => ({
  receipt,
  path: { index: 0, size: 1, siblings: [] },
  signature: `0x${'00'.repeat(65)}`,
})

export async function reserved(receiver: Receiver, id: Hex, amount: bigint): Promise<Reservation> {
  const held = await receiver.reserve(id, amount)
  assert.ok('reservation' in held, 'no room')
  return held.reservation
}

/** Settles a reservation and gives the receipt that it made. */
export async function settled(receiver: Receiver, id: Hex, reservation: Reservation, charge: bigint, job = unique()) {
  let receipt: Receipt | undefined
  await receiver.settle(reservation, charge, ({ sequence, charged }) => {
    const numbers = { sequence: `${sequence}`, charge: `${charge}`, charged: `${charged}` }
    receipt = receiptOf({ id: job, channel: id, ...numbers })
    return []
  })
  return signedOf(receipt!)
}

/** How long a job waits for a higher voucher: no time at all. */
export const wait = { ask: () => undefined, timeout: 1, signal: new AbortController().signal }
