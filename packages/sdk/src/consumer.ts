import type { Followed } from '@heddle/payments'
import {
  type Answer,
  type Channel,
  HeddleError,
  type Hex,
  isHeddleError,
  type Question,
  type Quote,
  type Workload,
} from '@heddle/protocol'
import { attempt } from './attempt.ts'
import type { Choice, Standing } from './book.ts'
import { JobSigner } from './job-signer.ts'
import type { Purse } from './purse.ts'
import { quoteOf } from './quote.ts'
import { type LateSpending, recoverReceipts } from './recover.ts'
import type { Asking } from './running.ts'

export type ConsumerOptions = Omit<Asking, 'channelFor' | 'lost' | 'live' | 'signer'> & {
  followed: Followed
  /** Looks at the chain now. */
  look(): Promise<void>
  /** What a channel is opened and topped up with, in base units. */
  deposit: bigint
  spending: LateSpending
}

/** Of those, what says nothing against the provider for the next question. */
const NOT_ITS_FAULT = ['busy', 'rate_limited', 'cap_reached', 'context_exceeded', 'unsupported_by_model'] as const

/** Errors after which another provider is asked, as long as nothing was delivered. */
const ELSEWHERE = new Set<string>([
  'provider_unreachable',
  'engine_down',
  'engine_slow',
  'offer_unknown',
  'offer_expired',
  'job_running',
  'disk_full',
  'ledger_failed',
  'internal',
  'interrupted',
  'channel_underfunded',
  'chain_down',
  'clock_skewed',
  'voucher_exceeds_deposit',
  'withdrawal_begun',
  'channel_unknown',
  'voucher_required',
  'deposit_refused',
  'receipt_mismatch',
  'exposure_exceeded',
  'engine_malformed',
  'engine_exposed',
  'model_withdrawn',
  'job_signature',
  ...NOT_ITS_FAULT,
])

/** choose → pay → ask → verify, once, for everyone who consumes. */
export class Consumer {
  readonly #options: ConsumerOptions
  readonly #asking: Asking
  readonly #opening = new Map<Standing, Promise<{ id: Hex; channel: Channel }>>()
  readonly #recovering = new Map<Hex, Promise<void>>()
  #closed = false

