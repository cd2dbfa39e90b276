import type { Ledger } from '@heddle/ledger'
import { HeddleError, type Hex } from '@heddle/protocol'

/** Accounts in memory as the ledger has them, by channel: read at first use, and again after the ledger failed. */
export class Accounts<Account> {
  readonly #read: () => Promise<Map<Hex, Account>>
  #known = new Map<Hex, Account>()
  #loading: Promise<void> | undefined

  constructor(ledger: Ledger, read: () => Promise<Map<Hex, Account>>) {
    this.#read = read
    ledger.onFailure(() => {
      this.#known = new Map()
      this.#loading = undefined
    })
  }

  /** Resolves once they are read. What is asked for in the same breath after it is true. */
  load(): Promise<void> {
    if (this.#loading) return this.#loading
    const loading: Promise<void> = this.#read().then(
      accounts => {
        // The ledger failed meanwhile: what was read may be old by now.
        if (this.#loading !== loading) return this.load()
        this.#known = accounts
      },
      error => {
        if (this.#loading === loading) this.#loading = undefined
        throw error
      },
    )
    this.#loading = loading
    return loading
  }

  /** Throws `channel_unknown`. */
  async find(id: Hex): Promise<Account> {
    await this.load()
    const account = this.#known.get(id)
    if (!account) throw new HeddleError('channel_unknown', id)
    return account
  }

  /** What is known now, without a look at the ledger. */
  get(id: Hex): Account | undefined {
    return this.#known.get(id)
  }

  all(): Iterable<Account> {
    return this.#known.values()
  }

  add(id: Hex, account: Account): void {
    this.#known.set(id, account)
  }
}
