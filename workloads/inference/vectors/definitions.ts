import { computeDraw, computeEvidence, type DrawCase, drawCases, type EvidenceCase, evidenceCases } from './evidence.ts'
import { computeProof, type ProofCase, proofCases } from './proof.ts'

/** A file of vectors: inputs, and what any implementation must make of them. */
type Definition<I> = { source: string; inputs: readonly I[]; compute(input: I): unknown }
const define = <I>(definition: Definition<I>): Definition<unknown> => definition as Definition<unknown>

export const definitions: Readonly<Record<string, Definition<unknown>>> = {
  draw: define({
    source: 'docs/evidence.md, The draw; temperature in thousandths, topP in millionths, logprob in millinats',
    inputs: drawCases(),
    compute: (input: DrawCase) => computeDraw(input),
  }),
  evidence: define({
    source: 'docs/evidence.md, Leaf 0, Leaf 1, and From leaves to the receipt',
    inputs: evidenceCases(),
    compute: (input: EvidenceCase) => computeEvidence(input),
  }),
  proof: define({
    source: 'docs/evidence.md, What it proves; the files are RFC 8785 of each proof',
    inputs: proofCases(),
    compute: (input: ProofCase) => computeProof(input),
  }),
}

/** The whole text of one file. */
export function fileOf(name: string): string {
  const { source, inputs, compute } = definitions[name]!
  const cases = inputs.map(input => ({ input, output: compute(input) }))
  return `${JSON.stringify({ source, cases }, null, 2)}\n`
}
