import type { Link, Stream } from '@heddle/link'
import {
  type Address,
  type CallName,
  type Channel,
  canonical,
  concat,
  type Deposit,
  type Digest,
  encodeCall,
  errorFromJson,
  fromUtf8,
  HeddleError,
  type Hex,
  isHeddleError,
  type Message,
  nestsDeeper,
  readMessage,
  type SignedJob,
  type SignedOffer,
  toHeddleError,
  type Usage,
  usageFromJson,
  utf8,
  type Voucher,
} from '@heddle/protocol'
import { type AnswerLimits, MAX_DEPTH, USUAL_ANSWERS } from './answers.ts'
import { readOpening } from './evidence-leaves.ts'
import { LyingVouchers } from './lying-vouchers.ts'
import { leave, type MessageStream, messagesOf, resetBefore } from './message-stream.ts'
import { OfferReader } from './offer-reader.ts'

export type RemoteChannel = { ceiling: string; charged: string; sequence: number; balance: string; claimed: string }

/** What a provider says of an earlier job: enough to check its receipt without having seen the answer. */
export type RemoteReceipt = { receipt: unknown; job: unknown; offer: unknown }

/** Where a client's link is. */
export type LinkSource = {
  /** The link, made if there is none and this side can. Throws where nobody is there. */
  link(): Promise<Link>
  close(): void
}

/** Talks to one provider over a link, whoever made it. Every error is a HeddleError: the provider's own, or `provider_unreachable`. */
export class ProviderClient {
  readonly endpoint: string
  readonly #source: LinkSource
  readonly #limits: AnswerLimits
  readonly #offers: OfferReader
  readonly #lying = new LyingVouchers()
  /** Who is there: the same as long as this client lives. */
  #peer: Address | undefined
  /** What waits for its first word, by what tells it that the connection of its link is gone. */
  readonly #waiting = new Map<(error: HeddleError) => void, Link>()
  /** Links whose connection is gone, and is waited for. */
  readonly #away = new Map<Link, NodeJS.Timeout>()

  constructor(endpoint: string, source: LinkSource, limits: AnswerLimits = USUAL_ANSWERS) {
    this.endpoint = endpoint
    this.#source = source
    this.#limits = limits
    this.#offers = new OfferReader(limits.offers)
  }

