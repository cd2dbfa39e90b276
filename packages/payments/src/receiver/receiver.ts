import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import {
  type Channel,
  type ChannelTerms,
  canonical,
  channelId,
  checkChannelOf,
  domainOf,
  HeddleError,
  type Hex,
  recoverVoucher,
  type Voucher,
} from '@heddle/protocol'
import { Accounts } from '../accounts.ts'
import type { Followed } from '../chain/followed.ts'
import { wake, woken } from '../waiting.ts'
import type { Rail } from '../x402/rail.ts'
import { type Account, accountOf, free, hold, isBlank, isUnused, type Reservation } from './account.ts'
import { Named } from './named.ts'

export type { Reservation } from './account.ts'

/** A reservation, and what of it is charged. */
export type Settling = { reservation: Reservation; charge: bigint }

/** How a job waits for room: whom it tells what ceiling it takes, for how many milliseconds, and until when. */
export type Wait = { ask: (required: bigint) => void; timeout: number; signal: AbortSignal }

export type ChannelState = { ceiling: bigint; charged: bigint; sequence: number; balance: bigint; claimed: bigint }

/** Channels that are remembered while nothing was signed or deposited on them. */
const MOST_NAMED = 1_000

/**
 * Everyone who is paid uses this. It admits vouchers (persisted once, before work under them), reserves before work,
 * and never charges above the ceiling.
 *
 * Anybody can name a channel, so the ledger keeps one only from the first of: a deposit, a good voucher, a job that runs.
 */
export class Receiver {
  readonly #ledger: Ledger
  readonly #followed: Followed
  /** Those that the ledger keeps; whatever was done was done on one of them. */
  readonly #accounts: Accounts<Account>
  readonly #named: Named

  /** `named` is how many channels are remembered while nothing was signed or deposited on them: 1,000 where it is left out. */
  constructor(options: { ledger: Ledger; followed: Followed; named?: number }) {
    this.#ledger = options.ledger
    this.#followed = options.followed
    this.#accounts = new Accounts(options.ledger, () => this.#read())
    this.#named = new Named(options.named ?? MOST_NAMED)
  }

  async #read(): Promise<Map<Hex, Account>> {
    const accounts = new Map<Hex, Account>()
    const marked = await this.#ledger.read('x402', { where: { scheme: 'batch-settlement' } })
    const others = new Set(marked.map(row => row.channel))
    const working = new Set((await this.#ledger.read('jobs', { where: { state: 'running' } })).map(row => row.channel))
    for (const row of await this.#ledger.read('channels', { where: { side: 'paid' } })) {
      const rail = others.has(row.id) ? 'x402' : 'native'
      // Ledgers from before kept what was only named. A free job that a crash has left has a mark, and no voucher.
      if (rail === 'native' && isBlank(row) && !working.has(row.id) && !this.#holds(row.id as Hex)) continue
      accounts.set(row.id as Hex, accountOf(row, rail))
    }
    return accounts
  }

  /** Whether there is a deposit on a channel. */
  #holds(id: Hex): boolean {
    return (this.#followed.channel(id)?.balance ?? 0n) > 0n
  }

  /** What is known of a channel now, once the accounts are read. */
  #known(id: Hex): Account | undefined {
    return this.#accounts.get(id) ?? this.#named.get(id)
  }

  async #account(id: Hex, rail?: Rail): Promise<Account> {
    await this.#accounts.load()
    const account = this.#known(id)
    if (!account) throw new HeddleError('channel_unknown', id)
    checkRail(account, rail)
    return account
  }

  /** What keeps an account as it is now: with its first row goes how it is paid. */
  #writesOf(account: Account): Write[] {
    const id = account.row.id as Hex
    const row = put('channels', account.row)
    if (this.#accounts.get(id) === account) return [row]
    this.#named.delete(id)
    this.#accounts.add(id, account)
    return account.rail === 'x402' ? [row, put('x402', markOf(id))] : [row]
  }

