import { type Digest, digestOf } from '../digest.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { type JobRequest, jobId, requestDigest, seedOf } from '../job/job.ts'
import { type Offer, offerDigest } from '../offer.ts'
import { priceOf, usageFromJson } from '../price.ts'
import type { Receipt } from './receipt.ts'

/** What a payer knows of an answer by itself, to hold against the receipt. */
export type Delivered = {
  job: JobRequest
  offer: Offer
  /** Digest of the first `outputBytes` bytes that arrived. */
  output: (bytes: number) => Digest | undefined
}

/**
 * Holds a verified receipt against what was asked, offered and delivered. Throws `receipt_mismatch` naming the first
 * field that disagrees: nobody pays for an answer that the receipt does not describe.
 */
export function checkAgreement(receipt: Receipt, { job, offer, output }: Delivered): void {
  const request = requestDigest(job.spec)
  for (const unit of Object.keys(receipt.usage)) {
    if (!Object.hasOwn(offer.prices, unit))
      throw new HeddleError('receipt_mismatch', `usage has ${unit}, without a price`)
  }
  const charge = priceOf(offer, usageFromJson(receipt.usage))
  const expected: Partial<Record<keyof Receipt, unknown>> = {
    id: jobId(job),
    provider: offer.provider,
    chainId: offer.chainId,
    settlement: offer.settlement,
    channel: job.channel,
    offer: offerDigest(offer),
    workload: offer.workload,
    model: offer.serves.digest,
    request,
    nonce: job.nonce,
    seed: seedOf(request, job.nonce),
    input: digestOf(new Uint8Array(0)),
    output: output(Number(receipt.outputBytes)),
    charge: charge.toString(),
  }
  for (const [field, value] of Object.entries(expected)) {
    if (receipt[field as keyof Receipt] !== value) {
      throw new HeddleError(
        'receipt_mismatch',
        `${field} is ${String(receipt[field as keyof Receipt])}, not ${String(value)}`,
      )
    }
  }
  if (receipt.engine.name !== offer.engine.name || receipt.engine.build !== offer.engine.build) {
    throw new HeddleError('receipt_mismatch', 'engine')
  }
  if (charge > BigInt(job.limit)) throw new HeddleError('receipt_mismatch', 'charged above the limit of the job')
}
