import {
  type Address,
  type Channel,
  canonical,
  concat,
  type Deposit,
  type Digest,
  errorFromJson,
  frameReader,
  HeddleError,
  type Hex,
  isHeddleError,
  MAX_FRAME,
  type SignedJob,
  type SignedOffer,
  type Usage,
  usageFromJson,
  type Voucher,
  WAIT_HEADER,
} from '@heddle/protocol'
import { Pool } from 'undici'
import { type AnswerLimits, readJson, readWhole, USUAL_ANSWERS } from './answers.ts'
import { readLeaves } from './evidence-leaves.ts'
import { type FrameStream, openFrames } from './frame-stream.ts'
import { LyingVouchers } from './lying-vouchers.ts'
import { OfferReader } from './offer-reader.ts'

export type RemoteChannel = { ceiling: string; charged: string; sequence: number; balance: string; claimed: string }

/** What a provider says of an earlier job: enough to check its receipt without having seen the answer. */
export type RemoteReceipt = { receipt: unknown; job: unknown; offer: unknown }

const JSON_HEADERS = { 'content-type': 'application/json' }
const CONTROL_TIMEOUT = 20_000

/** What a payer asks of one provider, over whatever wire. `read` is `signRead` over the channel's id. */
export type ProviderCalls = Pick<
  ProviderClient,
  | 'endpoint'
  | 'offers'
  | 'openChannel'
  | 'raise'
  | 'count'
  | 'receipts'
  | 'stop'
  | 'jobState'
  | 'output'
  | 'evidence'
  | 'job'
  | 'lies'
  | 'close'
>

/** Talks to one provider over HTTP. Every error is a HeddleError: the provider's own, or `provider_unreachable`. */
export class ProviderClient {
  readonly endpoint: string
  /** For jobs: each may take as long as it takes. */
  readonly #jobs: Pool
  /** For all else, so that no call waits for a job to end. */
  readonly #pool: Pool
  readonly #limits: AnswerLimits
  readonly #offers: OfferReader
  readonly #lying = new LyingVouchers()

  constructor(endpoint: string, limits: AnswerLimits = USUAL_ANSWERS) {
    this.endpoint = endpoint
    this.#limits = limits
    this.#offers = new OfferReader(limits.offers)
    // As many as are asked at once: a consumer keeps to the places that are offered.
    this.#jobs = new Pool(endpoint, { headersTimeout: 0, bodyTimeout: 0, connectTimeout: 3_000 })
    this.#pool = new Pool(endpoint, { connections: 16, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 3_000 })
  }

