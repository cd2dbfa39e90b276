import { put, type Row } from '@heddle/ledger'
import {
  type Channel,
  canonical,
  channelId,
  type Deposit,
  domainOf,
  HeddleError,
  type Hex,
  type Offer,
  randomBytes,
  signDeposit,
  toHex,
} from '@heddle/protocol'
import { type Account, newAccount } from './account.ts'
import type { Parts } from './parts.ts'

/** The chain's clock may be this far behind ours (milliseconds): until then an expired deposit may still be taken. */
const CLOCK_SLACK = 120_000
/** Channels with one provider that were never used, unless an owner says otherwise. */
const USUAL_UNUSED = 4

/** The channels of a payer, and the deposits that it authorizes on them. */
export class Channels {
  readonly #parts: Parts
  /** The last authorization of each channel's deposits: one at a time. */
  readonly #authorizing = new Map<Hex, Promise<unknown>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The channels with one provider's key, the newest last. */
  async channelsWith(provider: Hex): Promise<{ id: Hex; channel: Channel; row: Readonly<Row<'channels'>> }[]> {
    await this.#parts.accounts.load()
    return [...this.#parts.accounts.all()]
      .filter(account => account.row.counterparty === provider)
      .map(account => ({ id: account.row.id as Hex, channel: account.channel, row: account.row }))
  }

  /**
   * A channel that suits an offer: made and stored here when there is none yet; not yet funded then. Throws
   * `channel_underfunded` where too much money lies already in channels that this provider never did anything for.
   */
  async channelFor(offer: Offer): Promise<{ id: Hex; channel: Channel }> {
    await this.#parts.accounts.load()
    // Nothing waits between the look and the new account, so two callers get one channel.
    for (const { row, channel, abandoned } of this.#parts.accounts.all()) {
      if (row.counterparty !== offer.provider || abandoned) continue
      const { receiver, receiverAuthorizer, token, withdrawDelay } = channel
      const same =
        receiver === offer.receiver &&
        receiverAuthorizer === offer.receiverAuthorizer &&
        token === offer.asset &&
        withdrawDelay === offer.withdrawDelay
      const id = row.id as Hex
      if (same && !this.#parts.followed.channel(id)?.withdrawal) return { id, channel }
    }
    const isUnused = ({ row }: Account): boolean =>
      row.counterparty === offer.provider && row.deposit !== null && row.charged === 0n
    const { unused: most = USUAL_UNUSED } = this.#parts
    if ([...this.#parts.accounts.all()].filter(isUnused).length >= most)
      throw new HeddleError('channel_underfunded', `${most} channels with ${offer.provider} were never used`)
    return this.#create(offer)
  }

  async #create(offer: Offer): Promise<{ id: Hex; channel: Channel }> {
    const { payer, authorizer, ledger } = this.#parts
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
    this.#parts.accounts.add(id, account)
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
    const { row, channel } = await this.#parts.accounts.find(id)
    const last = row.deposit ? (JSON.parse(row.deposit) as Deposit & { balance: string }) : undefined
    const balance = this.#parts.followed.channel(id)?.balance ?? 0n
    if (last && BigInt(last.balance) === balance && last.validBefore * 1000 > now - CLOCK_SLACK) {
      const { balance: _, ...deposit } = last
      return deposit
    }
    const domain = await this.#parts.tokenDomain(channel.token)
    const validBefore = Math.floor(now / 1000) + 3_600
    const terms = { amount: amount.toString(), validBefore, salt: toHex(randomBytes(32)) }
    const deposit = signDeposit(domain, id, terms, this.#parts.payer)
    const account = await this.#parts.accounts.find(id)
    account.row = { ...account.row, deposit: canonical({ ...deposit, balance: balance.toString() }) }
    await this.#parts.ledger.commit(put('channels', account.row))
    return deposit
  }
}
