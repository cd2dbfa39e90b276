import type { Receipt } from '../receipt/receipt.ts'

/** Workloads whose evidence and served things the proofs here know; the contracts know the same. */
const KNOWN: ReadonlySet<string> = new Set(['inference'])

/**
 * True where a receipt is of a kind of work that the proofs know. What another kind counts, draws or calls by its digest
 * is its own affair: by the rules of this one an honest answer would look like fraud.
 */
export const isKnown = ({ workload }: Receipt): boolean => KNOWN.has(workload)

/** Why nothing is said of any other. */
export const UNKNOWN = 'a kind of work that this proof does not know'
