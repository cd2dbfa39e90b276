import type { Row, Write } from '@heddle/ledger'
import type { Channel, Deposit, Hex, KnownClaim, Offer, SignedReceipt, Voucher } from '@heddle/protocol'
import { Accounts } from '../accounts.ts'
import { wake } from '../waiting.ts'
import { type Account, breakOff, chargedOf, neededCeiling, newAccount } from './account.ts'
import { Ceilings } from './ceilings.ts'
import { Channels } from './channels.ts'
import type { Parts, PayerOptions } from './parts.ts'
import { Records } from './records.ts'

export type { PayerOptions } from './parts.ts'

/**
 * Everyone who pays uses this. It persists a ceiling before it signs under it, never lets ceiling − charged pass the
 * offer's exposure, and counts as charged only what a verified receipt says.
 */
export class Payer {
  readonly #parts: Parts
  readonly #channels: Channels
  readonly #ceilings: Ceilings
  readonly #records: Records

  constructor(options: PayerOptions) {
    this.#parts = { ...options, accounts: new Accounts(options.ledger, () => this.#read()) }
    this.#channels = new Channels(this.#parts)
    this.#ceilings = new Ceilings(this.#parts)
    this.#records = new Records(this.#parts)
  }

  async #read(): Promise<Map<Hex, Account>> {
    const accounts = new Map<Hex, Account>()
    const { ledger } = this.#parts
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
    return this.#parts.accounts.find(id)
  }

  /** The last claim on a channel that was known here when something was asked, at a time in unix milliseconds. */
  claimKnownAt(channel: Hex, asked: number): KnownClaim | undefined {
    return this.#parts.followed.claimKnownAt(channel, asked)
  }

  /** The key of the provider that a channel pays. */
  async providerOf(id: Hex): Promise<Hex> {
    return (await this.#account(id)).row.counterparty as Hex
  }

  /** Whether nothing more is signed on a channel, for what its provider said. */
  async isBroken(id: Hex): Promise<boolean> {
    return (await this.#account(id)).broken !== undefined
  }

  /** {@link Channels.channelsWith} */
  channelsWith(provider: Hex): Promise<{ id: Hex; channel: Channel; row: Readonly<Row<'channels'>> }[]> {
    return this.#channels.channelsWith(provider)
  }

  /** {@link Channels.channelFor} */
  channelFor(offer: Offer): Promise<{ id: Hex; channel: Channel }> {
    return this.#channels.channelFor(offer)
  }

  /** {@link Channels.authorizeDeposit} */
  authorizeDeposit(id: Hex, amount: bigint, now: number): Promise<Deposit> {
    return this.#channels.authorizeDeposit(id, amount, now)
  }

  /** {@link Ceilings.take} */
  take(
    id: Hex,
    job: Hex,
    amount: { delivered: bigint; next: bigint },
    offer: Offer,
    waiting: { patience?: number; signal?: AbortSignal } = {},
  ): Promise<Voucher> {
    return this.#ceilings.take(id, job, amount, offer, waiting)
  }

  /** {@link Ceilings.higher} */
  higher(id: Hex, above: bigint, offer: Offer): Promise<Voucher> {
    return this.#ceilings.higher(id, above, offer)
  }

  /** {@link Ceilings.vouchers} */
  vouchers(): number {
    return this.#ceilings.vouchers()
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
    if (!account.abandoned && !this.#isClaimed(account) && [...this.#parts.accounts.all()].some(isUntold)) return false
    account.abandoned = true
    wake(account.waiting)
    return true
  }

  /** Whether a provider that lost its ledger could find more claimed of a channel than it knows, and honestly so. */
  #isClaimed(account: Account): boolean {
    const claimed = this.#parts.followed.channel(account.row.id as Hex)?.claimed ?? 0n
    return claimed > 0n && claimed <= chargedOf(account)
  }

  /** Signs nothing more on a channel: its provider said something that is provably untrue. */
  async distrust(id: Hex, reason: string): Promise<void> {
    breakOff(await this.#account(id), reason)
  }

  /** {@link Records.refuse} */
  refuse(id: Hex, signed: SignedReceipt, reason: string, more: readonly Write[] = []): Promise<void> {
    return this.#records.refuse(id, signed, reason, more)
  }

  /** {@link Ceilings.release} */
  release(id: Hex, job: Hex): Promise<void> {
    return this.#ceilings.release(id, job)
  }

  /** {@link Records.record} */
  record(signed: SignedReceipt, apiKey: string | null, more: () => readonly Write[] = () => []): Promise<boolean> {
    return this.#records.record(signed, apiKey, more)
  }

  /** What a channel must hold for every running job to do its next chunk: charged, delivered, and about to be. */
  async neededOn(id: Hex): Promise<bigint> {
    return neededCeiling(await this.#account(id))
  }

  /** Everything that receipts charged on a channel. */
  async chargedOn(id: Hex): Promise<bigint> {
    return chargedOf(await this.#account(id))
  }

  /** Whether receipts are here that come after one that is not. */
  async hasGap(id: Hex): Promise<boolean> {
    return (await this.#account(id)).ahead.size > 0
  }

  /** The sequence up to which a channel's receipts are known without a gap. */
  async sequenceOf(id: Hex): Promise<number> {
    return (await this.#account(id)).row.sequence
  }
}
