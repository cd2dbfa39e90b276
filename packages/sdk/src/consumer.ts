import type { Followed } from '@heddle/payments'
import {
  type Alive,
  type Answer,
  type Channel,
  type Digest,
  HeddleError,
  type Hex,
  isHeddleError,
  type Question,
  type Quote,
  type SignedJob,
  sumIn,
  type Workload,
} from '@heddle/protocol'
import { attempt } from './attempt.ts'
import type { Choice, Standing } from './book.ts'
import { JobSigner } from './job-signer.ts'
import { Lost } from './lost.ts'
import { Places } from './places.ts'
import type { Purse } from './purse.ts'
import { quoteOf } from './quote.ts'
import { type LateSpending, recoverReceipts, strikeUnpaid } from './recover.ts'
import { isRefuted } from './refuse.ts'
import type { Asking } from './running.ts'
import { startSearch } from './search.ts'

export type ConsumerOptions = Omit<Asking, 'channelFor' | 'lost' | 'live' | 'signer'> & {
  followed: Followed
  /** Looks at the chain now. */
  look(): Promise<void>
  /** What a channel is opened and topped up with, in base units. */
  deposit: bigint
  spending: LateSpending
  /** How many questions may wait for a place (512), with how many bytes (256 MiB), for how many milliseconds (600,000). */
  queue?: number
  queueBytes?: number
  queueWait?: number
}

const QUEUE = 512
const QUEUE_BYTES = 256 << 20
const QUEUE_WAIT = 600_000

/** The sequence before a gap, and how many looks have found it since the first. */
type Gap = { sequence: number; looks: number }

/** choose → pay → ask → verify, once, for everyone who consumes. */
export class Consumer {
  readonly #options: ConsumerOptions
  readonly #asking: Asking
  readonly #places: Places
  readonly #lost: Lost
  /** Channels with a gap in their receipts. */
  #gaps = new Map<Hex, Gap>()
  readonly #opening = new Map<Standing, Promise<{ id: Hex; channel: Channel }>>()