  async #call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, read?: Hex): Promise<unknown> {
    const response = await this.#pool
      .request({
        method,
        path,
        ...(body === undefined ? {} : { body: canonical(body) }),
        headers: { ...(body === undefined ? {} : JSON_HEADERS), ...readHeader(read) },
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      .catch(unreachable)
    const value = await readJson(response.body, this.#limits.bytes).catch(unreachable)
    if (response.statusCode !== 200)
      throw errorFromJson((value as { error?: unknown } | null)?.error, 'provider_unreachable')
    return value
  }

  /**
   * The provider's offers that are well signed and not expired, those for this payer alone too; and by digest what it
   * says that it cannot answer with now.
   */
  async offers(now: number, payer?: Address): Promise<{ offers: SignedOffer[]; down: ReadonlySet<string> }> {
    const path = payer ? `/heddle/1/offers?payer=${payer}` : '/heddle/1/offers'
    const { offers, down } = recordOf(await this.#call('GET', path))
    return { offers: await this.#offers.read(offers, now), down: new Set(Array.isArray(down) ? down : []) }
  }

  openChannel(id: Hex, body: { channel: Channel; deposit?: Deposit; voucher?: Voucher }): Promise<RemoteChannel> {
    return this.#call('PUT', `/heddle/1/channels/${id}`, body) as Promise<RemoteChannel>
  }

  raise(voucher: Voucher): Promise<RemoteChannel> {
    return this.#call('PUT', `/heddle/1/channels/${voucher.channel}/voucher`, voucher) as Promise<RemoteChannel>
  }

  /** Has the engine count what an input would use. `read` is `signRead` over the channel's id. */
  async count(body: { channel: Channel; offer: Digest; spec: unknown }, read: Hex): Promise<Usage> {
    const { used } = (await this.#call('POST', '/heddle/1/count', body, read)) as { used: Record<string, string> }
    return usageFromJson(used)
  }

  /** Receipts after a sequence, oldest first. `read` is the payer's signature that lets it read (`signRead`). */
  async receipts(channel: Hex, after: number, read: Hex): Promise<RemoteReceipt[]> {
    const answer = await this.#call('GET', `/heddle/1/channels/${channel}/receipts?after=${after}`, undefined, read)
    const { receipts } = recordOf(answer)
    if (!Array.isArray(receipts) || receipts.length > this.#limits.receipts)
      throw new HeddleError('provider_unreachable', `no list of at most ${this.#limits.receipts} receipts`)
    return receipts as RemoteReceipt[]
  }

  /**
   * Tells the provider that nobody waits for a job any more: it ends, and its receipt comes where its answer would have.
   * Throws `job_unknown` where it is not there.
   */
  async stop(id: Hex, read: Hex): Promise<void> {
    await this.#call('DELETE', `/heddle/1/jobs/${id}`, undefined, read)
  }

  /** How a job stands: `unknown` means that it was never charged and never will be. */
  async jobState(id: Hex, read: Hex): Promise<'done' | 'running' | 'unknown'> {
    const response = await this.#pool
      .request({
        method: 'GET',
        path: `/heddle/1/jobs/${id}`,
        headers: readHeader(read),
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      .catch(unreachable)
    await response.body.dump()
    if (response.statusCode === 200) return 'done'
    if (response.statusCode === 409) return 'running'
    if (response.statusCode === 404) return 'unknown'
    throw new HeddleError('provider_unreachable', `status ${response.statusCode}`)
  }

  /** The stored output of a job that is done, where it can have `most` bytes: far longer answers are not read. Throws `job_unknown`, `job_running`. */
  async output(id: Hex, read: Hex, most: number): Promise<Uint8Array> {
    const response = await this.#pool
      .request({
        method: 'GET',
        path: `/heddle/1/jobs/${id}`,
        headers: readHeader(read),
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      .catch(unreachable)
    if (response.statusCode !== 200) {
      const value = await readJson(response.body, this.#limits.bytes).catch(unreachable)
      throw errorFromJson((value as { error?: unknown } | null)?.error, 'provider_unreachable')
    }
    // The receipt comes with it, and each part of it has a head.
    const around = MAX_FRAME + most / 64
    const frames = frameReader().push(await readWhole(response.body, most + around).catch(unreachable))
    return concat(...frames.filter(frame => frame.kind === 'output').map(frame => frame.payload))
  }

  /**
   * The leaves that open a job's receipt, of an answer of at most `most` bytes; nobody has held them against the receipt
   * yet. Throws `evidence_unknown` where the provider says that it keeps none, and `evidence_withheld` where it says
   * nothing, or nothing that is evidence.
   */
  async evidence(id: Hex, read: Hex, most: number): Promise<Uint8Array[]> {
    try {
      const { statusCode, body } = await this.#pool.request({
        method: 'GET',
        path: `/heddle/1/jobs/${id}/evidence`,
        headers: readHeader(read),
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      return await readLeaves(statusCode, body, most)
    } catch (cause) {
      if (isHeddleError(cause)) throw cause
      throw new HeddleError('evidence_withheld', (cause as Error).message, { cause })
    }
  }

  /**
   * Posts a job; `wait` is how many milliseconds it would wait for a place. A voucher that this provider has answered
   * under before is not sent again: it lies there already. Gives whether it was left out.
   */
  job(
    { signed, channel, voucher }: { signed: SignedJob; channel: Channel; voucher: Voucher },
    wait: number,
  ): { frames: FrameStream; short: boolean } {
    const { body, short } = this.#lying.postOf(signed, channel, voucher)
    const headers = { ...JSON_HEADERS, [WAIT_HEADER]: String(Math.max(0, Math.floor(wait / 1_000))) }
    const request = { method: 'POST', path: '/heddle/1/jobs', body, headers } as const
    return { frames: openFrames(this.#jobs, request), short }
  }

  /** Remembers that a voucher lies with this provider; without one, that none does. */
  lies(channel: Hex, voucher?: Voucher): void {
    this.#lying.lies(channel, voucher)
  }

  async close(): Promise<void> {
    await Promise.all([this.#jobs.destroy(), this.#pool.destroy()])
  }
}

/** An answer that must be an object. Throws `provider_unreachable`. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HeddleError('provider_unreachable', 'its answer is no object')
}

function unreachable(cause: unknown): never {
  if (cause instanceof HeddleError) throw cause
  const { name, message } = cause as Error
  if (name === 'AbortError') throw new HeddleError('aborted', message, { cause })
  throw new HeddleError('provider_unreachable', message, { cause })
}

const readHeader = (read: Hex | undefined): Record<string, string> => (read ? { authorization: `Heddle ${read}` } : {})
