import type { Address } from '../bytes.ts'
import type { Digest } from '../digest.ts'
import { type Claim, overcharge } from '../proof/overcharge.ts'
import type { Fraud } from '../proof/prover.ts'
import type { SignedReceipt } from '../receipt/receipt.ts'

/** A claim on a channel, between the receipts that lie around it: charges only grow, so no others can say more. */
export type ClaimSeen = Readonly<{
  claim: Claim
  /** The last receipt that charged less than was claimed. */
  below?: SignedReceipt
  /** What the chain has for the number of the block that `below` names. */
  named?: Digest
  /** The first one that charged as much. */
  reached?: SignedReceipt
}>

/**
 * What the receipts of a channel say of a claim on it. `above` while no receipt that is known has charged as much: that
 * may be a receipt that is still on its way, and a later one may prove it to be fraud. What was claimed stays claimed, so
 * a claim is held against the receipt at the later block that the receipt names; it convicts from the block on by which it was
 * witnessed. Throws what `overcharge` throws.
 *
 * @example
 * ```ts
 * // sketch
 * const { proof, above } = judgeClaim({ claim, below: lastReceipt, named: hashOnChain }, pinned)
 * ```
 */
export function judgeClaim({ claim, below, named, reached }: ClaimSeen, pinned: Address): Fraud & { above: boolean } {
  const seen = below?.receipt.seen
  const later = seen && named && seen.block >= claim.block ? { ...claim, block: seen.block, hash: named } : claim
  const verdicts = [
    ...(below ? [overcharge({ receipt: below, claim: later }, pinned)] : []),
    ...(reached ? [overcharge({ receipt: reached, claim }, pinned)] : []),
  ]
  const above = BigInt(claim.totalClaimed) > 0n && !verdicts.some(({ verdict }) => verdict === 'honest')
  if (!below || verdicts[0]!.verdict !== 'dishonest') return { verdicts, above }
  return {
    verdicts: verdicts.slice(0, 1),
    above,
    proof: { version: 1, provider: pinned, kind: 'overcharge', claim: later, receipt: below },
  }
}
