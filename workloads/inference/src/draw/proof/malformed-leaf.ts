import {
  type Address,
  HeddleError,
  isHeddleError,
  judge,
  openBound,
  UNKNOWN_WORKLOAD,
  type Verdict,
  verifyReceipt,
} from '@heddle/protocol'
import { decodePositions } from '../positions.ts'
import { isInference } from './known.ts'
import { headOfTree } from './open.ts'

/** What a decoder says against the bytes, or nothing. */
function complaint(decode: () => unknown): string | undefined {
  try {
    decode()
    return undefined
  } catch (error) {
    if (isHeddleError(error, 'evidence_malformed')) return error.message
    throw error
  }
}

/**
 * A leaf that a receipt binds and that breaks a rule of docs/evidence.md: its provider is at fault, for nobody else
 * could have put it there. A leaf of positions is read by the head of the same evidence, which goes with it. Throws
 * what {@link verifyReceipt} throws, `evidence_path` for leaves of another receipt, and `proof_malformed`.
 *
 * @example
 * ```ts
 * // sketch
 * malformedLeaf({ receipt, leaf: { leaf, path }, head: { leaf, path } }, pinned).facts.rule
 * ```
 */
export function malformedLeaf(
  { receipt: json, leaf: given, head: first }: { receipt: unknown; leaf: unknown; head?: unknown },
  pinned: Address,
): Verdict<'malformed'> {
  const signed = verifyReceipt(json, pinned)
  const say = judge('malformed', signed)
  if (!isInference(signed.receipt)) return say('inconclusive', UNKNOWN_WORKLOAD)
  if (signed.receipt.evidence === null) return say('inconclusive', 'the receipt names no evidence')
  const leaf = openBound(signed.receipt, given, 'leaf')
  const facts = { leaf: leaf.path.index }
  if (leaf.path.index === 0) {
    const rule = complaint(() => headOfTree(leaf.bytes, leaf.path.size))
    return rule ? say('dishonest', 'a malformed head', { ...facts, rule }) : say('honest', 'well formed', facts)
  }
  const head = openBound(signed.receipt, first, 'head')
  if (head.path.index !== 0) throw new HeddleError('proof_malformed', 'head: the head is leaf 0')
  const ruleOfHead = complaint(() => headOfTree(head.bytes, head.path.size))
  if (ruleOfHead) return say('dishonest', 'a malformed head', { leaf: 0, rule: ruleOfHead })
  const rule = complaint(() => decodePositions(leaf.bytes, headOfTree(head.bytes, head.path.size), leaf.path.index))
  return rule ? say('dishonest', 'a malformed leaf', { ...facts, rule }) : say('honest', 'well formed', facts)
}
