import type { Ledger } from '@heddle/ledger'
import type { Receiver } from '@heddle/payments'
import type { ChannelTerms, Clock, Digest, Hex, Log, Worker, Workload } from '@heddle/protocol'
import type { Settler } from './job/receipt.ts'
import type { Seen } from './job/seen.ts'
import type { Offers } from './offers.ts'
import type { Own } from './own.ts'
import type { Places } from './places.ts'

/** A kind of work that this provider does: its pure face and the worker that does it. */
export type Trade = { workload: Workload<unknown>; worker: Worker<unknown> }

/** What a job needs of the house around it. No file of job/ needs more, so that one day a tab is a provider. */
export type Parts = {
  ledger: Ledger
  receiver: Receiver
  settler: Settler
  /** Which jobs ran before. */
  seen: Seen
  offers: Offers
  /** Of every channel, whatever is offered now: what was done is told and paid while nothing is served, too. */
  terms: ChannelTerms
  trades: ReadonlyMap<string, Trade>
  clock: Clock
  log: Log
  /** Ids of the jobs that are here now, who has a place and who waits for one. */
  running: Places
  /** How jobs that are here can be ended, and on which channel they are. */
  stops: Map<Digest, { channel: Hex; stop(): void }>
  /** Milliseconds that a job may wait for a place at most. */
  queueWait: number
  /** Whom this provider serves for nothing. */
  own?: Own
  /** Throws while nothing may be sold, e.g. `clock_skewed`. The house's own jobs need no chain. */
  checkSale(): void
  /** How long a payer may take to raise a ceiling, in milliseconds. */
  patience: number
}
