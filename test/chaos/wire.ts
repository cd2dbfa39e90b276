import type { Stream } from '@heddle/link'
import {
  concat,
  digestOf,
  type Hex,
  type JobRequest,
  jobId,
  type Message,
  type SignedJob,
  type SignedReceipt,
  unpackReceipt,
  type Voucher,
} from '@heddle/protocol'
import { type Sides, standBetween } from '../link/between.ts'

/** What crossed the wire for one job, as the paying side saw it. */
export type WireJob = {
  id: Hex
  job: JobRequest
  /** The ceiling that lay with the provider when it began to deliver. */
  ceiling: bigint
  delivered: Uint8Array[]
  receipt: SignedReceipt | undefined
  open: boolean
}

/** A job as it was posted to a provider. */
export type WirePost = {
  endpoint: string
  posted: SignedJob & { channel?: unknown; voucher?: Voucher }
  seen: WireJob
}

/**
 * The oracle: everything that passes between a payer and its providers, written down by neither of them. It passes on what comes as it
 * comes, and remembers vouchers, delivered bytes and receipts.
 */
export class Wire {
  readonly jobs = new Map<Hex, WireJob>()
  /** The highest ceiling that was sent on each channel. */
  readonly signed = new Map<Hex, bigint>()
  /** The highest ceiling that work was delivered under, or that a provider acknowledged. */
  readonly actedOn = new Map<Hex, bigint>()
  readonly #taps: { close(): void }[] = []
  readonly #seen = new Map<Stream, WireJob>()
  readonly #raised = new Map<Stream, Voucher>()
  raises = 0
  readonly #onPost: (post: WirePost) => void

  constructor(onPost: (post: WirePost) => void = () => undefined) {
    this.#onPost = onPost
  }

  /** Stands in front of a provider; gives the address to use in its place. */
  async tap(sides: Sides): Promise<string> {
    const tap = await standBetween(sides, {
      ask: (call, body, stream) => {
        if (call === 'job') this.#post(sides.url, body as never, stream)
        if (call === 'voucher') this.#raise(body as never, stream)
        return body
      },
      tell: (call, message, stream) => {
        if (call === 'job') this.#see(message, stream)
        const raised = this.#raised.get(stream)
        if (raised && message.kind === 'answer') this.#note(this.actedOn, raised)
        return [message]
      },
      over: (_, stream) => {
        const job = this.#seen.get(stream)
        if (job) job.open = false
        this.#seen.delete(stream)
        this.#raised.delete(stream)
      },
    })
    this.#taps.push(tap)
    return tap.url
  }

  /** Jobs that are paid for and being delivered right now. */
  inFlight(): number {
    return [...this.jobs.values()].filter(job => job.open && job.delivered.length > 0 && !job.receipt).length
  }

  close(): void {
    for (const tap of this.#taps) tap.close()
  }

  #post(endpoint: string, posted: WirePost['posted'], stream: Stream): void {
    const { job, voucher } = posted
    if (voucher) this.#note(this.signed, voucher)
    const seen: WireJob = {
      id: jobId(job),
      job,
      // Without one, under what lies there: the last that the provider acted on.
      ceiling: voucher ? BigInt(voucher.ceiling) : (this.actedOn.get(job.channel) ?? 0n),
      delivered: [],
      receipt: undefined,
      open: true,
    }
    this.jobs.set(seen.id, seen)
    this.#seen.set(stream, seen)
    this.#onPost({ endpoint, posted, seen })
  }

  #raise(voucher: Voucher, stream: Stream): void {
    this.#note(this.signed, voucher)
    this.#raised.set(stream, voucher)
    this.raises += 1
  }

  #note(kept: Map<Hex, bigint>, { channel, ceiling }: { channel: Hex; ceiling: string }): void {
    const known = kept.get(channel) ?? 0n
    if (BigInt(ceiling) > known) kept.set(channel, BigInt(ceiling))
  }

  #see({ kind, payload }: Message, stream: Stream): void {
    const job = this.#seen.get(stream)
    if (!job) return
    if (kind === 'output') {
      job.delivered.push(payload)
      this.#note(this.actedOn, { channel: job.job.channel, ceiling: job.ceiling.toString() })
    }
    if (kind === 'receipt') job.receipt = unpackReceipt(payload)
  }
}

/** What a job was delivered, and the digest of its first bytes. */
export const deliveredBytes = (job: WireJob): Uint8Array => concat(...job.delivered)
export const digestOfFirst = (job: WireJob, bytes: number): Hex => digestOf(deliveredBytes(job).subarray(0, bytes))
