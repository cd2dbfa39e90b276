import { type Ledger, put, type Row, readOne, type Write } from '@heddle/ledger'
import {
  type Channel,
  canonical,
  channelId,
  type Deposit,
  type Domain,
  digestOfJson,
  domainOf,
  HeddleError,
  type Hex,
  isHeddleError,
  type KnownClaim,
  type Offer,
  type Receipt,
  randomBytes,
  type SignedReceipt,
  type Signer,
  signDeposit,
  signVoucher,
  type TokenDomain,
  toHex,
  type Voucher,
} from '@heddle/protocol'
import { Accounts } from '../accounts.ts'
import type { Followed } from '../chain/followed.ts'
import { wake, woken } from '../waiting.ts'
import { type Account, advance, chargedOf, exposureOf, isWorthKeeping, neededCeiling, newAccount } from './account.ts'

export type PayerOptions = {
  ledger: Ledger
  followed: Followed
  /** Owns the money; signs deposits only. */
  payer: Signer
  /** Signs vouchers and jobs. */
  authorizer: Signer
  tokenDomain(token: Hex): Promise<TokenDomain>
  /** Milliseconds that a job waits for others to make room. */
  patience?: number
}

/** The chain's clock may be this far behind ours (milliseconds): until then an expired deposit may still be taken. */
const CLOCK_SLACK = 120_000
/** Receipts that may be on their way to disk at the same time, and more. */
const RECENT = 4_096
/** Channels with one provider that may hold a deposit of which nothing was charged: each new one locks another. */
const MOST_UNUSED = 4
/** Less than a provider waits for a voucher in mid-stream. */
const PATIENCE = 4_000

/**
 * Everyone who pays uses this. It persists a ceiling before it signs under it, never lets ceiling − charged pass the
 * offer's exposure, and counts as charged only what a verified receipt says.
 */
export class Payer {
  readonly #options: PayerOptions
  readonly #accounts: Accounts<Account>
  #vouchers = 0
  /** Ids of the last receipts that were recorded, also of those whose commit is on its way. */
  readonly #recent = new Set<string>()
  /** The last authorization of each channel's deposits: one at a time. */
  readonly #authorizing = new Map<Hex, Promise<unknown>>()

  constructor(options: PayerOptions) {
    this.#options = options
    this.#accounts = new Accounts(options.ledger, () => this.#read())
    options.ledger.onFailure(() => this.#recent.clear())
  }

  async #read(): Promise<Map<Hex, Account>> {
    const accounts = new Map<Hex, Account>()
    const { ledger } = this.#options
    for (const row of await ledger.read('channels', { where: { side: 'paying' } })) {
      const receipts = await ledger.read('receipts', {
        where: { channel: row.id },
        after: { by: 'sequence', value: row.sequence },
      })
      const refused = await ledger.read('refused', { where: { channel: row.id } })
      accounts.set(row.id as Hex, newAccount(row, receipts, refused))
    }
    return accounts
  }

