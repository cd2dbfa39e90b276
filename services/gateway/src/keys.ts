import { createHash, randomBytes } from 'node:crypto'
import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import { signGrant } from '@heddle/payments'
import { type Domain, HeddleError, type Signer } from '@heddle/protocol'
import type { Purse } from '@heddle/sdk'

type Entry = { row: Row<'keys'>; held: bigint }

/** An API key is known by its digest: the ledger never holds the key itself. */
export const keyId = (key: string): string => createHash('sha256').update(key).digest('hex')

/** A new API key. */
export const newKey = (): string => `hd-${randomBytes(24).toString('base64url')}`

/** API keys with their caps. A cap is reserved before work and turned into spending with the receipt, in one commit. */
export class Keys {
  readonly #ledger: Ledger
  readonly #domain: Domain
  readonly #authorizer: Signer
  #entries = new Map<string, Entry>()
  #loading: Promise<void> | undefined

  constructor(options: { ledger: Ledger; domain: Domain; authorizer: Signer }) {
    const { ledger } = options
    this.#ledger = ledger
    this.#domain = options.domain
    this.#authorizer = options.authorizer
    ledger.onFailure(() => {
      this.#loading = undefined
    })
  }

  #load(): Promise<void> {
    this.#loading ??= this.#ledger.read('keys').then(rows => {
      this.#entries = new Map(rows.map(row => [row.id, { row, held: 0n }]))
    })
    return this.#loading
  }

  /** Makes sure that this key exists. The cap (base units) counts only for a new one. */
  async ensure(key: string, options: { name: string; cap: bigint; now: number }): Promise<void> {
    await this.#load()
    const id = keyId(key)
    if (this.#entries.has(id)) return
    const terms = { id, name: options.name, cap: options.cap, created: options.now }
    const row: Row<'keys'> = { ...terms, spent: 0n, grant: signGrant(this.#domain, terms, this.#authorizer) }
    await this.#ledger.commit(put('keys', row))
    this.#entries.set(id, { row, held: 0n })
  }

  /** The purse of whoever sends this Authorization header. Throws `key_missing`, `key_unknown`. */
  async enter(authorization: string | undefined): Promise<Purse> {
    await this.#load()
    const key = /^Bearer +(\S{1,200})$/i.exec(authorization ?? '')?.[1]
    if (!key) throw new HeddleError('key_missing')
    const entry = this.#entries.get(keyId(key))
    if (!entry) throw new HeddleError('key_unknown')
    return this.#purse(entry)
  }

  #purse(entry: Entry): Purse {
    return {
      id: entry.row.id,
      hold: (most, least) => {
        const left = entry.row.cap - entry.row.spent - entry.held
        if (left < least) throw new HeddleError('cap_reached', `the key has ${left} left, this needs ${least}`)
        const amount = most < left ? most : left
        entry.held += amount
        let open = true
        const release = (): void => {
          if (open) entry.held -= amount
          open = false
        }
        return {
          amount,
          release,
          spend: charge => {
            release()
            return this.#spend(entry, charge)
          },
        }
      },
    }
  }

  #spend(entry: Entry, charge: bigint): Write[] {
    entry.row = { ...entry.row, spent: entry.row.spent + charge }
    return [put('keys', entry.row)]
  }

  /** Spending that is learnt of later, from a recovered receipt. Nobody's, when the key is not known. */
  spendLater(id: string | null, charge: bigint): Write[] {
    const entry = id === null ? undefined : this.#entries.get(id)
    return entry ? this.#spend(entry, charge) : []
  }

  async all(): Promise<readonly { row: Readonly<Row<'keys'>>; held: bigint }[]> {
    await this.#load()
    return [...this.#entries.values()]
  }
}