  /**
   * The provider's offers that are well signed and not expired, those for this payer alone too; and by digest what it
   * says that it cannot answer with now.
   */
  async offers(now: number, payer?: Address): Promise<{ offers: SignedOffer[]; down: ReadonlySet<string> }> {
    const { offers, down } = recordOf(await this.#ask('offers', payer ? { payer } : {}))
    const read = await this.#offers.read(offers, now)
    // Whoever tells another's offers is not who is paid for them.
    if (read.some(({ offer }) => offer.provider !== this.#peer))
      throw new HeddleError('offer_invalid', `offers of others than ${this.#peer}, who tells them`)
    return { offers: read, down: new Set(Array.isArray(down) ? down : []) }
  }

  openChannel(id: Hex, body: { channel: Channel; deposit?: Deposit; voucher?: Voucher }): Promise<RemoteChannel> {
    return this.#ask('channel', { id, ...body }) as Promise<RemoteChannel>
  }

  raise(voucher: Voucher): Promise<RemoteChannel> {
    return this.#ask('voucher', voucher) as Promise<RemoteChannel>
  }

  /** Has the engine count what an input would use. */
  async count(body: { channel: Channel; offer: Digest; spec: unknown }): Promise<Usage> {
    const { used } = recordOf(await this.#ask('count', body))
    return usageFromJson(used as Record<string, string>)
  }

  /** Receipts after a sequence, oldest first. */
  async receipts(channel: Hex, after: number): Promise<RemoteReceipt[]> {
    const { receipts } = recordOf(await this.#ask('receipts', { channel, after }))
    if (!Array.isArray(receipts) || receipts.length > this.#limits.receipts)
      throw new HeddleError('provider_unreachable', `no list of at most ${this.#limits.receipts} receipts`)
    return receipts as RemoteReceipt[]
  }

  /**
   * Tells the provider that nobody waits for a job any more: it ends, and its receipt comes where its answer would have.
   * Throws `job_unknown` where it is not there.
   */
  async stop(id: Hex): Promise<void> {
    await this.#ask('stop', { id })
  }

  /** How a job stands: `unknown` means that it was never charged and never will be. */
  async jobState(id: Hex): Promise<'done' | 'running' | 'unknown'> {
    const { state } = recordOf(await this.#ask('state', { id }))
    if (state === 'done' || state === 'running' || state === 'unknown') return state
    throw new HeddleError('provider_unreachable', `state ${String(state).slice(0, 40)}`)
  }

  /**
   * The stored output of a job that is done, where it can have `most` bytes. One that is longer is read no further: what is given is longer
   * than that too. Throws `job_unknown`, `job_running`.
   */
  async output(id: Hex, most: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let length = 0
    await this.#call('output', { id }, ({ kind, payload }) => {
      if (kind !== 'output') return true
      length += payload.length
      parts.push(payload)
      return length <= most
    })
    return concat(...parts)
  }

  /**
   * The leaves that open a job's receipt, of an answer of at most `most` bytes; nobody has held them against the receipt
   * yet. Throws `evidence_unknown` where the provider says that it keeps none, and `evidence_withheld` where it says
   * nothing, or nothing that is evidence.
   */
  async evidence(id: Hex, most: number): Promise<Uint8Array[]> {
    const answer = await this.#call('evidence', { id })
      .then(one => ({ one }))
      .catch((error: unknown) => ({ error: toHeddleError(error) }))
    return readOpening(answer, most)
  }

  /**
   * Posts a job; `wait` is how many milliseconds it would wait for a place. A voucher that this provider has answered
   * under before is not sent again: it lies there already. Gives whether it was left out.
   */
  job(
    { signed, channel, voucher }: { signed: SignedJob; channel: Channel; voucher: Voucher },
    wait: number,
  ): { messages: MessageStream; short: boolean } {
    const { body, short } = this.#lying.postOf(signed, channel, voucher)
    const about = encodeCall({ call: 'job', wait: Math.max(0, Math.floor(wait / 1_000)) })
    let isHeard = false
    const messages = messagesOf(async () => {
      const { link, stream } = await this.#open(about)
      // Where its connection is gone before a word came, somebody else may be asked.
      if (!isHeard) this.#waiting.set(messages.fail, link)
      stream.send(utf8(body))
      return stream
    })
    const heard = (): void => {
      isHeard = true
      this.#waiting.delete(messages.fail)
    }
    const next = () => (isHeard ? messages.next() : messages.next().finally(heard))
    return { messages: { ...messages, next }, short }
  }

  /** Remembers that a voucher lies with this provider; without one, that none does. */
  lies(channel: Hex, voucher?: Voucher): void {
    this.#lying.lies(channel, voucher)
  }

  async close(): Promise<void> {
    for (const timer of this.#away.values()) clearTimeout(timer)
    this.#away.clear()
    this.#source.close()
  }

  /** A stream on the link, if that has a connection or will have one in a moment. Throws `provider_unreachable`. */
  async #open(about: Uint8Array): Promise<{ link: Link; stream: Stream }> {
    try {
      const link = await this.#source.link()
      this.#peer ??= link.peer
      if (link.peer !== this.#peer) throw new HeddleError('link_lost', `${link.peer} is there, and not ${this.#peer}`)
      if (!link.isConnected && !this.#away.has(link)) throw new HeddleError('link_lost', 'the connection is gone')
      return { link, stream: link.open(about) }
    } catch (cause) {
      throw unreachable(cause)
    }
  }

  /**
   * To be told when a link's connection is gone. It may come back in a moment; what has not begun on it by then is told that nobody is
   * there.
   */
  dropped(link: Link): void {
    clearTimeout(this.#away.get(link))
    const giveUp = (): void => {
      this.#away.delete(link)
      if (link.isConnected) return
      const error = new HeddleError('provider_unreachable', 'the connection is gone')
      for (const [fail, on] of this.#waiting) {
        if (on !== link) continue
        this.#waiting.delete(fail)
        fail(error)
      }
    }
    this.#away.set(link, setTimeout(giveUp, this.#limits.grace))
  }

  async #ask(call: CallName, body: unknown): Promise<unknown> {
    const answer = await this.#call(call, body)
    if (answer.length > this.#limits.bytes)
      throw new HeddleError('provider_unreachable', `it answers more than ${this.#limits.bytes} bytes`)
    const text = fromUtf8(answer)
    if (nestsDeeper(text, MAX_DEPTH)) throw new HeddleError('provider_unreachable', 'its answer nests too deeply')
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw new HeddleError('provider_unreachable', 'its answer is no JSON', { cause })
    }
  }

  /**
   * Asks, and gives the bytes of the answer. Where its parts are taken, it ends with a receipt, whose bytes are given; once `take` says false no
   * more is read, and nothing given. Throws what the provider says.
   */
  async #call(call: CallName, body: unknown, take?: (message: Message) => boolean): Promise<Uint8Array> {
    const { link, stream } = await this.#open(encodeCall({ call }))
    const giveUp = (): void => stream.reset('aborted')
    const timer = setTimeout(giveUp, this.#limits.wait)
    // A higher ceiling is for a job that has begun: as long as the link may go on, so may it.
    if (call !== 'voucher') this.#waiting.set(giveUp, link)
    try {
      stream.send(utf8(canonical(body)))
      for (let some = await stream.receive(); some; some = await stream.receive()) {
        for (const bytes of some) {
          const message = readMessage(bytes)
          if (message.kind === 'error') throw errorOf(message.payload)
          if (message.kind === (take ? 'receipt' : 'answer')) return message.payload
          if (!take || message.kind === 'answer')
            throw new HeddleError('provider_unreachable', `${message.kind} to ${call}`)
          if (!take(message)) return new Uint8Array()
        }
      }
      throw new HeddleError('provider_unreachable', 'no answer')
    } catch (cause) {
      throw resetBefore(cause) ?? unreachable(cause)
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(giveUp)
      leave(stream)
    }
  }
}

/** An answer that must be an object. Throws `provider_unreachable`. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HeddleError('provider_unreachable', 'its answer is no object')
}

function errorOf(payload: Uint8Array): HeddleError {
  try {
    return errorFromJson(JSON.parse(fromUtf8(payload)), 'provider_unreachable')
  } catch {
    return new HeddleError('provider_unreachable', 'an error that is none')
  }
}

/** What a link says of itself, and what the other side says in a reset, is that the provider is not there; its own words stay. */
function unreachable(cause: unknown): HeddleError {
  const isItsOwn = isHeddleError(cause) && !cause.code.startsWith('link_') && cause.code !== 'aborted'
  return isItsOwn ? cause : new HeddleError('provider_unreachable', (cause as Error).message, { cause })
}
