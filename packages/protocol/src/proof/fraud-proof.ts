import { z } from 'zod'
import type { Address } from '../bytes.ts'
import { canonical } from '../canonical.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { nestsDeeper } from '../json-depth.ts'
import { addressSchema } from '../schemas.ts'
import type { ProofKind } from './kind.ts'
import { readPart } from './open.ts'
import type { Verdict } from './verdict.ts'

/** Most characters of a proof's file: the largest job that a provider takes (8 MiB), and two of the longest leaves. */
export const MAX_FRAUD_PROOF = 10_485_760
const MAX_NESTING = 64

/** A file that a third party judges offline: everything that a verdict needs, and the key that it is about. */
export type FraudProof = Readonly<
  {
    version: 1
    /** The key that signed the receipts: the one to hold against the provider that one knows. */
    provider: Address
    /** Which proof; the parts are that one's. */
    kind: string
  } & Record<string, unknown>
>

/** Files of some kinds of proofs: one schema, one text. */
export function filesOf(kinds: readonly ProofKind[]) {
  const byName = new Map(kinds.map(kind => [kind.name, kind]))
  if (byName.size < kinds.length) throw new TypeError('two kinds of proofs have one name')
  const files = kinds.map(({ name, parts }) =>
    z.strictObject({ ...parts, kind: z.literal(name), provider: addressSchema, version: z.literal(1) }),
  )
  const schema = z.discriminatedUnion('kind', files as [(typeof files)[number], ...typeof files])
  const readFile = (json: unknown): FraudProof => readPart<unknown>(schema, json, 'proof') as FraudProof
  return {
    verify(json: unknown): Verdict {
      const proof = readFile(json)
      return byName.get(proof.kind)!.judge(proof, proof.provider)
    },
    write(proof: FraudProof): string {
      const text = canonical(readFile(proof))
      if (text.length > MAX_FRAUD_PROOF) throw new HeddleError('proof_malformed', 'proof: the file is too long')
      return text
    },
    read(text: string): FraudProof {
      const bare = text.length <= MAX_FRAUD_PROOF ? text.trim() : undefined
      if (bare === undefined) throw new HeddleError('proof_malformed', 'proof: the file is too long')
      if (nestsDeeper(bare, MAX_NESTING)) throw new HeddleError('proof_malformed', 'proof: nests too deep')
      let json: unknown
      try {
        json = JSON.parse(bare)
      } catch (cause) {
        throw new HeddleError('proof_malformed', 'proof: not JSON', { cause })
      }
      const proof = readFile(json)
      if (canonical(proof) !== bare) throw new HeddleError('proof_malformed', 'proof: not in the form of RFC 8785')
      return proof
    },
  }
}
