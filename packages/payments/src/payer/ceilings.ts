import { put } from '@heddle/ledger'
import {
  type Domain,
  domainOf,
  HeddleError,
  type Hex,
  isHeddleError,
  type Offer,
  signVoucher,
  type Voucher,
} from '@heddle/protocol'
import { wake, woken } from '../waiting.ts'
import { type Account, exposureOf, neededCeiling } from './account.ts'
import type { Parts } from './parts.ts'

/** Less than a provider waits for a voucher in mid-stream. */
const PATIENCE = 4_000

/** How far a payer's vouchers go: a ceiling is on disk before it is signed, and never above what is owed and the exposure. */
export class Ceilings {
  readonly #parts: Parts
  #vouchers = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Takes part of a channel for a job: `amount` is what the job may cost from now to the end of its next chunk, what
   * it was already delivered included. Gives the voucher that covers it; a new one only when the last does not.
   * While other jobs fill the exposure, waits for one of them to end. Throws `channel_underfunded`, `exposure_exceeded`
   * for what has no room even alone, `busy` when none came in time, `receipt_mismatch` and `channel_overclaimed` once
   * nothing more is asked on the channel, and `aborted` when `signal` does.
   */
  async take(
    id: Hex,
    job: Hex,
    amount: { delivered: bigint; next: bigint },
    offer: Offer,
    { patience = this.#parts.patience ?? PATIENCE, signal }: { patience?: number; signal?: AbortSignal } = {},
  ): Promise<Voucher> {
    let alone = false
    for (const deadline = performance.now() + patience; ; ) {
      try {
        return await this.#takeNow(id, job, amount, offer)
      } catch (error) {
        const account = this.#parts.accounts.get(id)
        const left = deadline - performance.now()
        const others = account && account.taken.size > (account.taken.has(job) ? 1 : 0)
        if (!isHeddleError(error, 'exposure_exceeded') || amount.next > BigInt(offer.exposure)) throw error
        if (!others) {
          // The last of them may have ended in the same breath: what it held is free then.
          if (alone) throw error
          alone = true
          continue
        }
        alone = false
        if (signal?.aborted) throw new HeddleError('aborted')
        if (left <= 0) throw full()
        await woken(account.waiting, left, signal)
      }
    }
  }

  /**
   * A voucher above a ceiling that the provider finds too low: its running jobs have used what this side counts as room,
   * which it learns at their next raise. Waits for room under the exposure. Throws `channel_underfunded`, and `busy` when
   * none came in time.
   */
  async higher(id: Hex, above: bigint, offer: Offer): Promise<Voucher> {
    for (const deadline = performance.now() + (this.#parts.patience ?? PATIENCE); ; ) {
      const account = await this.#parts.accounts.find(id)
      if (account.broken) throw new HeddleError('receipt_mismatch', account.broken)
      const deposited = this.#parts.followed.channel(id)?.balance ?? 0n
      const most = exposureOf(account) + BigInt(offer.exposure)
      if (account.row.ceiling > above) {
        const voucher = voucherOf(account)
        await account.raising
        return voucher
      }
      if (most > above && deposited > above)
        return this.#raise(account, most < deposited ? most : deposited, domainOf(offer))
      if (deposited <= above) throw new HeddleError('channel_underfunded', `the channel holds ${deposited}`)
      const left = deadline - performance.now()
      if (left <= 0) throw full()
      await woken(account.waiting, left)
    }
  }

  async #takeNow(id: Hex, job: Hex, amount: { delivered: bigint; next: bigint }, offer: Offer): Promise<Voucher> {
    const account = await this.#parts.accounts.find(id)
    if (account.broken) throw new HeddleError('receipt_mismatch', account.broken)
    const before = account.taken.get(job)
    if (account.abandoned && !before) throw new HeddleError('channel_overclaimed', 'its provider takes it no more')
    account.taken.set(job, amount)
    // What was delivered no longer counts against the exposure.
    if (before && amount.delivered > before.delivered) wake(account.waiting)
    const needed = neededCeiling(account)
    if (needed <= account.row.ceiling && account.row.signature !== '') {
      const voucher = voucherOf(account)
      await account.raising
      return voucher
    }
    const exposure = BigInt(offer.exposure)
    const deposited = this.#parts.followed.channel(id)?.balance ?? 0n
    const most = exposureOf(account) + exposure
    const ceiling = most < deposited ? most : deposited
    if (needed > ceiling) {
      if (before) account.taken.set(job, before)
      else account.taken.delete(job)
      throw needed > deposited
        ? new HeddleError('channel_underfunded', `the channel holds ${deposited}, the job needs ${needed}`)
        : new HeddleError('exposure_exceeded', `the job needs ${needed - exposureOf(account)} above what was charged`)
    }
    return this.#raise(account, ceiling, domainOf(offer))
  }

  /** Lets go of what a job had taken: it ended without a charge, or its receipt was recorded. */
  async release(id: Hex, job: Hex): Promise<void> {
    const account = await this.#parts.accounts.find(id)
    account.taken.delete(job)
    wake(account.waiting)
  }

  /** Vouchers signed since this start. */
  vouchers(): number {
    return this.#vouchers
  }

  /** Persists the ceiling, then signs it; so a crash never forgets a signature that is out. */
  async #raise(account: Account, ceiling: bigint, domain: Domain): Promise<Voucher> {
    this.#vouchers += 1
    const voucher = signVoucher(domain, account.row.id as Hex, ceiling, this.#parts.authorizer)
    account.row = { ...account.row, ceiling, signature: voucher.signature }
    account.raising = this.#parts.ledger.commit(put('channels', account.row))
    await account.raising
    return voucher
  }
}

/** It passes by itself: with the jobs that run. */
const full = (): HeddleError =>
  new HeddleError('busy', 'other jobs fill the exposure of this channel', { cause: { retryAfter: 1 } })

const voucherOf = ({ row }: Account): Voucher => ({
  channel: row.id as Hex,
  ceiling: row.ceiling.toString(),
  signature: row.signature as Hex,
})
