import { encodeHead, type Head } from './head.ts'
import { malformed } from './malformed.ts'
import { encodePositions, POSITIONS_PER_LEAF, type Position } from './positions.ts'

/** The leaves of a whole answer: the head, then its positions, 32 a leaf. Throws `evidence_malformed`. */
export function leavesOf(head: Head, positions: readonly Position[]): Uint8Array[] {
  if (positions.length !== head.positions) throw malformed('the head says another number of positions')
  const leaves = [encodeHead(head)]
  for (let first = 0; first < positions.length; first += POSITIONS_PER_LEAF) {
    leaves.push(encodePositions(head, first, positions.slice(first, first + POSITIONS_PER_LEAF)))
  }
  return leaves
}