  #account(id: Hex): Promise<Account> {
    return this.#accounts.find(id)
  }

  /** The last claim on a channel that was known here when something was asked, at a time in unix milliseconds. */
  claimKnownAt(channel: Hex, asked: number): KnownClaim | undefined {
    return this.#options.followed.claimKnownAt(channel, asked)
  }

  /** The key of the provider that a channel pays. */
  async providerOf(id: Hex): Promise<Hex> {
    return (await this.#account(id)).row.counterparty as Hex
  }

  /** Whether nothing more is signed on a channel, for what its provider said. */
  async isBroken(id: Hex): Promise<boolean> {
    return (await this.#account(id)).broken !== undefined
  }

  /** The channels with one provider's key, the newest last. */
  async channelsWith(provider: Hex): Promise<{ id: Hex; channel: Channel; row: Readonly<Row<'channels'>> }[]> {
    await this.#accounts.load()
    return [...this.#accounts.all()]
      .filter(account => account.row.counterparty === provider)
      .map(account => ({ id: account.row.id as Hex, channel: account.channel, row: account.row }))
  }

  /**
   * A channel that suits an offer: made and stored here when there is none yet; not yet funded then. Throws
   * `channel_underfunded` where too much money lies already in channels that this provider never did anything for.
   */
  async channelFor(offer: Offer): Promise<{ id: Hex; channel: Channel }> {
    await this.#accounts.load()
    // Nothing waits between the look and the new account, so two callers get one channel.
    for (const { row, channel, abandoned } of this.#accounts.all()) {
      if (row.counterparty !== offer.provider || abandoned) continue
      const { receiver, receiverAuthorizer, token, withdrawDelay } = channel
      const same =
        receiver === offer.receiver &&
        receiverAuthorizer === offer.receiverAuthorizer &&
        token === offer.asset &&
        withdrawDelay === offer.withdrawDelay
      const id = row.id as Hex
      if (same && !this.#options.followed.channel(id)?.withdrawal) return { id, channel }
    }
    const isUnused = ({ row }: Account): boolean =>
      row.counterparty === offer.provider && row.deposit !== null && row.charged === 0n
    if ([...this.#accounts.all()].filter(isUnused).length >= MOST_UNUSED)
      throw new HeddleError('channel_underfunded', `${MOST_UNUSED} channels with ${offer.provider} were never used`)
    return this.#create(offer)
  }

  async #create(offer: Offer): Promise<{ id: Hex; channel: Channel }> {
    const { payer, authorizer, ledger } = this.#options
    const channel: Channel = {
      payer: payer.address,
      payerAuthorizer: authorizer.address,
      receiver: offer.receiver,
      receiverAuthorizer: offer.receiverAuthorizer,
      token: offer.asset,
      withdrawDelay: offer.withdrawDelay,
      salt: toHex(randomBytes(32)),
    }
    const id = channelId(domainOf(offer), channel)
    const row: Row<'channels'> = {
      id,
      side: 'paying',
      config: canonical(channel),
      counterparty: offer.provider,
      ceiling: 0n,
      signature: '',
      charged: 0n,
      sequence: 0,
      deposit: null,
    }
    const account = newAccount(row, [])
    this.#accounts.add(id, account)
    await ledger.commit(put('channels', row))
    return { id, channel }
  }

  /**
   * A deposit authorization for a channel, stored before it is given out. The last one is given again while it can
   * still be used, so that a crash between signing and sending never deposits twice.
   */
  authorizeDeposit(id: Hex, amount: bigint, now: number): Promise<Deposit> {
    const before = this.#authorizing.get(id) ?? Promise.resolve()
    const authorized = before.then(() => this.#authorizeNow(id, amount, now))
    this.#authorizing.set(
      id,
      authorized.catch(() => undefined),
    )
    return authorized
  }

  async #authorizeNow(id: Hex, amount: bigint, now: number): Promise<Deposit> {
    const { row, channel } = await this.#account(id)
    const last = row.deposit ? (JSON.parse(row.deposit) as Deposit & { balance: string }) : undefined
    const balance = this.#options.followed.channel(id)?.balance ?? 0n
    if (last && BigInt(last.balance) === balance && last.validBefore * 1000 > now - CLOCK_SLACK) {
      const { balance: _, ...deposit } = last
      return deposit
    }
    const domain = await this.#options.tokenDomain(channel.token)
    const validBefore = Math.floor(now / 1000) + 3_600
    const terms = { amount: amount.toString(), validBefore, salt: toHex(randomBytes(32)) }
    const deposit = signDeposit(domain, id, terms, this.#options.payer)
    const account = await this.#account(id)
    account.row = { ...account.row, deposit: canonical({ ...deposit, balance: balance.toString() }) }
    await this.#options.ledger.commit(put('channels', account.row))
    return deposit
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
    { patience = this.#options.patience ?? PATIENCE, signal }: { patience?: number; signal?: AbortSignal } = {},
  ): Promise<Voucher> {
    for (const deadline = Date.now() + patience; ; ) {
      try {
        return await this.#takeNow(id, job, amount, offer)
      } catch (error) {
        const account = this.#accounts.get(id)
        const left = deadline - Date.now()
        const others = account && account.taken.size > (account.taken.has(job) ? 1 : 0)
        if (!isHeddleError(error, 'exposure_exceeded') || !others || amount.next > BigInt(offer.exposure)) throw error
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
    for (const deadline = Date.now() + (this.#options.patience ?? PATIENCE); ; ) {
      const account = await this.#account(id)
      if (account.broken) throw new HeddleError('receipt_mismatch', account.broken)
      const deposited = this.#options.followed.channel(id)?.balance ?? 0n
      const most = exposureOf(account) + BigInt(offer.exposure)
      if (account.row.ceiling > above) {
        const voucher = voucherOf(account)
        await account.raising
        return voucher
      }
      if (most > above && deposited > above)
        return this.#raise(account, most < deposited ? most : deposited, domainOf(offer))
      if (deposited <= above) throw new HeddleError('channel_underfunded', `the channel holds ${deposited}`)
      const left = deadline - Date.now()
      if (left <= 0) throw full()
      await woken(account.waiting, left)
    }
  }

  async #takeNow(id: Hex, job: Hex, amount: { delivered: bigint; next: bigint }, offer: Offer): Promise<Voucher> {
    const account = await this.#account(id)
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
    const deposited = this.#options.followed.channel(id)?.balance ?? 0n
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

  /** Vouchers signed since this start. */
  vouchers(): number {
    return this.#vouchers
  }

  /** Persists the ceiling, then signs it; so a crash never forgets a signature that is out. */
  async #raise(account: Account, ceiling: bigint, domain: Domain): Promise<Voucher> {
    this.#vouchers += 1
    const voucher = signVoucher(domain, account.row.id as Hex, ceiling, this.#options.authorizer)
    account.row = { ...account.row, ceiling, signature: voucher.signature }
    account.raising = this.#options.ledger.commit(put('channels', account.row))
    await account.raising
    return voucher
  }

  /**
   * A provider says that it takes a channel no more, for more is claimed of it than its ledger charged: what is asked next
   * is asked on another. Every other channel is another deposit, so the word is held against what is known here: it is
   * believed where something was claimed, and no more than receipts charged; and once a provider where it cannot be told.
   * Gives false where it is not believed: the channel stays.
   */
  async abandon(id: Hex): Promise<boolean> {
    const account = await this.#account(id)
    const { counterparty } = account.row
    const isUntold = (other: Account): boolean =>
      other !== account && other.row.counterparty === counterparty && !!other.abandoned && !this.#isClaimed(other)
    if (!account.abandoned && !this.#isClaimed(account) && [...this.#accounts.all()].some(isUntold)) return false
    account.abandoned = true
    wake(account.waiting)
    return true
  }

  /** Whether a provider that lost its ledger could find more claimed of a channel than it knows, and honestly so. */
  #isClaimed(account: Account): boolean {
    const claimed = this.#options.followed.channel(account.row.id as Hex)?.claimed ?? 0n
    return claimed > 0n && claimed <= chargedOf(account)
  }

  /** Signs nothing more on a channel: its provider said something that is provably untrue. */
  async distrust(id: Hex, reason: string): Promise<void> {
    breakOff(await this.#account(id), reason)
  }

  /**
   * Keeps a verified receipt that this side does not pay for, in one commit with `more`, and signs nothing more on the
   * channel on which it came: its provider has signed what contradicts it. What says nothing new is not kept, so that a
   * provider cannot fill a disk.
   */
  async refuse(id: Hex, signed: SignedReceipt, reason: string, more: readonly Write[] = []): Promise<void> {
    const account = await this.#account(id)
    breakOff(account, reason)
    const { receipt } = signed
    const digest = digestOfJson(receipt)
    if (await this.#isKnown(receipt)) return
    if (!isWorthKeeping(account, digest, receipt.sequence)) return
    account.refused.set(digest, receipt.sequence)
    const row: Row<'refused'> = { digest, channel: id, sequence: receipt.sequence, signed: canonical(signed) }
    await this.#options.ledger.commit(put('refused', row), ...more)
  }

  /** Whether this very receipt was recorded, under whatever signature. */
  async #isKnown(receipt: Receipt): Promise<boolean> {
    const { ledger } = this.#options
    // What is on its way to disk counts.
    await ledger.commit()
    const row = await readOne(ledger, 'receipts', { id: receipt.id })
    return row !== undefined && canonical((JSON.parse(row.signed) as SignedReceipt).receipt) === canonical(receipt)
  }

  /** Lets go of what a job had taken: it ended without a charge, or its receipt was recorded. */
  async release(id: Hex, job: Hex): Promise<void> {
    const account = await this.#account(id)
    account.taken.delete(job)
    wake(account.waiting)
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
    const maybe = !(await this.#account(receipt.channel)).taken.has(receipt.id)
    const stored = maybe && (await this.#isStored(receipt.id))
    const account = await this.#account(receipt.channel)
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
    await this.#options.ledger.commit(put('receipts', row), put('channels', account.row), ...more())
    return true
  }

  async #isStored(id: string): Promise<boolean> {
    const { ledger } = this.#options
    await ledger.commit()
    return (await readOne(ledger, 'receipts', { id })) !== undefined
  }

  #remember(id: string): void {
    this.#recent.add(id)
    if (this.#recent.size <= RECENT) return
    const [oldest] = this.#recent
    this.#recent.delete(oldest!)
  }

  /** What a channel must hold for every running job to do its next chunk: charged, delivered, and about to be. */
  async neededOn(id: Hex): Promise<bigint> {
    return neededCeiling(await this.#account(id))
  }

  /** Everything that receipts charged on a channel. */
  async chargedOn(id: Hex): Promise<bigint> {
    return chargedOf(await this.#account(id))
  }

  /** The sequence up to which a channel's receipts are known without a gap. */
  async sequenceOf(id: Hex): Promise<number> {
    return (await this.#account(id)).row.sequence
  }
}

/** Who waits for room on such a channel waits in vain: each hears of it at once, and asks elsewhere. */
function breakOff(account: Account, reason: string): void {
  account.broken ??= reason
  wake(account.waiting)
}

/** It passes by itself: with the jobs that run. */
const full = (): HeddleError =>
  new HeddleError('busy', 'other jobs fill the exposure of this channel', { cause: { retryAfter: 1 } })

const voucherOf = ({ row }: Account): Voucher => ({
  channel: row.id as Hex,
  ceiling: row.ceiling.toString(),
  signature: row.signature as Hex,
})
