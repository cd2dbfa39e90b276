import { readOne } from '@heddle/ledger'
import type { Reservation } from '@heddle/payments'
import {
  type Channel,
  channelSchema,
  type Digest,
  domainOf,
  HeddleError,
  type InQueue,
  type JobRequest,
  jobId,
  type Offer,
  priceOf,
  recoverJob,
  type SignedJob,
  type SignedReceipt,
  signedJobSchema,
  type Usage,
  voucherSchema,
} from '@heddle/protocol'
import { z } from 'zod'
import { checkOwn } from '../own.ts'
import type { Parts, Trade } from '../parts.ts'
import { type Meter, startMeter } from './meter.ts'
import { begin, checkReady } from './place.ts'
import { MAX_LIFETIME } from './seen.ts'

/** What a payer posts: a signed job, and what may be new to the provider about its channel. */
const jobPostSchema = z.strictObject({
  ...signedJobSchema.shape,
  channel: channelSchema.optional(),
  voucher: voucherSchema.optional(),
})

/** A job that may run: everything about it is checked, and its first chunk is paid for. */
export type Admitted = {
  id: Digest
  signed: SignedJob
  spec: unknown
  offer: Offer
  trade: Trade
  reservation: Reservation
  meter: Meter
}

/** A job that ran before: asked again, it is answered from the ledger and not charged again. */
export type Stored = { output: Uint8Array; receipt: SignedReceipt }

/** What whoever posts a job is told, and asked, before it runs. */
export type Waits = {
  signal: AbortSignal
  /** Milliseconds that it may wait for a place. */
  patience: number
  /** Told once when it has to wait for a place. */
  queued(place: InQueue): void
  /** Asks the payer for a ceiling; without it, no room is `voucher_required` at once. */
  raise?: (required: { ceiling: bigint; used: Usage }) => void
}

/** Looks for a job's stored result. */
export async function findStored(parts: Parts, id: Digest): Promise<Stored | undefined> {
  const row = await readOne(parts.ledger, 'receipts', { id })
  if (!row) return undefined
  const job = await readOne(parts.ledger, 'jobs', { id })
  return { output: job?.output ?? new Uint8Array(0), receipt: JSON.parse(row.signed) as SignedReceipt }
}

/** Reads what was posted. Throws `bad_request`. */
export function readPost(body: unknown): { id: Digest; post: z.infer<typeof jobPostSchema> } {
  const post = jobPostSchema.safeParse(body)
  if (!post.success) {
    const issue = post.error.issues[0]
    throw new HeddleError('bad_request', issue && `${issue.path.join('.')}: ${issue.message}`)
  }
  return { id: jobId(post.data.job), post: post.data }
}

/**
 * Decides whether a job runs: offer, time, channel, signature, a place, room. Throws what is wrong; then nothing was
 * reserved or charged. Room is taken with the place: what only waits takes none from anybody.
 */
export async function admit(
  parts: Parts,
  { id, post }: ReturnType<typeof readPost>,
  waits: Waits,
): Promise<Admitted | Stored> {
  const { job, path, signature, channel, voucher } = post
  const signed = { job, ...(path ? { path } : {}), signature } as SignedJob
  begin(parts, id)
  try {
    checkTime(job, parts.clock.now())
    if (channel) await parts.receiver.register(job.channel, channel, parts.terms)
    const config = await checkSigner(parts, signed)
    // What was answered is told again, whatever is offered now.
    const stored = parts.seen.maybe(id, job) ? await findStored(parts, id) : undefined
    if (stored) {
      parts.running.leave(id)
      return stored
    }
    const offer = parts.offers.find(job.offer)
    if (voucher) {
      if (voucher.channel !== job.channel)
        throw new HeddleError('channel_mismatch', 'the voucher is for another channel')
      await parts.receiver.admit(voucher, offer)
    }
    return await enter(parts, id, signed, config, offer, waits)
  } catch (error) {
    parts.running.leave(id)
    throw error
  }
}

function checkTime(job: JobRequest, now: number): void {
  const seconds = now / 1000
  if (job.expires <= seconds)
    throw new HeddleError('job_expired', `expired at ${job.expires}, it is ${Math.floor(seconds)}`)
  if (job.expires > seconds + MAX_LIFETIME)
    throw new HeddleError('bad_request', `expires: more than ${MAX_LIFETIME} s ahead`)
}

/** Gives the channel that a job is signed on. */
async function checkSigner(parts: Parts, signed: SignedJob): Promise<Channel> {
  const channel = await parts.receiver.channel(signed.job.channel)
  if (recoverJob(domainOf(parts.terms), signed) !== channel.payerAuthorizer) throw new HeddleError('job_signature')
  return channel
}

/** Gives a job its place, and then room for its first chunk. */
async function enter(
  parts: Parts,
  id: Digest,
  signed: SignedJob,
  channel: Channel,
  offer: Offer,
  waits: Waits,
): Promise<Admitted> {
  const { job } = signed
  const trade = parts.trades.get(job.workload)
  if (!trade || offer.workload !== job.workload)
    throw new HeddleError('bad_request', `workload: ${job.workload} is not offered`)
  const spec = trade.workload.spec.safeParse(job.spec)
  if (!spec.success) {
    const issue = spec.error.issues[0]
    throw new HeddleError('bad_request', issue && `spec.${issue.path.join('.')}: ${issue.message}`)
  }
  const meter = startMeter(trade.workload, offer)
  const first = priceOf(offer, trade.workload.bound(spec.data, offer, meter.used()))
  if (first > BigInt(job.limit)) throw new HeddleError('cap_reached', `limit: the first chunk may cost ${first}`)
  const own = parts.offers.isOwn(job.offer)
  const check = (): void => {
    checkReady(trade, offer)
    if (own) checkOwn(parts.own, channel)
    else parts.checkSale()
  }
  check()
  // Nobody waits for what it could not pay: a place in the queue is worth something too.
  const short = await parts.receiver.shortOf(job.channel, first)
  if (short !== undefined) throw voucherRequired(short)
  const { signal, patience, queued } = waits
  let waited = false
  await parts.running.take(
    id,
    { concurrency: offer.limits['concurrency'], own },
    {
      asker: job.channel,
      signal,
      patience: Math.min(patience, parts.queueWait),
      bytes: () => JSON.stringify(job.spec).length,
      waits(place) {
        waited = true
        queued(place)
      },
    },
  )
  if (waited) {
    checkTime(job, parts.clock.now())
    check()
  }
  // Others may have been named meanwhile, and this one forgotten: what runs for nothing has no deposit that keeps it.
  await parts.receiver.register(job.channel, channel, parts.terms)
  const reservation = await reserve(parts, job.channel, first, meter, waits)
  return { id, signed, spec: spec.data, offer, trade, reservation, meter }
}

const voucherRequired = (ceiling: bigint): HeddleError =>
  new HeddleError('voucher_required', `a ceiling of ${ceiling}`, { cause: { ceiling: ceiling.toString() } })

/** Room for the first chunk; who can wait is asked for a higher ceiling, and does not lose its place meanwhile. */
async function reserve(
  parts: Parts,
  channel: Digest,
  first: bigint,
  meter: Meter,
  { signal, raise }: Waits,
): Promise<Reservation> {
  const held = await parts.receiver.reserve(channel, first)
  if ('reservation' in held) return held.reservation
  if (!raise) throw voucherRequired(held.required)
  const ask = (ceiling: bigint): void => raise({ ceiling, used: meter.used() })
  return parts.receiver.reserveSoon(channel, first, { ask, timeout: parts.patience, signal })
}
