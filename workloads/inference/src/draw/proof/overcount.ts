import { type Address, judge, UNKNOWN_WORKLOAD, type Verdict, verifyReceipt } from '@heddle/protocol'
import { isInference } from './known.ts'
import { openHead } from './open.ts'

/**
 * A receipt that counts more tokens than the evidence it names holds: `usage.completion` above the positions (without
 * the one that ends the answer), or `usage.prompt` and `usage.cached` together above the prompt. Throws what
 * {@link verifyReceipt} throws, `proof_malformed`, and `evidence_path` for a head of another receipt.
 *
 * @example
 * ```ts
 * // sketch
 * overcount({ receipt, head: { leaf, path } }, pinned).verdict // 'honest'
 * ```
 */
export function overcount(
  { receipt: json, head: leaf }: { receipt: unknown; head: unknown },
  pinned: Address,
): Verdict<'overcount'> {
  const signed = verifyReceipt(json, pinned)
  const say = judge('overcount', signed)
  if (!isInference(signed.receipt)) return say('inconclusive', UNKNOWN_WORKLOAD)
  if (signed.receipt.evidence === null) return say('inconclusive', 'the receipt names no evidence')
  const head = openHead(signed.receipt, leaf)
  if (!head) return say('inconclusive', 'the head is malformed, which is another proof')
  const { usage } = signed.receipt
  const count = (unit: string): bigint => (Object.hasOwn(usage, unit) ? BigInt(usage[unit]!) : 0n)
  const [completion, prompt] = [count('completion'), count('prompt') + count('cached')]
  const written = head.positions - (head.ended ? 1 : 0)
  const facts = { completion: completion.toString(), written, prompt: prompt.toString(), read: head.prompt }
  if (completion > BigInt(written)) return say('dishonest', 'more completion tokens than were written', facts)
  if (prompt > BigInt(head.prompt)) return say('dishonest', 'more prompt tokens than were read', facts)
  return say('honest', 'no more tokens than the evidence holds', facts)
}
