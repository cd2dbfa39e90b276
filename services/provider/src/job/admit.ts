import { readOne } from '@heddle/ledger'
import type { Reservation } from '@heddle/payments'
import {
  channelSchema,
  type Digest,
  domainOf,
  HeddleError,
  type JobRequest,
  jobId,
  type Offer,
  priceOf,
  recoverJob,
  type SignedJob,
  type SignedReceipt,
  signedJobSchema,
  voucherSchema,
} from '@heddle/protocol'
import { z } from 'zod'
import { checkOwn } from '../own.ts'
import type { Parts, Trade } from '../parts.ts'
import { type Meter, startMeter } from './meter.ts'
import { begin, checkReady } from './place.ts'
import { MAX_LIFETIME } from './seen.ts'

/** What a payer posts: a signed job, and what may be new to the provider about its channel. */
export const jobPostSchema = z.strictObject({
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

/** Looks for a job's stored result. */
export async function findStored(parts: Parts, id: Digest): Promise<Stored | undefined> {
  const row = await readOne(parts.ledger, 'receipts', { id })
  if (!row) return undefined
  const job = await readOne(parts.ledger, 'jobs', { id })
  return { output: job?.output ?? new Uint8Array(0), receipt: JSON.parse(row.signed) as SignedReceipt }
}

/**
 * Decides whether a job runs: request, offer, time, channel, signature, room. Throws what is wrong; then nothing was
 * reserved or charged.
 */
export async function admit(parts: Parts, body: unknown): Promise<Admitted | Stored> {
  const post = jobPostSchema.safeParse(body)
  if (!post.success) {
    const issue = post.error.issues[0]
    throw new HeddleError('bad_request', issue && `${issue.path.join('.')}: ${issue.message}`)
  }
  const { job, path, signature, channel, voucher } = post.data
  const signed = { job, ...(path ? { path } : {}), signature } as SignedJob
  const id = jobId(job)
  begin(parts, id)
  try {
    checkTime(job, parts.clock.now())
    if (channel) await parts.receiver.register(job.channel, channel, parts.terms)
    await checkSigner(parts, signed)
    // What was answered is told again, whatever is offered now.
    const stored = parts.seen.maybe(id, job) ? await findStored(parts, id) : undefined
    if (stored) {
      parts.running.delete(id)
      return stored
    }
    const offer = parts.offers.find(job.offer)
    if (voucher) {
      if (voucher.channel !== job.channel)
        throw new HeddleError('channel_mismatch', 'the voucher is for another channel')
      await parts.receiver.admit(voucher, offer)
    }
    return await reserve(parts, id, signed, offer)
  } catch (error) {
    parts.running.delete(id)
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

async function checkSigner(parts: Parts, signed: SignedJob): Promise<void> {
  const { payerAuthorizer } = await parts.receiver.channel(signed.job.channel)
  if (recoverJob(domainOf(parts.terms), signed) !== payerAuthorizer) throw new HeddleError('job_signature')
}

async function reserve(parts: Parts, id: Digest, signed: SignedJob, offer: Offer): Promise<Admitted> {
  const { job } = signed
  const trade = parts.trades.get(job.workload)
  if (!trade || offer.workload !== job.workload)
    throw new HeddleError('bad_request', `workload: ${job.workload} is not offered`)
  const spec = trade.workload.spec.safeParse(job.spec)
  if (!spec.success) {
    const issue = spec.error.issues[0]
    throw new HeddleError('bad_request', issue && `spec.${issue.path.join('.')}: ${issue.message}`)
  }
  checkReady(trade, offer)
  const own = parts.offers.isOwn(job.offer)
  if (own) checkOwn(parts.own, await parts.receiver.channel(job.channel))
  else parts.checkSale()
  parts.running.take(id, offer.limits['concurrency'], own)
  const meter = startMeter(trade.workload, offer)
  const first = priceOf(offer, trade.workload.bound(spec.data, offer, meter.used()))
  if (first > BigInt(job.limit)) throw new HeddleError('cap_reached', `limit: the first chunk may cost ${first}`)
  const held = await parts.receiver.reserve(job.channel, first)
  if ('required' in held) {
    const cause = { ceiling: held.required.toString() }
    throw new HeddleError('voucher_required', `a ceiling of ${held.required}`, { cause })
  }
  return { id, signed, spec: spec.data, offer, trade, reservation: held.reservation, meter }
}