  /**
   * Learns of a channel that pays on these terms, over one rail for good. Anybody can name a channel, so one that was
   * only named is not yet native: x402 registers what its payer signed, and takes it over. Nor is it kept before it holds a
   * deposit: of those that hold none only so many are remembered. Throws `channel_mismatch`, `authorizer_zero`, `rail_mixed`,
   * `channel_overclaimed`.
   */
  async register(id: Hex, channel: Channel, terms: ChannelTerms, rail: Rail = 'native'): Promise<void> {
    await this.#accounts.load()
    const known = this.#known(id)
    const isKept = known !== undefined && this.#accounts.get(id) === known
    const account = known ?? newAccount(id, channel, terms, rail)
    if (rail === 'x402' && account.rail === 'native' && isUnused(account)) {
      account.rail = rail
      if (isKept) return this.#ledger.commit(put('x402', markOf(id)))
    }
    checkRail(account, rail)
    this.#checkClaimed(account)
    if (isKept) return
    if (!known) this.#named.add(id, account)
    if (this.#holds(id)) await this.#keep(account)
  }

  /**
   * A provider claims what it charged, so more was claimed only under another ledger: one that was lost, or of somebody
   * who shares the receiver's authorizer. The chain pays nothing for the same vouchers again, and a receipt that charges
   * less than was claimed would speak against whoever signs it. Nor does it begin to count on a channel that is older than
   * this ledger: two receipts for one place would.
   */
  #checkClaimed({ row }: Account): void {
    if (row.charged === 0n && this.#followed.isOlder(row.id as Hex))
      throw new HeddleError(
        'channel_overclaimed',
        'the channel is older than the ledger here, which knows nothing of it',
      )
    const claimed = this.#followed.channel(row.id as Hex)?.claimed ?? 0n
    if (claimed <= row.charged) return
    throw new HeddleError('channel_overclaimed', `${claimed} is claimed on chain, ${row.charged} was charged here`)
  }

  /**
   * Admits a voucher: its signature, monotony and cover are checked, then it is persisted. A voucher that is already
   * known changes nothing. Throws `voucher_signature`, `voucher_decreasing`, `voucher_exceeds_deposit`,
   * `withdrawal_begun`, `rail_mixed`, `channel_overclaimed`.
   */
  async admit(voucher: Voucher, terms: ChannelTerms, rail: Rail = 'native'): Promise<void> {
    const account = await this.#account(voucher.channel, rail)
    this.#checkClaimed(account)
    const ceiling = BigInt(voucher.ceiling)
    if (ceiling === account.durableCeiling && voucher.signature === account.row.signature) return
    const signer = recoverVoucher(domainOf(terms), voucher)
    if (signer !== account.channel.payerAuthorizer) {
      throw new HeddleError('voucher_signature', `signed by ${signer ?? 'nobody'} for this chain and contract`)
    }
    if (ceiling <= account.row.ceiling) {
      if (ceiling === account.durableCeiling) return
      if (ceiling === account.row.ceiling) return this.#ledger.commit(put('channels', account.row))
      throw new HeddleError('voucher_decreasing', `the ceiling is ${account.row.ceiling} already`)
    }
    const onChain = this.#followed.channel(voucher.channel)
    if (onChain?.withdrawal) throw new HeddleError('withdrawal_begun')
    if (ceiling > (onChain?.balance ?? 0n)) {
      throw new HeddleError('voucher_exceeds_deposit', `the channel holds ${onChain?.balance ?? 0n}`)
    }
    account.row = { ...account.row, ceiling, signature: voucher.signature }
    await this.#ledger.commit(...this.#writesOf(account))
    if (ceiling > account.durableCeiling) account.durableCeiling = ceiling
    wake(account.waiting)
  }

  /**
   * Holds an amount for a job's next chunk, or gives the ceiling that it would take. Throws `withdrawal_begun`,
   * `rail_mixed`, `channel_overclaimed`.
   */
  async reserve(
    id: Hex,
    amount: bigint,
    rail: Rail = 'native',
  ): Promise<{ reservation: Reservation } | { required: bigint }> {
    const account = await this.#account(id, rail)
    const held = this.#reserveNow(account, amount)
    if ('reservation' in held) await this.#keep(account)
    return held
  }

  /** What is done for nothing has no voucher that kept its channel: it is kept before the work. */
  async #keep(account: Account): Promise<void> {
    if (this.#accounts.get(account.row.id as Hex) !== account) await this.#ledger.commit(...this.#writesOf(account))
  }

  #reserveNow(account: Account, amount: bigint): { reservation: Reservation } | { required: bigint } {
    const id = account.row.id as Hex
    const onChain = this.#followed.channel(id)
    if (onChain?.withdrawal) throw new HeddleError('withdrawal_begun')
    this.#checkClaimed(account)
    const total = account.row.charged + account.reserved + amount
    if (total > (onChain?.balance ?? 0n) && total <= account.durableCeiling) {
      throw new HeddleError('voucher_exceeds_deposit', `the channel holds ${onChain?.balance ?? 0n} on this chain`)
    }
    const required = total + account.wanted
    if (required > account.durableCeiling) return { required }
    const reservation: Reservation = { channel: id, amount: 0n, account }
    hold(account, reservation, amount)
    return { reservation }
  }

