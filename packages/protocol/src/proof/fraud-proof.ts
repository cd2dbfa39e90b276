import { z } from 'zod'
import { canonical } from '../canonical.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { jobRequestSchema } from '../job/job.ts'
import { nestsDeeper } from '../json-depth.ts'
import { signedOfferSchema } from '../offer.ts'
import { signedReceiptSchema } from '../receipt/receipt.ts'
import { addressSchema } from '../schemas.ts'
import { equivocation } from './equivocation.ts'
import { foreignSeed } from './foreign-seed.ts'
import { malformedLeaf } from './malformed.ts'
import { evidenceLeafSchema, readPart } from './open.ts'
import { claimSchema, overcharge } from './overcharge.ts'
import { overcount } from './overcount.ts'
import { redraw } from './redraw.ts'
import type { Verdict } from './verdict.ts'
import { wrongModel } from './wrong-model.ts'

/** Most characters of a proof's file: the largest job that a provider takes (8 MiB), and two of the longest leaves. */
export const MAX_FRAUD_PROOF = 10_485_760
const MAX_NESTING = 64

const file = <K extends string, S extends z.ZodRawShape>(kind: K, parts: S) =>
  z.strictObject({
    kind: z.literal(kind),
    /** The key that signed the receipts: the one to hold against the provider that one knows. */
    provider: addressSchema,
    version: z.literal(1),
    ...parts,
  })

/** A file that a third party judges offline: everything that a verdict needs, and the key that it is about. */
export const fraudProofSchema = z.discriminatedUnion('kind', [
  file('equivocation', { receipts: z.tuple([signedReceiptSchema, signedReceiptSchema]) }),
  file('overcharge', { claim: claimSchema, receipt: signedReceiptSchema }),
  file('overcount', { head: evidenceLeafSchema, receipt: signedReceiptSchema }),
  file('wrong-model', { offer: signedOfferSchema, receipt: signedReceiptSchema }),
  file('foreign-seed', { head: evidenceLeafSchema, job: jobRequestSchema, receipt: signedReceiptSchema }),
  file('redraw', { head: evidenceLeafSchema, leaf: evidenceLeafSchema, receipt: signedReceiptSchema }),
  file('malformed', { head: evidenceLeafSchema.optional(), leaf: evidenceLeafSchema, receipt: signedReceiptSchema }),
])
export type FraudProof = Readonly<z.infer<typeof fraudProofSchema>>

/**
 * Judges a fraud proof by itself, without network or ledger. `provider` in the verdict is the key that is judged: hold
 * it against the provider that you know. An `overcharge` rests on chain data that nobody signed here: look its claim
 * up on the chain. Throws `proof_malformed`, and what the single proofs throw.
 *
 * @example
 * ```ts
 * import { isHeddleError, verifyFraudProof } from '@heddle/protocol'
 * const refused = (() => { try { return verifyFraudProof({ kind: 'redraw' }) } catch (error) { return error } })()
 * isHeddleError(refused, 'proof_malformed') // true
 * ```
 */
export function verifyFraudProof(json: unknown): Verdict {
  const proof = readPart(fraudProofSchema, json, 'proof') as FraudProof
  switch (proof.kind) {
    case 'equivocation':
      return equivocation(proof, proof.provider)
    case 'overcharge':
      return overcharge(proof, proof.provider)
    case 'overcount':
      return overcount(proof, proof.provider)
    case 'wrong-model':
      return wrongModel(proof, proof.provider)
    case 'foreign-seed':
      return foreignSeed(proof, proof.provider)
    case 'redraw':
      return redraw(proof, proof.provider)
    case 'malformed':
      return malformedLeaf(proof, proof.provider)
  }
}

/**
 * A proof as the text of its file: RFC 8785. Throws `proof_malformed` for a proof that no reader would take.
 */
export function writeFraudProof(proof: FraudProof): string {
  const text = canonical(readPart(fraudProofSchema, proof, 'proof'))
  if (text.length > MAX_FRAUD_PROOF) throw new HeddleError('proof_malformed', 'proof: the file is too long')
  return text
}

/**
 * Reads the text of a proof's file. It has one form, RFC 8785 (white space around it aside): a name twice, or a number
 * written in two ways, could be read differently by others. Throws `proof_malformed`.
 */
export function readFraudProof(text: string): FraudProof {
  const bare = text.length <= MAX_FRAUD_PROOF ? text.trim() : undefined
  if (bare === undefined) throw new HeddleError('proof_malformed', 'proof: the file is too long')
  if (nestsDeeper(bare, MAX_NESTING)) throw new HeddleError('proof_malformed', 'proof: nests too deep')
  let json: unknown
  try {
    json = JSON.parse(bare)
  } catch (cause) {
    throw new HeddleError('proof_malformed', 'proof: not JSON', { cause })
  }
  const proof = readPart(fraudProofSchema, json, 'proof') as FraudProof
  if (canonical(proof) !== bare) throw new HeddleError('proof_malformed', 'proof: not in the form of RFC 8785')
  return proof
}
