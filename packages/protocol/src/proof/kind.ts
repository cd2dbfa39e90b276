import type { z } from 'zod'
import type { Address } from '../bytes.ts'
import type { Answered } from '../check/check.ts'
import type { Receipt } from '../receipt/receipt.ts'
import type { EvidenceLeaf } from './open.ts'
import type { Verdict } from './verdict.ts'

/** One way to convict whoever signed: which parts its file holds, and what they come to. */
export interface ProofKind {
  /** As its file names it. */
  readonly name: string
  /** The parts, beside who is accused. */
  readonly parts: z.ZodRawShape
  /** Holds the parts against the key that is accused. Throws for parts that do not belong together. */
  judge(parts: Readonly<Record<string, unknown>>, pinned: Address): Verdict
}

/** A proof to be tried: its kind, and its parts. */
export type Attempt = Readonly<{ kind: string } & Record<string, unknown>>

/** The leaves of an answer, each with its path. */
export type OpenedLeaves = readonly [EvidenceLeaf, ...EvidenceLeaf[]]

/**
 * The face of a workload that convicts from signed data alone. What another kind counts or means by its digests is its own
 * affair, so each is judged by the proofs of its own workload and by those of any.
 */
export interface Proofs {
  readonly workload: string
  readonly kinds: readonly ProofKind[]
  /** Most leaves that can open this receipt: no more are read. */
  mostLeaves(receipt: Receipt): number
  /** What to try on an answer whose leaves are those that its receipt names: each is told what the one before came to. */
  attempts(answered: Answered, leaves: OpenedLeaves): Generator<Attempt, void, Verdict>
}
