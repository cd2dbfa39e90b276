import {
  type Channel,
  canonical,
  concat,
  type Deposit,
  errorFromJson,
  type Frame,
  frameReader,
  fromUtf8,
  HeddleError,
  type Hex,
  readOffer,
  type SignedJob,
  type SignedOffer,
  type Voucher,
} from '@heddle/protocol'
import { Pool } from 'undici'

export type RemoteChannel = { ceiling: string; charged: string; sequence: number; balance: string; claimed: string }

/** What a provider says of an earlier job: enough to check its receipt without having seen the answer. */
export type RemoteReceipt = { receipt: unknown; job: unknown; offer: unknown }

const JSON_HEADERS = { 'content-type': 'application/json' }
const CONTROL_TIMEOUT = 20_000

/** Talks to one provider. Every error is a HeddleError: the provider's own, or `provider_unreachable`. */
export class ProviderClient {
  readonly endpoint: string
  readonly #pool: Pool

  constructor(endpoint: string) {
    this.endpoint = endpoint
    this.#pool = new Pool(endpoint, { connections: 64, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 3_000 })
  }

  async #call(method: 'GET' | 'PUT', path: string, body?: unknown, read?: Hex): Promise<unknown> {
    const response = await this.#pool
      .request({
        method,
        path,
        ...(body === undefined ? {} : { body: canonical(body) }),
        headers: { ...(body === undefined ? {} : JSON_HEADERS), ...readHeader(read) },
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      .catch(unreachable)
    const value: unknown = await response.body.json().catch(unreachable)
    if (response.statusCode !== 200) throw errorFromJson((value as { error?: unknown }).error, 'provider_unreachable')
    return value
  }

  /** The provider's offers that are well signed and not expired. */
  async offers(now: number): Promise<SignedOffer[]> {
    const { offers } = (await this.#call('GET', '/heddle/1/offers')) as { offers: unknown[] }
    return offers.map(offer => readOffer(offer, now))
  }

  openChannel(id: Hex, body: { channel: Channel; deposit?: Deposit; voucher?: Voucher }): Promise<RemoteChannel> {
    return this.#call('PUT', `/heddle/1/channels/${id}`, body) as Promise<RemoteChannel>
  }

  raise(voucher: Voucher): Promise<RemoteChannel> {
    return this.#call('PUT', `/heddle/1/channels/${voucher.channel}/voucher`, voucher) as Promise<RemoteChannel>
  }

  /** Receipts after a sequence, oldest first. `read` is the payer's signature that lets it read (`signRead`). */
  async receipts(channel: Hex, after: number, read: Hex): Promise<RemoteReceipt[]> {
    const answer = await this.#call('GET', `/heddle/1/channels/${channel}/receipts?after=${after}`, undefined, read)
    return (answer as { receipts: RemoteReceipt[] }).receipts
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

  /** The stored output of a job that is done. Throws `job_unknown`, `job_running`. */
  async output(id: Hex, read: Hex): Promise<Uint8Array> {
    const response = await this.#pool
      .request({
        method: 'GET',
        path: `/heddle/1/jobs/${id}`,
        headers: readHeader(read),
        signal: AbortSignal.timeout(CONTROL_TIMEOUT),
      })
      .catch(unreachable)
    if (response.statusCode !== 200) {
      const value: unknown = await response.body.json().catch(unreachable)
      throw errorFromJson((value as { error?: unknown }).error, 'provider_unreachable')
    }
    const frames = frameReader().push(new Uint8Array(await response.body.arrayBuffer().catch(unreachable)))
    return concat(...frames.filter(frame => frame.kind === 'output').map(frame => frame.payload))
  }

  /** Posts a job and gives its frames, batch by batch as they arrive. */
  async *job(
    post: SignedJob & { channel: Channel; voucher: Voucher },
    signal: AbortSignal,
  ): AsyncGenerator<readonly Frame[], void, undefined> {
    const { job, signature, channel, voucher } = post
    const body = canonical({ job, signature, channel, voucher })
    const response = await this.#pool
      .request({ method: 'POST', path: '/heddle/1/jobs', body, headers: JSON_HEADERS, signal })
      .catch(unreachable)
    if (response.statusCode !== 200) {
      const value: unknown = await response.body.json().catch(unreachable)
      throw errorFromJson((value as { error?: unknown }).error, 'provider_unreachable')
    }
    const reader = frameReader()
    try {
      for await (const bytes of response.body) yield reader.push(bytes as Uint8Array)
    } catch (error) {
      unreachable(error)
    } finally {
      response.body.destroy()
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}

function unreachable(cause: unknown): never {
  if (cause instanceof HeddleError) throw cause
  const { name, message } = cause as Error
  if (name === 'AbortError') throw new HeddleError('aborted', message, { cause })
  throw new HeddleError('provider_unreachable', message, { cause })
}

/** The JSON of a frame. Throws `receipt_mismatch` for anything else. */
export function frameJson(frame: Frame): Record<string, unknown> {
  try {
    return JSON.parse(fromUtf8(frame.payload)) as Record<string, unknown>
  } catch (cause) {
    throw new HeddleError('receipt_mismatch', `a ${frame.kind} frame is not JSON`, { cause })
  }
}

const readHeader = (read: Hex | undefined): Record<string, string> => (read ? { authorization: `Heddle ${read}` } : {})
