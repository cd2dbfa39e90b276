import type { Digest } from '../digest.ts'
import type { JobRequest } from '../job/job.ts'
import type { SignedOffer } from '../offer.ts'
import type { Judgement } from '../proof/verdict.ts'
import type { SignedReceipt } from '../receipt/receipt.ts'

/** An answer that was paid for, as whoever checks it has it. Its receipt is verified already. */
export type Answered = Readonly<{
  receipt: SignedReceipt
  job: JobRequest
  output: Uint8Array
  /** The offer that it was asked under, as its provider signed it. */
  offer?: SignedOffer
  /** The leaves of its evidence; none where the provider keeps none, or does not answer. */
  leaves?: readonly Uint8Array[]
}>

/** What a check found. Never a bare boolean. Plain JSON. */
export type Finding = Readonly<{
  verdict: Judgement
  /** Which check spoke: the name of a proof, or of a measured check. */
  check: string
  /** Why, in a few words that never change. */
  reason: string
  receipt: Digest
  /** True where the verdict follows from signed data alone: `writeFraudProof` then makes a file of it. */
  provable: boolean
  /** Of a measured check: how far the answer is from the weights, and above what that is dishonest. */
  distance?: number
  threshold?: number
  /** How often an honest answer is called dishonest: the upper end of the 95% interval that calibration gives. */
  falsePositiveRate?: number
  /** What the check took: milliseconds of processor time, and tokens that were evaluated. */
  cost: Readonly<{ milliseconds: number; tokens: number }>
  facts: Readonly<Record<string, string | number | null>>
}>

/** The face of a workload that checks answers. */
export interface Checker {
  /** Model digests that it can measure against. */
  knows(model: Digest): boolean
  check(answer: Answered, signal: AbortSignal): Promise<Finding>
  stop(): Promise<void>
}
