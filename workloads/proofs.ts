import { inferenceProofs } from '@heddle/inference/proofs'
import { createProver, type Proofs } from '@heddle/protocol'

/**
 * What convicts from signed data alone, by kind of work: a new workload adds a line, and the contract learns of it too
 * (contracts/src/trust): whatever convicts here has to convict there.
 */
export const proofs: readonly Proofs[] = [inferenceProofs]

/** Whoever judges fraud in any work of this house. */
export const prover = createProver(proofs)
