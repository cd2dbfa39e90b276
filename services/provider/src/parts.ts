import type { Ledger } from '@heddle/ledger'
import type { Receiver } from '@heddle/payments'
import type { Clock, Digest, Log, Signer, Worker, Workload } from '@heddle/protocol'
import type { Offers } from './offers.ts'

/** A kind of work that this provider does: its pure face and the worker that does it. */
export type Trade = { workload: Workload<unknown>; worker: Worker<unknown> }

/** What a job needs of the house around it. No file of job/ needs more, so that one day a tab is a provider. */
export type Parts = {
  ledger: Ledger
  receiver: Receiver
  offers: Offers
  trades: ReadonlyMap<string, Trade>
  /** Signs offers and receipts. */
  signer: Signer
  clock: Clock
  log: Log
  /** Ids of the jobs that run now. */
  running: Set<Digest>
  /** How long a payer may take to raise a ceiling, in milliseconds. */
  patience: number
}
