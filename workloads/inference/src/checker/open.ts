import { evidenceRoot, isHeddleError, type SignedReceipt } from '@heddle/protocol'
import { decodeHead, decodePositions, type Head, MAX_LEAF_BYTES, type Position } from '../draw/index.ts'

/** An answer's evidence, bound by its receipt; nothing is read where leaves break the rules, which is a proof of its own. */
export type Opened = Readonly<{ read: Readonly<{ head: Head; positions: readonly Position[] }> | undefined }>

/** Leaves of the longest answer that there is. */
const MAX_LEAVES = 2 + 32_768 / 32

/**
 * Opens evidence against what the receipt names: words why not, where it does not belong to it. A leaf that is too long
 * counts as withheld.
 */
export function openEvidence({ receipt }: SignedReceipt, leaves: readonly Uint8Array[] | undefined): Opened | string {
  if (receipt.evidence === null) return 'the receipt names no evidence'
  if (!leaves || leaves.length === 0) return 'the evidence is withheld'
  if (leaves.length > MAX_LEAVES || leaves.some(leaf => leaf.length > 2 * MAX_LEAF_BYTES))
    return 'the evidence is too long'
  if (evidenceRoot(leaves) !== receipt.evidence) return 'the evidence is not what the receipt names'
  return { read: readAll(leaves) }
}

function readAll(leaves: readonly Uint8Array[]): Opened['read'] {
  try {
    const head = decodeHead(leaves[0]!)
    const positions = leaves.slice(1).flatMap((leaf, i) => decodePositions(leaf, head, i + 1))
    return positions.length === head.positions ? { head, positions } : undefined
  } catch (error) {
    if (isHeddleError(error, 'evidence_malformed')) return undefined
    throw error
  }
}