  /**
   * The ceiling that an amount would take, where the channel's deposit does not reach so far: nothing that is waited for
   * mends that. Nothing where it does. Throws `withdrawal_begun`, `rail_mixed`, `channel_overclaimed`.
   */
  async shortOf(id: Hex, amount: bigint): Promise<bigint | undefined> {
    const account = await this.#account(id, 'native')
    const onChain = this.#followed.channel(id)
    if (onChain?.withdrawal) throw new HeddleError('withdrawal_begun')
    this.#checkClaimed(account)
    const total = account.row.charged + amount
    return total > (onChain?.balance ?? 0n) && total > account.durableCeiling ? total : undefined
  }

  /**
   * Holds an amount as {@link reserve} does, and waits for room where there is none, telling `ask` what ceiling would make
   * some. What runs already comes first. Throws what `reserve` does, `voucher_required` when no room comes in time, and
   * `aborted` when the signal does.
   */
  async reserveSoon(id: Hex, amount: bigint, wait: Wait): Promise<Reservation> {
    let asked = 0n
    for (const deadline = performance.now() + wait.timeout; ; ) {
      const account = await this.#account(id, 'native')
      const held = this.#reserveNow(account, amount)
      if ('reservation' in held) {
        await this.#keep(account)
        return held.reservation
      }
      const { required } = held
      if (required > asked) {
        asked = required
        wait.ask(required)
      }
      const left = deadline - performance.now()
      const cause = { ceiling: required.toString() }
      if (left <= 0) throw new HeddleError('voucher_required', `a ceiling of ${required}`, { cause })
      await woken(account.waiting, left, wait.signal)
      if (wait.signal.aborted) throw new HeddleError('aborted')
    }
  }

  /**
   * Changes what a reservation holds; waits for room when the ceiling has none, and tells `ask` what ceiling would make
   * some: again whenever that has grown. Throws `payer_stalled` when none comes in time, `aborted` when the signal does,
   * `channel_overclaimed`: what is held already can still be charged then.
   */
  async extend(reservation: Reservation, amount: bigint, wait: Wait): Promise<void> {
    const account = await this.#accountOf(reservation)
    this.#checkClaimed(account)
    const more = amount - reservation.amount
    const required = (): bigint => account.row.charged + account.reserved + more
    if (required() <= account.durableCeiling) return hold(account, reservation, amount)
    account.wanted += more
    try {
      let asked = 0n
      for (const deadline = performance.now() + wait.timeout; ; ) {
        // What others were charged or took meanwhile can put it above what was asked for.
        if (required() > asked) {
          asked = required()
          wait.ask(asked)
        }
        const left = deadline - performance.now()
        if (left <= 0) throw new HeddleError('payer_stalled')
        await woken(account.waiting, left, wait.signal)
        if (wait.signal.aborted) throw new HeddleError('aborted')
        if (required() <= account.durableCeiling) return hold(account, reservation, amount)
      }
    } finally {
      account.wanted -= more
    }
  }

