import { type Address, type Digest, HeddleError, type SignedReceipt, toHeddleError } from '@heddle/protocol'
import { admit, findStored, readPost } from '../job/admit.ts'
import { execute, type Outlet } from '../job/execute.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './asker.ts'
import { startLife } from './life.ts'

/** Where the whole of an answer goes, to its receipt. */
export type AnswerOutlet = Outlet & {
  /** A whole stored output. */
  all(bytes: Uint8Array): void
  /** Milliseconds since anything was sent. */
  silence(): number
  /** True once something is out, or waits to be. */
  begun(): boolean
  /** The last of an answer. */
  receipt(receipt: SignedReceipt): void
  error(error: HeddleError): void
}

export type Posting = {
  body: unknown
  /** Milliseconds that whoever posts would wait for a place; nothing where it does not say so, and then it is sent no signs of life either. */
  patience: number | undefined
  /** Aborts when it goes away. */
  signal: AbortSignal
}

/**
 * Admits, runs and streams one job; one that ran before is answered from the ledger. Throws what is wrong before anything
 * of the answer is out.
 */
export async function runJob(parts: Parts, outlet: AnswerOutlet, posting: Posting): Promise<void> {
  const { patience } = posting
  const { id, post } = readPost(posting.body)
  const ended = new AbortController()
  const stop = (): void => ended.abort()
  posting.signal.addEventListener('abort', stop, { once: true })
  if (posting.signal.aborted) stop()
  const { signal } = ended
  const life = startLife(outlet, patience !== undefined)
  const mine = { channel: post.job.channel, stop }
  if (!parts.stops.has(id)) parts.stops.set(id, mine)
  try {
    const asks = patience === undefined ? {} : { raise: outlet.raise }
    const admitted = await admit(parts, { id, post }, { signal, patience: patience ?? 0, queued: life.queued, ...asks })
    if ('receipt' in admitted) {
      outlet.all(admitted.output)
      return outlet.receipt(admitted.receipt)
    }
    life.works()
    outlet.receipt(await execute(parts, admitted, { ...outlet, alive: life.alive }, signal))
  } catch (error) {
    if (!outlet.begun()) throw error
    outlet.error(toHeddleError(error))
  } finally {
    life.stop()
    posting.signal.removeEventListener('abort', stop)
    if (parts.stops.get(id) === mine) parts.stops.delete(id)
  }
}

/**
 * Ends a job whose asker is gone, for its payer: what was delivered is charged, and its receipt comes where the answer would
 * have. Throws `job_unknown`, `read_refused`.
 */
export async function stopJob(parts: Parts, id: Digest, asker: Address) {
  const running = parts.stops.get(id)
  if (!running) throw new HeddleError('job_unknown', id)
  await requireReader(parts, running.channel, asker)
  running.stop()
  return { state: 'stopping' }
}

/** The stored result of a job. Throws `job_running`, `job_unknown`, `read_refused`. */
export async function storedJob(parts: Parts, id: Digest, asker: Address) {
  if (parts.running.has(id)) throw new HeddleError('job_running', id)
  const stored = await findStored(parts, id)
  if (!stored) throw new HeddleError('job_unknown', id)
  await requireReader(parts, stored.receipt.receipt.channel, asker)
  return stored
}
