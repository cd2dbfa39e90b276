import { type Ledger, put, type Row } from '@heddle/ledger'
import type { Payer } from '@heddle/payments'
import {
  askedAt,
  type Channel,
  type Clock,
  canonical,
  canonicalOnce,
  type Digest,
  type Domain,
  HeddleError,
  type Hex,
  type JobRequest,
  type Log,
  nothingUsed,
  type SignedJob,
  type SignedReceipt,
  type Signer,
  signedJobText,
  usageToJson,
  type Workload,
} from '@heddle/protocol'
import type { Book, Choice } from './book.ts'
import type { JobSigner } from './job-signer.ts'
import type { Limits } from './listening.ts'
import type { Hold, Purse } from './purse.ts'

export type Asking = {
  ledger: Ledger
  payer: Payer
  book: Book
  authorizer: Signer
  signer: JobSigner
  /** Where signatures count. */
  domain: Domain
  /** Kinds of work that this consumer knows. */
  workloads: ReadonlyMap<string, Workload<unknown>>
  clock: Clock
  log: Log
  /** How long a provider is waited for. */
  limits: Limits
  /** Whose purse a job was asked from, where nothing but the job is left: nothing where it does not say. Left out where there is one purse. */
  askerOf?(job: JobRequest): string | null
  /** A funded channel that pays this offer. */
  channelFor(choice: Choice): Promise<{ id: Hex; channel: Channel }>
  /** Ids of the jobs whose answers stream now. */
  live: Set<Digest>
  /** Told when a job ended without its receipt: it is asked for later; until then what it holds stays held. */
  lost(job: { id: Digest; channel: Hex }, settled: () => void): void
}

/** One of the places that a provider offers, as this consumer counts them. */
export type Place = { free(): void }

export type Running = {
  asking: Asking
  workload: Workload<unknown>
  spec: unknown
  choice: Choice
  config: Channel
  signed: SignedJob
  id: Digest
  hold: Hold
  purse: Purse
  place: Place
  /** What its first chunk may cost. */
  first: bigint
  output: Uint8Array[]
  /** Bytes of it. */
  length: number
  /** Takes over what was delivered. Throws `receipt_mismatch` where it is more than the job can be. */
  take(bytes: Uint8Array): void
  /** Writes down that the job runs; once. */
  note(): Promise<void>
  /** Writes down that it was never charged, where it was written down that it runs. */
  strike(): Promise<void>
  noting: NodeJS.Timeout
}

/** Milliseconds after which a job that still runs is written down: most are done by then, and their receipt says all. */
const NOTE_AFTER = 50

export function startRunning(
  parts: Omit<Running, 'note' | 'strike' | 'noting' | 'output' | 'length' | 'take'>,
): Running {
  const { asking, id, workload, spec, choice } = parts
  const room = workload.room(spec, choice.offer)
  let noted: Promise<void> | undefined
  const running: Running = {
    ...parts,
    output: [],
    length: 0,
    take(bytes) {
      running.length += bytes.length
      if (running.length > room) throw new HeddleError('receipt_mismatch', `more than the ${room} bytes that it can be`)
      running.output.push(bytes)
    },
    note() {
      noted ??= asking.ledger
        .commit(put('jobs', jobRow(running)))
        .catch(error => asking.log.warn('job not noted', { id, error: String(error) }))
      return noted
    },
    async strike() {
      clearTimeout(running.noting)
      if (!noted) return
      await noted
      await asking.ledger
        .commit(put('jobs', { ...jobRow(running), state: 'failed' }))
        .catch(error => asking.log.warn('job not struck', { id, error: String(error) }))
    },
    noting: setTimeout(() => void running.note(), NOTE_AFTER),
  }
  return running
}

/** A job is over: its place is somebody else's. */
export function ended({ asking, id, noting, place }: Running): void {
  clearTimeout(noting)
  asking.live.delete(id)
  place.free()
}

/** A job that was never charged: nothing of it is held any more, and nobody has to ask what became of it. */
export async function letGo(running: Running): Promise<void> {
  const { asking, hold, signed, id } = running
  hold.release()
  await asking.payer.release(signed.job.channel, id)
  await running.strike()
}

/** A job that ended without its receipt is asked for later; whose key it spends is written down before that. */
export function lose(running: Running): void {
  const { asking, signed, id, hold } = running
  clearTimeout(running.noting)
  void running.note().then(() => asking.lost({ id, channel: signed.job.channel }, hold.release))
}

/** A job's row once its receipt is here. */
export const doneRow = (row: Row<'jobs'>, { receipt }: SignedReceipt, output: Uint8Array): Row<'jobs'> => ({
  ...row,
  state: 'done',
  used: canonical(receipt.usage),
  output,
  updated: receipt.finished,
})

export function jobRow({ id, signed, purse, choice, workload }: Running): Row<'jobs'> {
  return {
    id,
    channel: signed.job.channel,
    apiKey: purse.id,
    state: 'running',
    request: signedJobText(signed),
    offer: canonicalOnce(choice.offered),
    used: canonical(usageToJson(nothingUsed(workload))),
    output: new Uint8Array(0),
    started: askedAt(signed.job),
    updated: askedAt(signed.job),
  }
}