  /** A reservation does not outlive a failure of the ledger: what it was made from is no longer true. */
  async #accountOf(reservation: Reservation): Promise<Account> {
    const account = await this.#account(reservation.channel)
    if (account !== reservation.account) throw failedMeanwhile()
    return account
  }

  /** Gives a reservation back without a charge. */
  async release(reservation: Reservation): Promise<void> {
    await this.#accounts.load()
    const account = this.#accounts.get(reservation.channel)
    if (account && account === reservation.account) free(account, reservation)
    reservation.amount = 0n
  }

  /**
   * Turns a reservation into a charge, in one commit with what `build` makes of its place in the channel (the receipt,
   * the job). Throws `internal` when the charge is above what was reserved: that is never the payer's fault.
   */
  async settle(
    reservation: Reservation,
    charge: bigint,
    build: (place: { sequence: number; charged: bigint }) => readonly Write[],
  ): Promise<void> {
    const [refused] = await this.settleAll([{ reservation, charge }], ([place]) => build(place!))
    if (refused) throw refused
  }

  /**
   * Turns reservations into charges, all in one commit. Places are given, `build` is called and the commit is queued in
   * the same breath, so sequences have no gaps and no order is lost. What cannot be charged gets an error at its place
   * in the result, and stands in nobody's way: `build` hears of the others only.
   */
  async settleAll<S extends Settling>(
    settling: readonly S[],
    build: (placed: readonly (S & { sequence: number; charged: bigint })[]) => readonly Write[],
  ): Promise<(HeddleError | undefined)[]> {
    await this.#accounts.load()
    const placed: (S & { sequence: number; charged: bigint })[] = []
    const accounts = new Map<Account, Row<'channels'>>()
    const refused = settling.map(one => {
      const { reservation, charge } = one
      const account = this.#accounts.get(reservation.channel)
      if (!account || account !== reservation.account) return failedMeanwhile()
      if (charge > reservation.amount) return new HeddleError('internal', 'charge above the reservation')
      const before = accounts.get(account) ?? account.row
      const row = { ...before, sequence: before.sequence + 1, charged: before.charged + charge }
      accounts.set(account, row)
      placed.push({ ...one, sequence: row.sequence, charged: row.charged })
      return undefined
    })
    if (placed.length === 0) return refused
    const writes = build(placed)
    for (const [account, row] of accounts) account.row = row
    for (const { reservation } of placed) free(reservation.account as Account, reservation)
    await this.#ledger.commit(...writes, ...[...accounts.values()].map(row => put('channels', row)))
    return refused
  }

  async state(id: Hex): Promise<ChannelState> {
    const { row } = await this.#account(id)
    const { balance = 0n, claimed = 0n } = this.#followed.channel(id) ?? {}
    return { ceiling: row.ceiling, charged: row.charged, sequence: row.sequence, balance, claimed }
  }

  /** The highest voucher of a channel that is on disk; nothing for a channel that is not known or has none. */
  async voucher(id: Hex): Promise<Voucher | undefined> {
    await this.#accounts.load()
    const row = this.#known(id)?.row
    return row?.signature
      ? { channel: id, ceiling: row.ceiling.toString(), signature: row.signature as Hex }
      : undefined
  }

  /** Which rail a channel is used with; nothing for a channel that is not known. */
  async rail(id: Hex): Promise<Rail | undefined> {
    await this.#accounts.load()
    return this.#known(id)?.rail
  }

  async channel(id: Hex): Promise<Channel> {
    return (await this.#account(id)).channel
  }

  /** Every channel as it is on disk, with what can still be claimed: a charge that is not durable is never claimed. */
  async claimable(): Promise<
    { row: Readonly<Row<'channels'>>; channel: Channel; unclaimed: bigint; urgent: boolean }[]
  > {
    const rows = await this.#ledger.read('channels', { where: { side: 'paid' } })
    return rows.map(row => {
      const onChain = this.#followed.channel(row.id as Hex)
      const unclaimed = onChain ? row.charged - onChain.claimed : 0n
      const channel = JSON.parse(row.config) as Channel
      return { row, channel, unclaimed, urgent: onChain?.withdrawal !== undefined }
    })
  }
}

const failedMeanwhile = (): HeddleError => new HeddleError('ledger_failed', 'the ledger failed during this job')

/** Throws `rail_mixed`. */
function checkRail(account: Account, rail: Rail | undefined): void {
  if (rail && account.rail !== rail) throw new HeddleError('rail_mixed', `this channel is used with ${account.rail}`)
}

/** A channel on which nothing was done yet. Throws `channel_mismatch`, `authorizer_zero`. */
function newAccount(id: Hex, channel: Channel, terms: ChannelTerms, rail: Rail): Account {
  checkChannelOf(terms, channel)
  if (channelId(domainOf(terms), channel) !== id) {
    throw new HeddleError('channel_mismatch', 'the id is not the one of this config, chain and contract')
  }
  const row: Row<'channels'> = {
    id,
    side: 'paid',
    config: canonical(channel),
    counterparty: channel.payer,
    ceiling: 0n,
    signature: '',
    charged: 0n,
    sequence: 0,
    deposit: null,
  }
  return accountOf(row, rail)
}

const markOf = (channel: Hex): Row<'x402'> => ({
  channel,
  scheme: 'batch-settlement',
  authorization: null,
  finish: null,
})
