import type { ZodType } from 'zod'
import type { Digest } from './digest.ts'
import type { Offer } from './offer.ts'
import type { Units } from './units.ts'

/** What a job consumed, unit by unit. */
export type Usage<U extends string = string> = Readonly<Record<U, bigint>>

/** How a job ended; `interrupted` means that only part of it was delivered. */
export type Finish = 'stop' | 'length' | 'interrupted'

/** The pure face of a kind of work: everyone loads it. */
export interface Workload<Spec, U extends string = string> {
  kind: string
  /** Requests are rebuilt from it, never passed through. */
  spec: ZodType<Spec>
  /** What is counted and priced, each unit with its role, in the order in which people read them. */
  units: Units<U>
  /** What an offer's features must hold for this job. */
  requires(spec: Spec): readonly string[]
  /** Most the next chunk can use; the rest of the job where the offer's engine cannot pause. */
  bound(spec: Spec, offer: Offer, used: Usage<U>): Usage<U>
  /** Whether this usage can stand behind this many delivered bytes: what a payer believes, mid-stream and at the end. */
  plausible(spec: Spec, offer: Offer, used: Usage<U>, bytes: number): boolean
  /** Most bytes that the whole job can deliver: what is more was never asked for, and is not read. */
  room(spec: Spec, offer: Offer): number
  /** Most the whole job can use: what a cap must have room for. */
  total(spec: Spec, offer: Offer): Usage<U>
}

/** One piece of work. `seed` is fixed by the consumer's nonce. */
export type Job<Spec> = {
  id: Digest
  spec: Spec
  seed: Digest
  /** Who pays, by a name that means nothing: what one payer's jobs leave behind is never within another's reach. */
  scope: string
  /** Which of the things that the worker serves: what the offer names. */
  serves: { name: string; digest: Digest }
  /** The limits of the offer that it is done under. */
  limits?: Readonly<Record<string, number>>
  input: AsyncIterable<Uint8Array>
  cursor?: Digest
}

/** A streamed piece of a chunk, with the job's usage up to and including it. */
export type Delta<U extends string = string> = { bytes: Uint8Array; used: Usage<U> }

/**
 * What one `next()` did. The bytes themselves left as deltas. `finish` is set on the last one, and with it `evidence`, the
 * leaves of what opens the receipt, where the worker has any.
 */
export type Chunk<U extends string = string> = {
  used: Usage<U>
  finish?: Finish
  evidence?: readonly Uint8Array[]
  cursor?: Digest
}

/**
 * The time that is signed and compared with others': unix milliseconds, which may jump. What is only waited for is counted
 * in `ticks`, milliseconds that never go back: the same as `now` for a clock that has none.
 */
export type Clock = { now(): number; ticks?(): number }

/** The clock of this machine. */
export const machineClock: Required<Clock> = { now: () => Date.now(), ticks: () => Math.floor(performance.now()) }

/** Milliseconds of a clock that only ever go on, for waits and rates. */
export const ticksOf = (clock: Clock): number => clock.ticks?.() ?? clock.now()

export type Log = {
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

/**
 * How a job stands while nothing of it is delivered: it waits for a place, its engine gets ready, or it is being worked
 * on. A sign of life: whoever waits for the job counts silence from the last one.
 *
 * @example
 * ```ts
 * import type { Alive } from '@heddle/protocol'
 * const sign: Alive = { state: 'queued', position: 3 }
 * ```
 */
export type Alive = Readonly<{
  state: 'queued' | 'loading' | 'working'
  /** Of one that waits: 1 for whoever is next. */
  position?: number
  /** How much is done, 0 … 1, where that is known. */
  progress?: number
}>

export type Context<U extends string = string> = {
  signal: AbortSignal
  clock: Clock
  log: Log
  /** Hands over a delta as soon as it exists; what was delivered is what an interrupted job is charged for. */
  deliver(delta: Delta<U>): void
  /** Tells how the job stands while there is nothing to deliver; as often as a worker likes. */
  alive?(sign: Alive): void
}

/** What a worker can serve: becomes part of an offer. */
export type Served = {
  name: string
  digest: Digest
  context: number
  engine: { name: string; build: string }
  /** What it can do, in the words of the workload. */
  features: readonly string[]
  quantization?: string
}

/** The face that does the work: a daemon's, or a tab's. */
export interface Worker<Spec, U extends string = string> {
  serves(): readonly Served[]
  /** Each `next()` is permission for one chunk. Throws `engine_down`, `context_exceeded`. */
  execute(job: Job<Spec>, context: Context<U>): AsyncIterable<Chunk<U>>
  /** Counts what a job's input would use, without running it, where the engine can. */
  count?(job: Pick<Job<Spec>, 'spec' | 'serves'>, signal: AbortSignal): Promise<Usage<U>>
  /**
   * True while the engine is up; of one served thing, when it is named. A job may still be `busy`: no place was free, and
   * none to wait in.
   */
  ready(digest?: Digest): boolean
  /** Facts for a status page, e.g. how the engine is isolated. */
  status(): Record<string, string | number | boolean>
  stop(): Promise<void>
}
