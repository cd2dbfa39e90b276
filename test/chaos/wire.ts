import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  concat,
  digestOf,
  type Frame,
  frameReader,
  type Hex,
  type JobRequest,
  jobId,
  type SignedJob,
  type SignedReceipt,
  unpackReceipt,
  type Voucher,
} from '@heddle/protocol'

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

/** A job as it was posted to a provider, over which of its connections. */
export type WirePost = {
  endpoint: string
  connection: number
  posted: SignedJob & { channel?: unknown; voucher?: Voucher }
  seen: WireJob
}

/**
 * The oracle: everything that passes between a payer and its providers, written down by neither of them. It forwards
 * bytes as they come and remembers vouchers, delivered bytes and receipts.
 */
export class Wire {
  readonly jobs = new Map<Hex, WireJob>()
  /** The highest ceiling that was sent on each channel. */
  readonly signed = new Map<Hex, bigint>()
  /** The highest ceiling that work was delivered under, or that a provider acknowledged. */
  readonly actedOn = new Map<Hex, bigint>()
  readonly #servers: Server[] = []
  raises = 0
  readonly #onPost: (post: WirePost) => void

  constructor(onPost: (post: WirePost) => void = () => undefined) {
    this.#onPost = onPost
  }

  /** Listens in front of a provider; gives the address to use in its place. */
  async tap(endpoint: string): Promise<string> {
    const server = createServer((request, response) => void this.#forward(endpoint, request, response))
    this.#servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** Jobs that are paid for and being delivered right now. */
  inFlight(): number {
    return [...this.jobs.values()].filter(job => job.open && job.delivered.length > 0 && !job.receipt).length
  }

  close(): void {
    for (const server of this.#servers) {
      server.close()
      server.closeAllConnections()
    }
  }

  async #forward(endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return
    }
    const body = Buffer.concat(chunks)
    const job = this.#read(endpoint, request, body)
    const headers = { ...request.headers, host: new URL(endpoint).host }
    const onward = send(`${endpoint}${request.url}`, { method: request.method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      const reader = frameReader()
      if (answer.statusCode === 200) this.#acknowledge(request, body)
      answer.on('data', (bytes: Buffer) => {
        if (job && answer.statusCode === 200) for (const frame of reader.push(bytes)) this.#see(job, frame)
        response.write(bytes)
      })
      answer.on('end', () => response.end())
      answer.on('error', () => response.destroy())
      answer.on('close', () => {
        if (job) job.open = false
        if (!answer.complete) response.destroy()
      })
    })
    onward.on('error', () => {
      if (job) job.open = false
      response.destroy()
    })
    response.on('close', () => onward.destroy())
    onward.end(body)
  }

  #read(endpoint: string, request: IncomingMessage, body: Buffer): WireJob | undefined {
    if (request.method === 'PUT' && request.url?.endsWith('/voucher')) {
      this.#note(this.signed, JSON.parse(body.toString()) as Voucher)
      this.raises += 1
    }
    if (request.method !== 'POST' || request.url !== '/heddle/1/jobs') return undefined
    const posted = JSON.parse(body.toString()) as SignedJob & { channel?: unknown; voucher?: Voucher }
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
    this.#onPost({ endpoint, connection: request.socket.remotePort ?? 0, posted, seen })
    return seen
  }

  #acknowledge(request: IncomingMessage, body: Buffer): void {
    if (request.method === 'PUT' && request.url?.endsWith('/voucher')) {
      this.#note(this.actedOn, JSON.parse(body.toString()) as Voucher)
    }
  }

  #note(kept: Map<Hex, bigint>, { channel, ceiling }: { channel: Hex; ceiling: string }): void {
    const known = kept.get(channel) ?? 0n
    if (BigInt(ceiling) > known) kept.set(channel, BigInt(ceiling))
  }

  #see(job: WireJob, frame: Frame): void {
    if (frame.kind === 'output') {
      job.delivered.push(frame.payload)
      this.#note(this.actedOn, { channel: job.job.channel, ceiling: job.ceiling.toString() })
    }
    if (frame.kind === 'receipt') job.receipt = unpackReceipt(frame.payload)
  }
}

/** What a job was delivered, and the digest of its first bytes. */
export const deliveredBytes = (job: WireJob): Uint8Array => concat(...job.delivered)
export const digestOfFirst = (job: WireJob, bytes: number): Hex => digestOf(deliveredBytes(job).subarray(0, bytes))
