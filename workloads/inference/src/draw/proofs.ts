import { evidenceLeafSchema, jobRequestSchema, type Proofs, signedReceiptSchema } from '@heddle/protocol'
import { leavesAfter } from './positions.ts'
import { foreignSeed } from './proof/foreign-seed.ts'
import { malformedLeaf } from './proof/malformed-leaf.ts'
import { overcount } from './proof/overcount.ts'
import { redraw } from './proof/redraw.ts'

/** Positions beyond `usage.completion`: what a stop text cut off, and the one that ends the answer. */
const SPARE_POSITIONS = 512
const MOST_POSITIONS = 1 << 20

const leaf = evidenceLeafSchema
const receipt = signedReceiptSchema

/**
 * What convicts of inference: leaves that break the rules, a count above what was written, draws that the request did not
 * fix, a token that was not drawn.
 */
export const inferenceProofs: Proofs = {
  workload: 'inference',
  kinds: [
    {
      name: 'overcount',
      parts: { head: leaf, receipt },
      judge: (parts: { receipt: unknown; head: unknown }, pinned) => overcount(parts, pinned),
    },
    {
      name: 'foreign-seed',
      parts: { head: leaf, job: jobRequestSchema, receipt },
      judge: (parts: { receipt: unknown; head: unknown; job: unknown }, pinned) => foreignSeed(parts, pinned),
    },
    {
      name: 'redraw',
      parts: { head: leaf, leaf, receipt },
      judge: (parts: { receipt: unknown; head: unknown; leaf: unknown }, pinned) => redraw(parts, pinned),
    },
    {
      name: 'malformed',
      parts: { head: leaf.optional(), leaf, receipt },
      judge: (parts: { receipt: unknown; head?: unknown; leaf: unknown }, pinned) => malformedLeaf(parts, pinned),
    },
  ],
  mostLeaves({ usage }) {
    const completion = Object.hasOwn(usage, 'completion') ? Number(usage['completion']) : 0
    return 1 + leavesAfter(Math.min(completion, MOST_POSITIONS) + SPARE_POSITIONS)
  },
  *attempts({ receipt, job }, [head, ...others]) {
    yield { kind: 'malformed', leaf: head, receipt }
    yield { kind: 'overcount', head, receipt }
    yield { kind: 'foreign-seed', head, job, receipt }
    for (const leaf of others) {
      const { verdict } = yield { kind: 'redraw', head, leaf, receipt }
      // What can be drawn again is well formed.
      if (verdict !== 'honest') yield { kind: 'malformed', head, leaf, receipt }
    }
  },
}
