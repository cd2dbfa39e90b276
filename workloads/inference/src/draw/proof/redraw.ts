import {
  type Address,
  HeddleError,
  judge,
  openBound,
  UNKNOWN_WORKLOAD,
  type Verdict,
  verifyReceipt,
} from '@heddle/protocol'
import { draw, randomAt } from '../draw.ts'
import type { Head } from '../head.ts'
import { decodePositions, POSITIONS_PER_LEAF, type Position } from '../positions.ts'
import { isInference } from './known.ts'
import { openHead, unlessMalformed } from './open.ts'

/** Which candidate the position with this number in the answer draws. */
export const redrawn = (head: Head, { candidates }: Position, number: number): number =>
  draw(candidates, head, head.temperature === 0 ? 0n : randomAt(head.seed, head.choice, number))

/**
 * Draws a leaf of positions again: from the candidates, seed and position that the provider told, everybody draws the
 * same token. Throws what {@link verifyReceipt} throws, `proof_malformed` for a leaf that holds no positions, and
 * `evidence_path` for leaves of another receipt.
 *
 * @example
 * ```ts
 * // sketch
 * redraw({ receipt, head: { leaf, path }, leaf: { leaf, path } }, pinned).facts.position
 * ```
 */
export function redraw(
  { receipt: json, head: first, leaf: other }: { receipt: unknown; head: unknown; leaf: unknown },
  pinned: Address,
): Verdict<'redraw'> {
  const signed = verifyReceipt(json, pinned)
  const say = judge('redraw', signed)
  if (!isInference(signed.receipt)) return say('inconclusive', UNKNOWN_WORKLOAD)
  if (signed.receipt.evidence === null) return say('inconclusive', 'the receipt names no evidence')
  const head = openHead(signed.receipt, first)
  const { bytes, path } = openBound(signed.receipt, other, 'leaf')
  if (path.index === 0) throw new HeddleError('proof_malformed', 'leaf: the head holds no positions')
  if (!head) return say('inconclusive', 'the head is malformed, which is another proof')
  if (!head.replayable) return say('inconclusive', 'the engine drew by itself')
  const positions = unlessMalformed(() => decodePositions(bytes, head, path.index))
  if (!positions) return say('inconclusive', 'the leaf is malformed, which is another proof')
  const start = POSITIONS_PER_LEAF * (path.index - 1)
  for (const [i, position] of positions.entries()) {
    const expected = redrawn(head, position, start + i)
    if (expected === position.drawn) continue
    const tokenAt = (index: number): number => position.candidates[index]!.token
    return say('dishonest', 'the position draws another token', {
      position: start + i,
      expected,
      expectedToken: tokenAt(expected),
      drawn: position.drawn,
      drawnToken: tokenAt(position.drawn),
    })
  }
  return say('honest', 'every position draws its token', { first: start, positions: positions.length })
}
