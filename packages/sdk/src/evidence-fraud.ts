import {
  type Address,
  type Answered,
  type EvidenceLeaf,
  type FraudProof,
  foreignSeed,
  malformedLeaf,
  merklePath,
  overcount,
  redraw,
  toHex,
  type Verdict,
} from '@heddle/protocol'

/** What signed data alone says of one answer. */
export type Fraud = {
  /** Every proof that was tried, in the order of trying; the last one convicts, where any does. */
  verdicts: readonly Verdict[]
  /** The file that convicts: `writeFraudProof` writes it. */
  proof?: FraudProof
}

/**
 * Tries every proof that needs one answer alone: leaves that break the rules, a count above what was written, a seed or
 * a drawing that was not asked for, a token that was not drawn. Without leaves there is nothing to try. Throws what the
 * single proofs throw, for parts that do not belong together.
 *
 * @example
 * ```ts
 * // sketch
 * const { proof } = proveFraud(answered, pinned)
 * if (proof) writeFileSync('proof.json', writeFraudProof(proof))
 * ```
 */
export function proveFraud({ receipt, job, leaves }: Answered, pinned: Address): Fraud {
  const verdicts: Verdict[] = []
  if (!leaves || receipt.receipt.evidence === null) return { verdicts }
  const open = (index: number): EvidenceLeaf => ({ leaf: toHex(leaves[index]!), path: merklePath(leaves, index) })
  const head = open(0)
  const of = { version: 1, provider: pinned } as const
  const guilty = (verdict: Verdict): boolean => {
    verdicts.push(verdict)
    return verdict.verdict === 'dishonest'
  }
  if (guilty(malformedLeaf({ receipt, leaf: head }, pinned)))
    return { verdicts, proof: { ...of, kind: 'malformed', leaf: head, receipt } }
  if (guilty(overcount({ receipt, head }, pinned)))
    return { verdicts, proof: { ...of, kind: 'overcount', head, receipt } }
  if (guilty(foreignSeed({ receipt, head, job }, pinned)))
    return { verdicts, proof: { ...of, kind: 'foreign-seed', head, job, receipt } }
  for (let index = 1; index < leaves.length; index++) {
    const leaf = open(index)
    if (guilty(malformedLeaf({ receipt, leaf, head }, pinned)))
      return { verdicts, proof: { ...of, kind: 'malformed', head, leaf, receipt } }
    if (guilty(redraw({ receipt, head, leaf }, pinned)))
      return { verdicts, proof: { ...of, kind: 'redraw', head, leaf, receipt } }
  }
  return { verdicts }
}
