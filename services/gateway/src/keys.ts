import { hash, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Bucket, type Taken } from '@heddle/daemon'
import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import { signGrant } from '@heddle/payments'
import {
  type Clock,
  type Domain,
  formatUnits,
  HeddleError,
  type JobRequest,
  type Signer,
  ticksOf,
} from '@heddle/protocol'
import type { Hold, Purse } from '@heddle/sdk'
import type { Askers } from './askers.ts'
import { type KeyTerms, termsFromText, termsToText } from './key-terms.ts'

type Entry = { row: Row<'keys'>; terms: KeyTerms; requests: Bucket | undefined; tokens: Bucket | undefined }

/** A key that may ask now: its purse, and its rates. */
export type Key = {
  readonly id: string
  readonly name: string
  readonly terms: KeyTerms
  readonly purse: Purse
  /** Takes one request off the rate. Throws `rate_limited`; its cause tells after how many seconds to come back. */
  request(): void
  /** Takes tokens off the rate. Throws `rate_limited`, and `rate_unreachable` for more than it ever lets through. */
  tokens(most: bigint): Taken
}

/** A key as it is told to its owner; amounts in base units. */
export type KeyState = { row: Readonly<Row<'keys'>>; terms: KeyTerms; held: bigint }

/** An API key is known by its digest: the ledger never holds the key itself. */
export const keyId = (key: string): string => hash('sha256', key, 'hex')

/** A new API key. */
export const newKey = (): string => `hd-${randomBytes(24).toString('base64url')}`

/** API keys with their terms. A cap is reserved before work and turned into spending with the receipt, in one commit. */
export class Keys {
  readonly #ledger: Ledger
  readonly #domain: Domain
  readonly #authorizer: Signer
  readonly #clock: Clock
  readonly #askers: Askers
  #entries = new Map<string, Entry>()
  /** What running jobs hold of each key: it outlives a failure of the ledger, as the jobs do. */
  readonly #held = new Map<string, bigint>()
  #loading: Promise<void> | undefined

  constructor(options: { ledger: Ledger; domain: Domain; authorizer: Signer; askers: Askers; clock: Clock }) {
    const { ledger } = options
    this.#ledger = ledger
    this.#domain = options.domain
    this.#authorizer = options.authorizer
    this.#clock = options.clock
    this.#askers = options.askers
    // Read back at once, ahead of whoever records a receipt after the failure.
    ledger.onFailure(() => {
      this.#loading = undefined
      this.#load().catch(() => undefined)
    })
  }

  #load(): Promise<void> {
    if (this.#loading) return this.#loading
    const loading: Promise<void> = this.#ledger.read('keys').then(
      rows => {
        // The ledger failed meanwhile: what was read may be old by now.
        if (this.#loading !== loading) return this.#load()
        this.#entries = new Map(rows.map(row => [row.id, this.#entry(row, this.#entries.get(row.id))]))
      },
      error => {
        if (this.#loading === loading) this.#loading = undefined
        throw error
      },
    )
    this.#loading = loading
    return loading
  }

  #entry(row: Row<'keys'>, before?: Entry): Entry {
    const terms = termsFromText(row.terms)
    return {
      row,
      terms,
      requests: before?.requests ?? (terms.rate ? new Bucket(terms.rate) : undefined),
      tokens: before?.tokens ?? (terms.tokens ? new Bucket(terms.tokens) : undefined),
    }
  }

