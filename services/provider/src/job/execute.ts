import { put } from '@heddle/ledger'
import {
  type Alive,
  addUsage,
  type Context,
  type Finish,
  HeddleError,
  priceOf,
  requestDigest,
  type SignedReceipt,
  seedOf,
  toHeddleError,
  type Usage,
} from '@heddle/protocol'
import type { Parts } from '../parts.ts'
import type { Admitted } from './admit.ts'
import { jobRow } from './receipt.ts'

/** Where a job's answer goes. */
export type Outlet = {
  output(bytes: Uint8Array): void
  /** The answer has ended: what has not left yet may leave with the receipt. */
  hold(): void
  /** Tells how the job stands while there is nothing to deliver. */
  alive(sign: Alive): void
  /** Asks the payer for a ceiling. */
  raise(required: { ceiling: bigint; used: Usage }): void
  /** Resolves when the payer's side has room for more. */
  drained(): Promise<void>
}

/**
 * Runs an admitted job to its receipt, chunk by chunk: no chunk begins before its price is reserved under a durable
 * voucher. Whatever ends it early, what was delivered is charged and receipted as interrupted; when nothing was
 * delivered nothing is charged, and the reason is thrown.
 */
export async function execute(
  parts: Parts,
  job: Admitted,
  outlet: Outlet,
  signal: AbortSignal,
): Promise<SignedReceipt> {
  const started = parts.clock.now()
  const { meter, reservation, offer, signed, id } = job
  try {
    const { finish, reason, evidence } = await pull(parts, job, outlet, signal, started)
    if (finish !== 'interrupted') outlet.hold()
    const delivered = meter.delivered()
    if (finish === 'interrupted' && delivered.bytes === 0) throw reason ?? new HeddleError('interrupted')
    const used = finish === 'interrupted' ? delivered.used : meter.used()
    if (reason) parts.log.warn('job interrupted', { id, code: reason.code, error: reason.message })
    return await parts.settler.settle(reservation, {
      id,
      signed,
      offer,
      used,
      charge: priceOf(offer, used),
      output: meter.output(),
      digest: meter.digest(),
      finish,
      started,
      ...(evidence ? { evidence } : {}),
    })
  } finally {
    await parts.receiver.release(reservation)
    parts.running.leave(id)
  }
}

async function pull(
  parts: Parts,
  job: Admitted,
  outlet: Outlet,
  signal: AbortSignal,
  started: number,
): Promise<{ finish: Finish; reason?: HeddleError; evidence?: readonly Uint8Array[] }> {
  const { meter, reservation, offer, signed, spec, trade, id } = job
  const context: Context = {
    signal,
    clock: parts.clock,
    log: parts.log,
    alive: sign => outlet.alive(sign),
    deliver(delta) {
      if (signal.aborted) return
      meter.deliver(delta)
      outlet.output(delta.bytes)
    },
  }
  const seed = seedOf(requestDigest(signed.job.spec), signed.job.nonce)
  const chunks = trade.worker.execute(
    { id, spec, seed, scope: signed.job.channel, serves: offer.serves, limits: offer.limits, input: none() },
    context,
  )
  try {
    for await (const chunk of chunks) {
      meter.chunk(chunk.used)
      if (chunk.finish) return { finish: chunk.finish, ...(chunk.evidence ? { evidence: chunk.evidence } : {}) }
      if (signal.aborted) break
      const next = addUsage(meter.used(), trade.workload.bound(spec, offer, meter.used()))
      const price = priceOf(offer, next)
      if (price > BigInt(signed.job.limit)) return { finish: 'length' }
      mark(parts, job, started)
      await outlet.drained()
      const ask = (ceiling: bigint): void => outlet.raise({ ceiling, used: meter.used() })
      await parts.receiver.extend(reservation, price, { ask, timeout: parts.patience, signal })
    }
    return { finish: 'interrupted', reason: new HeddleError('aborted') }
  } catch (error) {
    return { finish: 'interrupted', reason: toHeddleError(error) }
  }
}

/** Makes what was delivered so far durable, without waiting: what a crash charges. */
function mark(parts: Parts, job: Admitted, started: number): void {
  const { id, signed, offer, meter } = job
  const { used } = meter.delivered()
  const row = jobRow({
    id,
    signed,
    offer,
    used,
    output: meter.output(),
    started,
    state: 'running',
    now: parts.clock.now(),
  })
  parts.ledger.commit(put('jobs', row)).catch(error => parts.log.warn('mark not stored', { id, error: String(error) }))
}

async function* none(): AsyncIterable<Uint8Array> {}
