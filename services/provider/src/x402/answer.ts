import {
  type Alive,
  type Answer,
  type Digest,
  digestOf,
  type Hex,
  jobId,
  modelOf,
  type Offer,
  offerDigest,
  type SignedJob,
  settlementOf,
  type Usage,
  WIRE_VERSION,
} from '@heddle/protocol'
import type { Stored } from '../job/admit.ts'
import { begin, checkReady } from '../job/place.ts'
import type { Ended } from '../job/receipt.ts'
import type { Parts } from '../parts.ts'
import type { PaidJob, Ran } from './run.ts'
import type { Sale } from './sale.ts'

/**
 * The job that a payment stands for. A client of x402 signs no job, so what it did sign (a voucher, an authorization) is
 * bound to it by the nonce, and its signature stands under it.
 */
export const jobOf = (sale: Sale, channel: Hex, nonce: Digest, signature: Hex): SignedJob => ({
  job: {
    channel,
    expires: sale.offer.expires,
    limit: sale.amount.toString(),
    nonce,
    offer: offerDigest(sale.offer),
    spec: sale.spec as Record<string, unknown>,
    version: WIRE_VERSION,
    workload: sale.offer.workload,
  },
  signature,
})

/** An answer from the ledger. */
export function answerAgain({ output, receipt }: Stored, offer: Offer): Answer {
  return {
    id: receipt.receipt.id,
    model: modelOf(offer),
    deltas: (async function* () {
      if (output.length > 0) yield output
    })(),
    done: Promise.resolve(settlementOf(receipt)),
  }
}

/** What a job used: of one that broke off, what it delivered. */
export const usedOf = ({ meter, finish }: Ran): Usage =>
  finish === 'interrupted' ? meter.delivered().used : meter.used()

/** What a job came to, ready to be settled for `charge`. */
export function endedOf(job: PaidJob, { meter, finish, evidence }: Ran, charge: bigint): Ended {
  const output = meter.output()
  return {
    id: jobId(job.signed.job),
    signed: job.signed,
    offer: job.offer,
    used: usedOf({ meter, finish }),
    charge,
    output,
    digest: digestOf(output),
    finish,
    started: job.started,
    ...(evidence ? { evidence } : {}),
  }
}

/**
 * Gives a paid job a place among those that run; waits for one as others do. Throws `engine_down`, `busy`, `job_running`,
 * `clock_skewed`.
 */
export async function takePlace(
  parts: Parts,
  { job }: SignedJob,
  { offer, trade }: Sale,
  { asker, signal, alive }: { asker: string; signal: AbortSignal; alive?: (sign: Alive) => void },
): Promise<void> {
  const id = jobId(job)
  const check = (): void => {
    parts.checkSale()
    checkReady(trade, offer)
  }
  check()
  begin(parts, id)
  try {
    await parts.running.take(
      id,
      { concurrency: offer.limits['concurrency'], own: false },
      {
        asker,
        signal,
        patience: parts.queueWait,
        bytes: () => JSON.stringify(job.spec).length,
        waits: place => alive?.({ state: 'queued', position: place.position() }),
      },
    )
    check()
  } catch (error) {
    parts.running.leave(id)
    throw error
  }
}
