import { type Definitions, define } from '@heddle/testing/vectors'
import { computeDraw, computeEvidence, type DrawCase, drawCases, type EvidenceCase, evidenceCases } from './evidence.ts'
import { computeProof, type ProofCase, proofCases } from './proof.ts'

export const definitions: Definitions = {
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
