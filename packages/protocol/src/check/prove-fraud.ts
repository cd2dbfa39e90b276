import type { Address } from '../bytes.ts'
import { toHex } from '../bytes.ts'
import { merkleTree } from '../merkle.ts'
import { foreignSeed } from '../proof/foreign-seed.ts'
import type { FraudProof } from '../proof/fraud-proof.ts'
import { malformedLeaf } from '../proof/malformed.ts'
import type { EvidenceLeaf } from '../proof/open.ts'
import { overcount } from '../proof/overcount.ts'
import { redraw } from '../proof/redraw.ts'
import type { Verdict } from '../proof/verdict.ts'
import { wrongModel } from '../proof/wrong-model.ts'
import type { Answered } from './check.ts'

/** What signed data alone says of one answer. */
export type Fraud = {
  /** Every proof that was tried, in the order of trying; the last one convicts, where any does. */
  verdicts: readonly Verdict[]
  /** The file that convicts: `writeFraudProof` writes it. */
  proof?: FraudProof
}

/**
 * Tries every proof that needs one answer alone: another model than was offered, leaves that break the rules, a count
 * above what was written, a seed or a drawing that was not asked for, a token that was not drawn. What is not here (the
 * offer, the leaves) is not tried. Leaves must be those that the receipt names. Throws what the single proofs throw, for
 * parts that do not belong together.
 *
 * @example
 * ```ts
 * // sketch
 * const { proof } = proveFraud(answered, pinned)
 * if (proof) writeFileSync('proof.json', writeFraudProof(proof))
 * ```
 */
export function proveFraud({ receipt, job, offer, leaves }: Answered, pinned: Address): Fraud {
  const verdicts: Verdict[] = []
  const of = { version: 1, provider: pinned } as const
  const guilty = (verdict: Verdict): boolean => {
    verdicts.push(verdict)
    return verdict.verdict === 'dishonest'
  }
  if (offer && guilty(wrongModel({ receipt, offer }, pinned)))
    return { verdicts, proof: { ...of, kind: 'wrong-model', offer, receipt } }
  if (!leaves || receipt.receipt.evidence === null) return { verdicts }
  if (leaves.length === 0) return { verdicts }
  const { paths } = merkleTree(leaves)
  const [head, ...others] = leaves.map((leaf, i): EvidenceLeaf => ({ leaf: toHex(leaf), path: paths[i]! })) as [
    EvidenceLeaf,
    ...EvidenceLeaf[],
  ]
  if (guilty(malformedLeaf({ receipt, leaf: head }, pinned)))
    return { verdicts, proof: { ...of, kind: 'malformed', leaf: head, receipt } }
  if (guilty(overcount({ receipt, head }, pinned)))
    return { verdicts, proof: { ...of, kind: 'overcount', head, receipt } }
  if (guilty(foreignSeed({ receipt, head, job }, pinned)))
    return { verdicts, proof: { ...of, kind: 'foreign-seed', head, job, receipt } }
  for (const leaf of others) {
    if (guilty(redraw({ receipt, head, leaf }, pinned)))
      return { verdicts, proof: { ...of, kind: 'redraw', head, leaf, receipt } }
    // What can be drawn again is well formed.
    if (verdicts.at(-1)!.verdict === 'honest') continue
    if (guilty(malformedLeaf({ receipt, leaf, head }, pinned)))
      return { verdicts, proof: { ...of, kind: 'malformed', head, leaf, receipt } }
  }
  return { verdicts }
}
