import type { Address } from '../bytes.ts'
import type { Digest } from '../digest.ts'
import type { SignedReceipt } from '../receipt/receipt.ts'

/** `honest`: nothing is wrong in what was shown. `inconclusive`: what was shown cannot say. */
export type Judgement = 'dishonest' | 'honest' | 'inconclusive'

/** What a proof comes to, with what a reader needs to see why. Plain JSON. */
export type Verdict<K extends string = string> = Readonly<{
  /** Which kind of proof; the table is in docs/evidence.md. */
  proof: K
  verdict: Judgement
  /** Why, in a few words that never change. */
  reason: string
  /** Who signed, and was pinned. */
  provider: Address
  /** Ids of the receipts that were looked at. */
  receipts: readonly Digest[]
  /** The figures that the reason speaks of. */
  facts: Readonly<Record<string, string | number | null>>
}>

/**
 * Words of a verdict on verified receipts, of which there is one at least.
 *
 * @example
 * ```ts
 * // sketch
 * const say = judge('overcount', signed)
 * say('honest', 'no more than the evidence holds').proof // 'overcount'
 * ```
 */
export const judge =
  <K extends string>(proof: K, ...signed: readonly SignedReceipt[]) =>
  (verdict: Judgement, reason: string, facts: Verdict['facts'] = {}): Verdict<K> => ({
    proof,
    verdict,
    reason,
    provider: signed[0]!.receipt.provider,
    receipts: signed.map(({ receipt }) => receipt.id),
    facts,
  })
