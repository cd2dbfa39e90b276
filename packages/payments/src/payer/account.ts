import type { Row } from '@heddle/ledger'
import { type Channel, HeddleError, type Hex, type Receipt } from '@heddle/protocol'
import { type Waiting, wake } from '../waiting.ts'

/** A channel from the payer's side, in memory. */
export type Account = {
  row: Row<'channels'>
  readonly channel: Channel
  /** Receipts that came before one with a lower sequence: their charge and running total. */
  readonly ahead: Map<number, { charge: bigint; charged: bigint }>
  /** What running jobs were delivered, and what their next chunk may cost. */
  readonly taken: Map<Hex, { delivered: bigint; next: bigint }>
  /** Who waits for room under the exposure: woken when a job ends or is charged, and when nothing more is asked here. */
  readonly waiting: Waiting
  /** The commit of the highest ceiling: no voucher leaves before it. */
  raising?: Promise<void>
  /** Digests of the receipts that were refused, with the place that each says to have. */
  readonly refused: Map<string, string>
  /** Why nothing more is signed on this channel. */
  broken?: string
  /** Its provider takes nothing on it any more. */
  abandoned?: boolean
}

/** `receipts` are those above the sequence of the row. */
export function newAccount(
  row: Row<'channels'>,
  receipts: readonly Row<'receipts'>[],
  refused: readonly Row<'refused'>[] = [],
): Account {
  const account: Account = {
    row,
    channel: JSON.parse(row.config) as Channel,
    ahead: new Map(),
    taken: new Map(),
    waiting: new Set(),
    refused: new Map(refused.map(one => [one.digest, one.sequence])),
    ...(refused[0] ? { broken: `a receipt of sequence ${refused[0].sequence} was refused` } : {}),
  }
  for (const receipt of receipts) {
    if (receipt.sequence <= row.sequence) continue
    const { charged } = (JSON.parse(receipt.signed) as { receipt: Receipt }).receipt
    account.ahead.set(receipt.sequence, { charge: receipt.charge, charged: BigInt(charged) })
  }
  return account
}

const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}

/** What was charged by receipts, those that came early included. */
export const chargedOf = (account: Account): bigint =>
  account.row.charged + sum([...account.ahead.values()].map(receipt => receipt.charge))

/** What the payer owes by now: charged, and delivered but not yet charged. Exposure counts from here. */
export const exposureOf = (account: Account): bigint =>
  chargedOf(account) + sum([...account.taken.values()].map(taken => taken.delivered))

/** The ceiling that lets every running job do its next chunk. */
export const neededCeiling = (account: Account): bigint =>
  exposureOf(account) + sum([...account.taken.values()].map(taken => taken.next))

/** Receipts of one place that are kept, and of a channel: nothing more is asked on it after the first. */
const MOST_OF_PLACE = 2
const MOST_REFUSED = 64

/** Whether a refused receipt says anything that is not kept yet. */
export function isWorthKeeping({ refused }: Account, digest: string, sequence: string): boolean {
  const ofPlace = [...refused.values()].filter(place => place === sequence).length
  return !refused.has(digest) && ofPlace < MOST_OF_PLACE && refused.size < MOST_REFUSED
}

/** Takes a receipt into account. Throws `receipt_mismatch` when totals or sequence contradict what is known. */
export function advance(account: Account, receipt: Receipt): void {
  const sequence = Number(receipt.sequence)
  const entry = { charge: BigInt(receipt.charge), charged: BigInt(receipt.charged) }
  if (!Number.isSafeInteger(sequence)) throw new HeddleError('receipt_mismatch', `sequence ${receipt.sequence}`)
  if (sequence <= account.row.sequence || account.ahead.has(sequence)) {
    throw new HeddleError('receipt_mismatch', `two receipts with sequence ${sequence}`)
  }
  if (entry.charged > account.row.ceiling) {
    throw new HeddleError('receipt_mismatch', `charged ${entry.charged}, above the ceiling ${account.row.ceiling}`)
  }
  const entryAt = (place: number) => (place === sequence ? entry : account.ahead.get(place))
  let { sequence: at, charged } = account.row
  for (let next = entryAt(at + 1); next; next = entryAt(at + 1)) {
    if (charged + next.charge !== next.charged) {
      throw new HeddleError('receipt_mismatch', `sequence ${at + 1}: the running total is not the sum of the charges`)
    }
    at += 1
    charged = next.charged
  }
  account.ahead.set(sequence, entry)
  for (let place = account.row.sequence + 1; place <= at; place++) account.ahead.delete(place)
  account.row = { ...account.row, sequence: at, charged }
}

/** Who waits for room on such a channel waits in vain: each hears of it at once, and asks elsewhere. */
export function breakOff(account: Account, reason: string): void {
  account.broken ??= reason
  wake(account.waiting)
}
