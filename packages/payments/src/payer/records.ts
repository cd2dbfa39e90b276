import { put, type Row, readOne, type Write } from '@heddle/ledger'
import {
  canonical,
  digestOfJson,
  HeddleError,
  type Hex,
  isHeddleError,
  type Receipt,
  type SignedReceipt,
} from '@heddle/protocol'
import { wake } from '../waiting.ts'
import { advance, breakOff, isWorthKeeping } from './account.ts'
import type { Parts } from './parts.ts'

/** Receipts that may be on their way to disk at the same time, and more. */
const RECENT = 4_096

/** The receipts of a payer: those that count, and those that it keeps and does not pay for. */
export class Records {
  readonly #parts: Parts
  /** Ids of the last receipts that were recorded, also of those whose commit is on its way. */
  readonly #recent = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
    parts.ledger.onFailure(() => this.#recent.clear())
  }

  /**
   * Records a verified receipt, in one commit with whatever else belongs to it (`more` is called in the same breath, so
   * that its rows keep their order). Receipts may come in any order; the channel counts as charged up to the last one
   * without a gap. Gives false for a receipt that is known already. Throws `receipt_mismatch` when it contradicts one
   * that is known, or the running total is not the sum of what was charged: then it is refused.
   */
  async record(
    signed: SignedReceipt,
    apiKey: string | null,
    more: () => readonly Write[] = () => [],
  ): Promise<boolean> {
    const { receipt } = signed
    // A job that is taken was not receipted yet; of any other the ledger is asked.
    const maybe = !(await this.#parts.accounts.find(receipt.channel)).taken.has(receipt.id)
    const stored = maybe && (await this.#isStored(receipt.id))
    const account = await this.#parts.accounts.find(receipt.channel)
    try {
      if (stored || this.#recent.has(receipt.id)) {
        if (await this.#isKnown(receipt)) return false
        throw new HeddleError('receipt_mismatch', `two receipts of job ${receipt.id}`)
      }
      advance(account, receipt)
    } catch (error) {
      if (!isHeddleError(error, 'receipt_mismatch')) throw error
      await this.refuse(receipt.channel, signed, error.message)
      throw error
    }
    account.taken.delete(receipt.id)
    this.#remember(receipt.id)
    wake(account.waiting)
    const row: Row<'receipts'> = {
      id: receipt.id,
      channel: receipt.channel,
      sequence: Number(receipt.sequence),
      charge: BigInt(receipt.charge),
      apiKey,
      signed: canonical(signed),
    }
    await this.#parts.ledger.commit(put('receipts', row), put('channels', account.row), ...more())
    return true
  }

  /**
   * Keeps a verified receipt that this side does not pay for, in one commit with `more`, and signs nothing more on the
   * channel on which it came: its provider has signed what contradicts it. What says nothing new is not kept, so that a
   * provider cannot fill a disk.
   */
  async refuse(id: Hex, signed: SignedReceipt, reason: string, more: readonly Write[] = []): Promise<void> {
    const account = await this.#parts.accounts.find(id)
    breakOff(account, reason)
    const { receipt } = signed
    const digest = digestOfJson(receipt)
    if (await this.#isKnown(receipt)) return
    if (!isWorthKeeping(account, digest, receipt.sequence)) return
    account.refused.set(digest, receipt.sequence)
    const row: Row<'refused'> = { digest, channel: id, sequence: receipt.sequence, signed: canonical(signed) }
    await this.#parts.ledger.commit(put('refused', row), ...more)
  }

  /** Whether this very receipt was recorded, under whatever signature. */
  async #isKnown(receipt: Receipt): Promise<boolean> {
    const { ledger } = this.#parts
    // What is on its way to disk counts.
    await ledger.commit()
    const row = await readOne(ledger, 'receipts', { id: receipt.id })
    return row !== undefined && canonical((JSON.parse(row.signed) as SignedReceipt).receipt) === canonical(receipt)
  }

  async #isStored(id: string): Promise<boolean> {
    const { ledger } = this.#parts
    await ledger.commit()
    return (await readOne(ledger, 'receipts', { id })) !== undefined
  }

  #remember(id: string): void {
    this.#recent.add(id)
    if (this.#recent.size <= RECENT) return
    const [oldest] = this.#recent
    this.#recent.delete(oldest!)
  }
}