  constructor(options: ConsumerOptions) {
    this.#options = options
    this.#asking = {
      ...options,
      live: new Set(),
      signer: new JobSigner(options),
      channelFor: choice => this.#channelFor(choice),
      lost: (choice, channel, settled) => void this.#recoverSoon(choice.standing, channel).then(settled),
    }
  }

  /** Signatures over jobs since this start. */
  signatures(): number {
    return this.#asking.signer.signatures()
  }

  /**
   * Asks the best provider, and the next one when it fails before its first byte: nothing is paid twice. Throws what
   * the last one said, or what is wrong with the question.
   */
  async ask(workload: Workload<unknown>, question: Question, purse: Purse, signal: AbortSignal): Promise<Answer> {
    const { book, log } = this.#options
    let last: unknown
    for (const choice of book.choose(workload, question, purse)) {
      const began = performance.now()
      try {
        const answer = await attempt(this.#asking, workload, question.spec, choice, purse, signal, question.nonce)
        book.answering(purse, question, choice)
        answer.done.then(
          ({ used }) => book.delivered(choice.standing, used[workload.units.at(-1)!] ?? 0n, performance.now() - began),
          () => undefined,
        )
        return answer
      } catch (error) {
        last = error
        if (signal.aborted || !isHeddleError(error) || !ELSEWHERE.has(error.code)) throw error
        log.warn('asking another provider', { provider: choice.offer.provider, code: error.code })
        if (!(NOT_ITS_FAULT as readonly string[]).includes(error.code)) book.failed(choice.standing, error.code)
        if (error.code.startsWith('offer_')) void book.refresh()
      }
    }
    throw last ?? new HeddleError('no_provider')
  }

  /**
   * What an answer would cost, and from whom, if it were asked for now: its input counted by the engine where that can,
   * else as a bound; the most it can cost is always the bound. Throws what `ask` would throw before anything runs.
   */
  async quote(workload: Workload<unknown>, question: Question, purse: Purse): Promise<Quote> {
    const { book, payer, authorizer } = this.#options
    const [choice] = book.choose(workload, question, purse)
    return quoteOf({ workload, spec: question.spec, choice: choice!, purse, payer, authorizer })
  }

  /** Opens or tops up the channel with every provider that is up, so that no question waits for it. */
  async prepare(): Promise<void> {
    const { book, log } = this.#options
    await Promise.all(
      book.standings().map(async standing => {
        const offered = standing.offers[0]
        if (!offered) return
        const { offer } = offered
        await this.#channelFor({ standing, offer, offered, cost: 0n }).catch(error => {
          log.warn('channel not ready', { provider: offer.provider, code: error.code, error: error.message })
        })
      }),
    )
  }

  async #channelFor(choice: Choice): Promise<{ id: Hex; channel: Channel }> {
    const found = await this.#options.payer.channelFor(choice.offer)
    const least = BigInt(choice.offer.exposure)
    if ((await this.#room(found.id)) >= least) return found
    const opening = this.#opening.get(choice.standing)
    if (opening) return opening
    const opened = this.#open(choice, found).finally(() => this.#opening.delete(choice.standing))
    this.#opening.set(choice.standing, opened)
    return opened
  }

  /** What is left on a channel above everything charged so far. */
  async #room(id: Hex): Promise<bigint> {
    const balance = this.#options.followed.channel(id)?.balance ?? 0n
    return balance - (await this.#options.payer.chargedOn(id))
  }

  async #open(choice: Choice, found: { id: Hex; channel: Channel }): Promise<{ id: Hex; channel: Channel }> {
    await this.#options.look()
    if ((await this.#room(found.id)) >= BigInt(choice.offer.exposure)) return found
    await this.deposit(choice.standing, found, this.#options.deposit)
    return found
  }

  /** Puts money into a channel: the authorization is stored, the provider submits it. */
  async deposit(standing: Standing, { id, channel }: { id: Hex; channel: Channel }, amount: bigint): Promise<void> {
    const { payer, clock, look, followed, log } = this.#options
    const before = followed.channel(id)?.balance ?? 0n
    const deposit = await payer.authorizeDeposit(id, amount, clock.now())
    await standing.client.openChannel(id, { channel, deposit })
    for (let i = 0; i < 100 && (followed.channel(id)?.balance ?? 0n) <= before; i++) {
      await look()
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    log.info('deposited', { channel: id, amount: deposit.amount })
  }

  #recoverSoon(standing: Standing, channel: Hex): Promise<void> {
    const before = this.#recovering.get(channel) ?? Promise.resolve()
    const run = async (): Promise<void> => {
      await before
      for (const wait of [100, 500, 2_000, 5_000]) {
        await new Promise(resolve => setTimeout(resolve, wait))
        if (this.#closed) return
        const done = await this.recover(standing, channel).catch(() => undefined)
        if (done !== undefined) return
      }
    }
    const recovering = run()
    this.#recovering.set(channel, recovering)
    return recovering
  }

  /** Brings one channel's receipts up to date with its provider. */
  recover(standing: Standing, channel: Hex): Promise<number> {
    return recoverReceipts(this.#asking, standing, channel, this.#options.spending)
  }

  /** Brings every channel up to date with its provider; those that do not answer are left for later. */
  async recoverAll(): Promise<void> {
    const { book, payer, log } = this.#options
    for (const standing of book.standings()) {
      if (!standing.pinned) continue
      for (const { id } of await payer.channelsWith(standing.pinned)) {
        await this.recover(standing, id).catch(error =>
          log.warn('receipts not fetched', { channel: id, error: error.message }),
        )
      }
    }
  }

  close(): Promise<void> {
    this.#closed = true
    return this.#options.book.close()
  }
}
