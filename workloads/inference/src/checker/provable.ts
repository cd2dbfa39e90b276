import {
  type Address,
  foreignSeed,
  type JobRequest,
  malformedLeaf,
  overcount,
  redraw,
  type SignedReceipt,
  type Verdict,
} from '@heddle/protocol'
import type { Opened } from './open.ts'

/**
 * The first proof that convicts, from signed data alone: malformed leaves, too much counted, another seed or another
 * way to draw, a token that the told log-probabilities do not draw. Every leaf is looked at.
 */
export function firstProof(receipt: SignedReceipt, job: JobRequest, { leaves, read }: Opened): Verdict | undefined {
  const pinned: Address = receipt.receipt.provider
  const [head, ...others] = leaves
  if (!read) return leaves.map(leaf => malformedLeaf({ receipt, leaf, head }, pinned)).find(isGuilty)
  const first = [overcount({ receipt, head }, pinned), foreignSeed({ receipt, head, job }, pinned)].find(isGuilty)
  if (first) return first
  for (const leaf of others) {
    const verdict = redraw({ receipt, head, leaf }, pinned)
    if (isGuilty(verdict)) return verdict
  }
  return undefined
}

const isGuilty = ({ verdict }: Verdict): boolean => verdict === 'dishonest'