  #granted(fields: Pick<Row<'keys'>, 'id' | 'name' | 'cap' | 'created' | 'terms'>, spent: bigint): Row<'keys'> {
    return { ...fields, spent, grant: signGrant(this.#domain, fields, this.#authorizer) }
  }

  /** Makes sure that this key exists. The cap (base units) counts only for a new one. */
  async ensure(key: string, options: { name: string; cap: bigint }): Promise<void> {
    await this.#load()
    if (!this.#entries.has(keyId(key))) await this.#insert(key, options, {})
  }

  /** Makes a key and gives it, this once. Throws `key_exists` while another key has the name. */
  async add(options: { name: string; cap: bigint }, terms: KeyTerms): Promise<string> {
    await this.#load()
    if (this.#named(options.name)) throw new HeddleError('key_exists', options.name)
    const key = newKey()
    await this.#insert(key, options, terms)
    return key
  }

  async #insert(key: string, { name, cap }: { name: string; cap: bigint }, terms: KeyTerms): Promise<void> {
    const fields = { id: keyId(key), name, cap, created: this.#clock.now(), terms: termsToText(terms) }
    const row = this.#granted(fields, 0n)
    this.#entries.set(row.id, this.#entry(row))
    await this.#ledger.commit(put('keys', row))
  }

  #named(name: string): Entry | undefined {
    return [...this.#entries.values()].find(({ row, terms }) => row.name === name && terms.revoked === undefined)
  }

  /**
   * Gives a key another cap in base units, from now on, also for what it has running. Throws `key_unknown`, and
   * `bad_request` for less than it has spent and holds already.
   */
  async recap(name: string, cap: bigint): Promise<KeyState> {
    await this.#load()
    const entry = this.#named(name)
    if (!entry) throw new HeddleError('key_unknown', `no key is called ${name}`)
    const { spent, grant: _, ...fields } = entry.row
    const held = this.#heldOf(entry.row.id)
    if (cap < spent + held) {
      const taken = `it has spent ${inHed(spent)} and holds ${inHed(held)} for what runs`
      throw new HeddleError('bad_request', `cap: ${taken}; to stop it now, revoke it`)
    }
    // Set before it is durable, as every change of a row is: what is spent meanwhile is spent of this one.
    entry.row = this.#granted({ ...fields, cap }, spent)
    await this.#ledger.commit(put('keys', entry.row))
    return this.#state(entry)
  }

  /** Refuses a key from now on; what it has running ends as it would. Throws `key_unknown`. */
  async revoke(name: string): Promise<KeyState> {
    await this.#load()
    const entry = this.#named(name)
    if (!entry) throw new HeddleError('key_unknown', name)
    entry.terms = { ...entry.terms, revoked: this.#clock.now() }
    const { spent, grant: _, ...fields } = entry.row
    entry.row = this.#granted({ ...fields, terms: termsToText(entry.terms) }, spent)
    await this.#ledger.commit(put('keys', entry.row))
    return this.#state(entry)
  }

  /**
   * The key that comes with a request, as `authorization: Bearer` or `x-api-key`. Throws `key_missing`, `key_unknown`,
   * `key_revoked`, `key_expired`.
   */
  async enter(headers: IncomingHttpHeaders): Promise<Key> {
    await this.#load()
    const { authorization = '', 'x-api-key': other } = headers
    const key = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1] ?? (typeof other === 'string' ? other : undefined)
    if (!key) throw new HeddleError('key_missing')
    const entry = this.#entries.get(keyId(key))
    if (!entry) throw new HeddleError('key_unknown')
    const { revoked, expires } = entry.terms
    if (revoked !== undefined) throw new HeddleError('key_revoked')
    if (expires !== undefined && expires <= this.#clock.now()) throw new HeddleError('key_expired')
    return this.#key(entry)
  }

  #key(entry: Entry): Key {
    const { id, name } = entry.row
    const { terms, requests, tokens } = entry
    return {
      id,
      name,
      terms,
      purse: {
        id,
        policy: terms.policy ?? 'own-first',
        wanders: terms.shareable === true,
        nonceFor: job => this.#askers.nonceFor(id, job),
        hold: (most, least) => this.#hold(id, most, least),
      },
      request: () => {
        if (requests) limit(requests.take(1, ticksOf(this.#clock)), `${terms.rate} requests a minute`).giveBack(0)
      },
      tokens: most => {
        if (!tokens) return { giveBack: () => undefined }
        // More than any bucket holds, and still a whole number that a double can be.
        const amount = Number(most < 100_000_000_000n ? most : 100_000_000_000n)
        return limit(
          tokens.take(amount, ticksOf(this.#clock)),
          `${terms.tokens} tokens a minute, this may take ${most}`,
        )
      },
    }
  }

  #hold(id: string, most: bigint, least: bigint): Hold {
    const row = this.#entries.get(id)!.row
    const left = row.cap - row.spent - this.#heldOf(id)
    if (most > 0n && left < least) {
      if (row.cap - row.spent >= least) {
        const problem = `the key has ${inHed(row.cap - row.spent)} left, what runs holds ${inHed(this.#heldOf(id))} of it`
        throw new HeddleError('cap_held', problem, { cause: { retryAfter: 1 } })
      }
      const rest = inHed(left > 0n ? left : 0n)
      throw new HeddleError('cap_reached', `the key "${row.name}" has ${rest} left, this needs ${inHed(least)}`)
    }
    const amount = most < left ? most : left > 0n ? left : 0n
    const release = this.holdAgain(id, amount)
    return {
      amount,
      release,
      spend: charge => {
        release()
        return this.spendLater(id, charge)
      },
    }
  }

  /**
   * Holds what a job of another process may still be charged: that it fits was decided when it was asked. Gives what lets go
   * of it.
   */
  holdAgain(id: string, amount: bigint): () => void {
    this.#held.set(id, this.#heldOf(id) + amount)
    let open = true
    return () => {
      if (open) this.#held.set(id, this.#heldOf(id) - amount)
      open = false
    }
  }

  #heldOf(id: string): bigint {
    return this.#held.get(id) ?? 0n
  }

  /** Spending of a key, also such as is learnt of later, from a recovered receipt. Nobody's, when it is not known. */
  spendLater(id: string | null, charge: bigint): Write[] {
    const entry = id === null ? undefined : this.#entries.get(id)
    if (!entry) return []
    entry.row = { ...entry.row, spent: entry.row.spent + charge }
    return [put('keys', entry.row)]
  }

  /** The key that asked a job, told by the job alone; nothing where none of these did. */
  askerOf(job: JobRequest): string | null {
    return this.#askers.askerOf(job, this.#entries.keys()) ?? null
  }

  /** Whether what a key asked may be shown to other providers now: it said so, is good, and asks strangers at all. */
  async isShareable(id: string | null): Promise<boolean> {
    await this.#load()
    const terms = id === null ? undefined : this.#entries.get(id)?.terms
    if (!terms?.shareable || terms.revoked !== undefined || terms.policy === 'own-only') return false
    return terms.expires === undefined || terms.expires > this.#clock.now()
  }

  #state({ row, terms }: Entry): KeyState {
    return { row, terms, held: this.#heldOf(row.id) }
  }

  /** Every key that there ever was, the oldest first. */
  async all(): Promise<readonly KeyState[]> {
    await this.#load()
    return [...this.#entries.values()].map(entry => this.#state(entry)).sort((a, b) => a.row.created - b.row.created)
  }
}

const inHed = (amount: bigint): string => `${formatUnits(amount)} HED`

function limit(result: Taken | { wait: number }, rate: string): Taken {
  if ('giveBack' in result) return result
  if (!Number.isFinite(result.wait)) throw new HeddleError('rate_unreachable', `the key is good for ${rate}`)
  const cause = { retryAfter: Math.max(1, Math.ceil(result.wait / 1000)) }
  throw new HeddleError('rate_limited', `the key is good for ${rate}`, { cause })
}
