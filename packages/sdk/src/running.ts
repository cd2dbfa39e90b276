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
  type Hex,
  type Log,
  type SignedJob,
  type SignedReceipt,
  type Signer,
  signedJobText,
  type Usage,
  usageToJson,
  type Workload,
} from '@heddle/protocol'
import type { Book, Choice } from './book.ts'
import type { JobSigner } from './job-signer.ts'
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
  /** Milliseconds to wait for the first byte of an answer. */
  firstByte: number
  /** A funded channel that pays this offer. */
  channelFor(choice: Choice): Promise<{ id: Hex; channel: Channel }>
  /** Ids of the jobs whose answers stream now. */
  live: Set<Digest>
  /** Told when a job ended without its receipt: it is asked for later; until then what it holds stays held. */
  lost(choice: Choice, channel: Hex, settled: () => void): void
}

export type Running = {
  asking: Asking
  workload: Workload<unknown>
  spec: unknown
  choice: Choice
  signed: SignedJob
  id: Digest
  hold: Hold
  purse: Purse
  output: Uint8Array[]
  /** Bytes of it. */
  length: number
  /** Writes down that the job runs; once. */
  note(): Promise<void>
  noting: NodeJS.Timeout
}

/** Milliseconds after which a job that still runs is written down: most are done by then, and their receipt says all. */
const NOTE_AFTER = 50

export const nothingUsed = (workload: Workload<unknown>): Usage =>
  Object.fromEntries(workload.units.map(unit => [unit, 0n]))

export function startRunning(parts: Omit<Running, 'note' | 'noting'>): Running {
  const { asking, id } = parts
  let noted: Promise<void> | undefined
  const running: Running = {
    ...parts,
    note() {
      noted ??= asking.ledger
        .commit(put('jobs', jobRow(running)))
        .catch(error => asking.log.warn('job not noted', { id, error: String(error) }))
      return noted
    },
    noting: setTimeout(() => void running.note(), NOTE_AFTER),
  }
  return running
}

/** A job that ended without its receipt is asked for later; whose key it spends is written down before that. */
export function lose(running: Running): void {
  const { asking, choice, signed, hold } = running
  clearTimeout(running.noting)
  void running.note().then(() => asking.lost(choice, signed.job.channel, hold.release))
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
