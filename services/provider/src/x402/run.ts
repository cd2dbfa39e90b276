import { put } from '@heddle/ledger'
import {
  addUsage,
  type Context,
  type Finish,
  HeddleError,
  jobId,
  priceOf,
  requestDigest,
  type SignedJob,
  seedOf,
  toHeddleError,
} from '@heddle/protocol'
import { type Meter, startMeter } from '../job/meter.ts'
import { jobRow } from '../job/receipt.ts'
import type { Parts } from '../parts.ts'
import type { Sale } from './sale.ts'

/** A job that was paid for before it began: its ceiling covers all of it, so nothing is asked for on the way. */
export type PaidJob = Sale & { signed: SignedJob; started: number }

export type Ran = { meter: Meter; finish: Finish; reason?: HeddleError; evidence?: readonly Uint8Array[] }

export type Outlet = {
  output(bytes: Uint8Array): void
  drained(): Promise<void>
}

/** Runs a paid job, chunk by chunk, within what was paid. Never throws: what goes wrong is the reason it was interrupted. */
export async function run(
  parts: Parts,
  job: PaidJob,
  outlet: Outlet,
  options: { signal: AbortSignal; mark?: (meter: Meter) => void },
): Promise<Ran> {
  const { offer, trade, spec, signed, amount } = job
  const { signal, mark } = options
  const meter = startMeter(trade.workload, offer)
  const context: Context = {
    signal,
    clock: parts.clock,
    log: parts.log,
    deliver(delta) {
      if (signal.aborted) return
      meter.deliver(delta)
      outlet.output(delta.bytes)
    },
  }
  const id = jobId(signed.job)
  const seed = seedOf(requestDigest(signed.job.spec), signed.job.nonce)
  try {
    const chunks = trade.worker.execute(
      { id, spec, seed, scope: signed.job.channel, serves: offer.serves, limits: offer.limits, input: none() },
      context,
    )
    for await (const chunk of chunks) {
      meter.chunk(chunk.used)
      if (chunk.finish) return { meter, finish: chunk.finish, ...(chunk.evidence ? { evidence: chunk.evidence } : {}) }
      if (signal.aborted) break
      const next = addUsage(meter.used(), trade.workload.bound(spec, offer, meter.used()))
      if (priceOf(offer, next) > amount) return { meter, finish: 'length' }
      mark?.(meter)
      await outlet.drained()
    }
    return { meter, finish: 'interrupted', reason: new HeddleError('aborted') }
  } catch (error) {
    return { meter, finish: 'interrupted', reason: toHeddleError(error) }
  }
}

/** The row of a job that is not over: what a crash charges. */
export const markOf = (parts: Parts, job: PaidJob, meter: Meter) =>
  put(
    'jobs',
    jobRow({
      id: jobId(job.signed.job),
      signed: job.signed,
      offer: job.offer,
      used: meter.delivered().used,
      output: meter.output(),
      started: job.started,
      state: 'running',
      now: parts.clock.now(),
    }),
  )

async function* none(): AsyncIterable<Uint8Array> {}
