import type { Address } from '../bytes.ts'
import type { SignedOffer } from '../offer.ts'
import { equivocation } from '../proof/equivocation.ts'
import type { Verdict } from '../proof/verdict.ts'
import { wrongModel } from '../proof/wrong-model.ts'
import type { SignedReceipt } from '../receipt/receipt.ts'
import type { Fraud } from './prove-fraud.ts'

/** A receipt that its provider signed and whoever asked did not take, with what it may contradict. */
export type Refused = Readonly<{
  receipt: SignedReceipt
  /** The offer that it names, where that is known. */
  offer?: SignedOffer
  /** Another receipt for its place in the channel. */
  rival?: SignedReceipt
}>

/**
 * What a refused receipt proves by itself: another model than was offered, or two stories about one place of a channel.
 * Most reasons for not taking a receipt prove nothing. Throws what the single proofs throw.
 *
 * @example
 * ```ts
 * // sketch
 * const { proof } = proveRefused({ receipt, rival }, pinned)
 * ```
 */
export function proveRefused({ receipt, offer, rival }: Refused, pinned: Address): Fraud {
  const verdicts: Verdict[] = []
  const of = { version: 1, provider: pinned } as const
  const guilty = (verdict: Verdict): boolean => {
    verdicts.push(verdict)
    return verdict.verdict === 'dishonest'
  }
  if (offer && guilty(wrongModel({ receipt, offer }, pinned)))
    return { verdicts, proof: { ...of, kind: 'wrong-model', offer, receipt } }
  if (rival && guilty(equivocation({ receipts: [rival, receipt] }, pinned)))
    return { verdicts, proof: { ...of, kind: 'equivocation', receipts: [rival, receipt] } }
  return { verdicts }
}