  constructor(options: ConsumerOptions) {
    this.#options = options
    this.#places = new Places(options.queue ?? QUEUE, options.queueBytes ?? QUEUE_BYTES)
    this.#lost = new Lost({
      ledger: options.ledger,
      log: options.log,
      recover: async channel => {
        const standing = await this.#standingOf(channel)
        if (!standing) throw new HeddleError('provider_unreachable', 'its provider was not seen yet')
        return this.recover(standing, channel)
      },
    })
    this.#asking = {
      ...options,
      live: new Set<Digest>(),
      signer: new JobSigner(options),
      channelFor: choice => this.#channelFor(choice),
      lost: (job, settled) => this.#lost.add(job, settled),
    }
  }

  /** Signatures over jobs since this start. */
  signatures(): number {
    return this.#asking.signer.signatures()
  }

  /** How many questions wait for a place, and seconds until one that comes now would have it. */
  queue(): { waiting: number; estimate: number } {
    return this.#places.status()
  }

  /** Jobs whose end is not known yet. */
  unsettled(): number {
    return this.#lost.size
  }

  /**
   * Asks the best provider that has a place, and the next one when it fails before its first byte: nothing is paid twice.
   * While all are busy the question waits its turn among those of other purses, and `alive` hears where it stands. Throws
   * what the last one said, or what is wrong with the question.
   */
  async ask(
    workload: Workload<unknown>,
    question: Question,
    purse: Purse,
    signal: AbortSignal,
    alive?: (sign: Alive) => void,
  ): Promise<Answer> {
    const { book, log, queueWait = QUEUE_WAIT } = this.#options
    const search = startSearch(book.choose(workload, question, purse), queueWait)
    const { spec, nonce } = question
    for (;;) {
      const asker = purse.id ?? ''
      const { choice, place } = await this.#places.take(search.ways(), {
        asker,
        signal,
        patience: search.left(),
        bytes: () => JSON.stringify(spec).length,
        alive,
      })
      const began = performance.now()
      const wait = search.waitFor(choice)
      try {
        const answer = await attempt(this.#asking, { workload, spec, nonce, choice, purse, place, signal, wait, alive })
        book.answering(purse, question, choice)
        answer.done.then(
          ({ used }) => book.delivered(choice.standing, sumIn(workload, used, 'output'), performance.now() - began),
          () => undefined,
        )
        return answer
      } catch (error) {
        if (signal.aborted || !isHeddleError(error)) throw error
        const next = search.failed(choice, error)
        log.warn('asking another provider', { provider: choice.offer.provider, code: error.code })
        if (UNREACHABLE.has(error.code)) book.failed(choice.standing, error.code)
        if (error.code.startsWith('offer_')) void book.refresh()
        if (next > 0) await pause(next, signal)
      }
    }
  }

  /**
   * What an answer would cost, and from whom, if it were asked for now: its input counted by the engine where that can,
   * else as a bound; the most it can cost is always the bound. Throws what `ask` would throw before anything runs.
   */
  async quote(workload: Workload<unknown>, question: Question, purse: Purse): Promise<Quote> {
    const { book, payer } = this.#options
    const [choice] = book.choose(workload, question, purse)
    return quoteOf({ workload, spec: question.spec, choice: choice!, purse, payer })
  }

  /** Opens or tops up the channel with every provider that is up, so that no question waits for it. */
  async prepare(): Promise<void> {
    const { book, log } = this.#options
    await Promise.all(
      book.standings().map(async standing => {
        const offered = standing.offers[0]
        if (!offered || standing.failure !== undefined) return
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

  /** What is left on a channel above everything charged so far, and what runs. */
  async #room(id: Hex): Promise<bigint> {
    const balance = this.#options.followed.channel(id)?.balance ?? 0n
    return balance - (await this.#options.payer.neededOn(id))
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
    await standing.client.openChannel(id, { channel, deposit }).catch(async error => {
      if (isHeddleError(error, 'channel_overclaimed')) await payer.abandon(id)
      throw error
    })
    for (let i = 0; i < 100 && (followed.channel(id)?.balance ?? 0n) <= before; i++) {
      await look()
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    log.info('deposited', { channel: id, amount: deposit.amount })
  }

  /**
   * Brings one channel's receipts up to date with its provider. One that says what cannot be is not believed any more, and
   * what it did on the channel is paid no further.
   */
  async recover(standing: Standing, channel: Hex): Promise<number> {
    const fetched = (): Promise<number> => recoverReceipts(this.#asking, standing, channel, this.#options.spending)
    try {
      return await fetched().catch(error => {
        if (isHeddleError(error, 'receipt_signature')) return fetched()
        throw error
      })
    } catch (error) {
      if (isRefuted(error)) {
        await this.#options.payer.distrust(channel, error.message)
        await strikeUnpaid(this.#asking, channel)
      }
      throw error
    }
  }

  async #standingOf(channel: Hex): Promise<Standing | undefined> {
    const provider = await this.#options.payer.providerOf(channel)
    return this.#options.book.standings().find(({ pinned }) => pinned === provider)
  }

  /**
   * Takes over the jobs that another process left without a receipt: until it is known what each cost, `hold` holds what it may
   * be charged of the key that asked, and gives what lets go of it. A job of a provider that nobody here asks any more is left
   * as it is: its receipt cannot come.
   */
  async takeOver(hold: (apiKey: string, amount: bigint) => () => void): Promise<void> {
    const { ledger, payer, book } = this.#options
    const isAskedForSure = book.standings().every(({ pinned }) => pinned !== undefined)
    for (const row of await ledger.read('jobs', { where: { state: 'running' } })) {
      const [id, channel] = [row.id as Digest, row.channel as Hex]
      if (this.#asking.live.has(id)) continue
      if (await payer.isBroken(channel)) {
        await strikeUnpaid(this.#asking, channel)
        continue
      }
      if (isAskedForSure && !(await this.#standingOf(channel))) continue
      const { job } = JSON.parse(row.request) as SignedJob
      const release = row.apiKey === null ? () => undefined : hold(row.apiKey, BigInt(job.limit))
      this.#lost.add({ id, channel }, release)
    }
  }

  /** Brings every channel up to date with its provider; those that do not answer are asked again until they do. */
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

  /**
   * Fetches receipts that others have overtaken since the last look: of what was asked in the moment before a crash, and still ran
   * at the start after it, nothing else tells. One that cannot be had is asked for ever more seldom.
   */
  async fillGaps(): Promise<void> {
    const { book, payer, log } = this.#options
    const gaps = new Map<Hex, Gap>()
    for (const standing of book.standings()) {
      if (!standing.pinned) continue
      for (const { id } of await payer.channelsWith(standing.pinned)) {
        if (!(await payer.hasGap(id)) || (await payer.isBroken(id))) continue
        const sequence = await payer.sequenceOf(id)
        const known = this.#gaps.get(id)
        const looks = known?.sequence === sequence ? known.looks + 1 : 0
        gaps.set(id, { sequence, looks })
        if (looks === 0 || (looks & (looks - 1)) !== 0) continue
        await this.recover(standing, id).catch(error =>
          log.warn('receipts not fetched', { channel: id, error: error.message }),
        )
      }
    }
    this.#gaps = gaps
  }

  close(): Promise<void> {
    this.#lost.close()
    return this.#options.book.close()
  }
}

/** Errors that say that a provider is not there: for a moment all others are asked before it. */
const UNREACHABLE = new Set<string>(['provider_unreachable', 'engine_slow'])

/** Waits so many milliseconds. Throws `aborted` when the asker leaves. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', leave)
    }
    const leave = (): void => {
      end()
      reject(new HeddleError('aborted'))
    }
    const timer = setTimeout(() => {
      end()
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
  })
}
