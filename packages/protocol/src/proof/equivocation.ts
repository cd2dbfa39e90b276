import type { Address } from '../bytes.ts'
import { canonicalOnce } from '../canonical.ts'
import { verifyReceipt } from '../receipt/receipt.ts'
import { judge, type Verdict } from './verdict.ts'

/**
 * Two receipts for one place of a channel: a provider that signed both told two stories. The same receipt twice, also
 * under two signatures, is one story, and where one of them charges nothing, all told, nothing is said: what is done for nothing may have been done before
 * the channel was on any chain, under a ledger that was lost. Throws what {@link verifyReceipt} throws.
 *
 * @example
 * ```ts
 * // sketch
 * equivocation({ receipts: [one, another] }, pinned).verdict // 'dishonest'
 * ```
 */
export function equivocation(
  { receipts: [first, second] }: { receipts: readonly [unknown, unknown] },
  pinned: Address,
): Verdict<'equivocation'> {
  const [a, b] = [verifyReceipt(first, pinned), verifyReceipt(second, pinned)]
  const say = judge('equivocation', a, b)
  const { channel, sequence } = a.receipt
  const facts = { channel, sequence, other: b.receipt.sequence }
  for (const field of ['chainId', 'settlement', 'channel'] as const) {
    if (a.receipt[field] !== b.receipt[field]) return say('inconclusive', 'receipts of two channels', facts)
  }
  if (sequence !== b.receipt.sequence) return say('inconclusive', 'receipts of two places in the channel', facts)
  if (canonicalOnce(a.receipt) === canonicalOnce(b.receipt)) return say('honest', 'the same receipt twice', facts)
  // Work for nothing needs no chain, so who lost its ledger cannot see that it was done before the channel was there.
  if (a.receipt.charged === '0' || b.receipt.charged === '0')
    return say('inconclusive', 'nothing was charged on the channel', facts)
  return say('dishonest', 'two receipts for one place in the channel', facts)
}
