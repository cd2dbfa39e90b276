import { HeddleError, isHeddleError, openBound, type Receipt } from '@heddle/protocol'
import { decodeHead, type Head } from '../head.ts'
import { malformed } from '../malformed.ts'
import { leavesAfter } from '../positions.ts'

/** Runs a decoder: what it gives, or `undefined` where the bytes break the rules of evidence. */
export function unlessMalformed<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (isHeddleError(error, 'evidence_malformed')) return undefined
    throw error
  }
}

/** The head of a tree of `size` leaves; throws `evidence_malformed` also where it speaks of another number of them. */
export function headOfTree(bytes: Uint8Array, size: number): Head {
  const head = decodeHead(bytes)
  if (size !== 1 + leavesAfter(head.positions)) throw malformed('the tree has another size than the head says')
  return head
}

/**
 * The head that this receipt binds, or `undefined` where it breaks the rules. Throws `proof_malformed` for a leaf from
 * another place than the first.
 */
export function openHead(receipt: Receipt, json: unknown): Head | undefined {
  const { bytes, path } = openBound(receipt, json, 'head')
  if (path.index !== 0) throw new HeddleError('proof_malformed', 'head: the head is leaf 0')
  return unlessMalformed(() => headOfTree(bytes, path.size))
}
