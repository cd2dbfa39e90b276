import type { Hex } from '@heddle/protocol'
import type { Account } from './account.ts'

/**
 * Channels that somebody named, and on which nothing was signed, run or deposited: to name one costs nothing, so no ledger
 * keeps them and only so many are remembered. The one that was not looked at for longest is forgotten first. Nothing is lost
 * with it: whoever pays on it names it again.
 */
export class Named {
  readonly #most: number
  readonly #accounts = new Map<Hex, Account>()

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#accounts.size
  }

  /** The account of a channel, which is the last to be forgotten from now on. */
  get(id: Hex): Account | undefined {
    const account = this.#accounts.get(id)
    if (!account) return undefined
    this.#accounts.delete(id)
    this.#accounts.set(id, account)
    return account
  }

  add(id: Hex, account: Account): void {
    this.#accounts.set(id, account)
    for (const [other, { waiting }] of this.#accounts) {
      if (this.#accounts.size <= this.#most) return
      // A job that waits on a channel would not hear of its voucher any more.
      if (other !== id && waiting.size === 0) this.#accounts.delete(other)
    }
  }

  delete(id: Hex): void {
    this.#accounts.delete(id)
  }
}
