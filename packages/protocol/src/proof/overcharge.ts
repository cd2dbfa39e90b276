import { z } from 'zod'
import type { Address } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { verifyReceipt } from '../receipt/receipt.ts'
import { addressSchema, amountSchema, digestSchema } from '../schemas.ts'
import { readPart } from './open.ts'
import { judge, type Verdict } from './verdict.ts'

/** What the chain says of a channel: so much was claimed on it, all told, in base units, and when that was witnessed. */
export const claimSchema = z.strictObject({
  /** The block that is asked about: the one that the receipt names, where it names one. */
  block: z.int().nonnegative(),
  chainId: z.int().positive(),
  channel: digestSchema,
  /** Of the block: a chain that was reorganised has had others of the same number. */
  hash: digestSchema,
  settlement: addressSchema,
  totalClaimed: amountSchema,
  /**
   * The block by which the chain's own verifier saw that so much was claimed (`witnessed` of FraudVerifier): nothing else
   * on a chain tells when. Null while nobody had it look.
   */
  witnessed: z.int().positive().nullable(),
})
export type Claim = Readonly<z.infer<typeof claimSchema>>

/**
 * A claim that took more than everything charged by then. The provider says itself what it had seen: a receipt names a
 * block, and by the end of that block more was claimed than the receipt charges, all told. No clock is read: an honest
 * provider names a block by which no more was claimed than it has charged, whoever claimed it. Convicts exactly where the
 * contract does, so only from the block on by which the claim was witnessed. A claim is chain data that
 * nobody signed here: who reads the verdict looks `facts` up on the chain. Throws what {@link verifyReceipt} throws, and
 * `proof_malformed` for a claim of another channel, chain or contract.
 *
 * @example
 * ```ts
 * // sketch
 * overcharge({ receipt, claim: { chainId, settlement, channel, totalClaimed: '900', witnessed: 1_200, block, hash } }, pinned).verdict
 * ```
 */
export function overcharge(
  { receipt, claim: json }: { receipt: unknown; claim: unknown },
  pinned: Address,
): Verdict<'overcharge'> {
  const signed = verifyReceipt(receipt, pinned)
  const claim = readPart(claimSchema, json, 'claim')
  for (const field of ['chainId', 'settlement', 'channel'] as const) {
    if (claim[field] !== signed.receipt[field])
      throw new HeddleError('proof_malformed', `claim.${field} is not the receipt's`, {
        cause: { param: `claim.${field}` },
      })
  }
  const say = judge('overcharge', signed)
  const { charged, seen } = signed.receipt
  const facts = { ...claim, charged, seen: seen?.block ?? null }
  if (BigInt(charged) >= BigInt(claim.totalClaimed)) return say('honest', 'all that was claimed is charged', facts)
  if (!seen) return say('inconclusive', 'the receipt names no block', facts)
  if (seen.block !== claim.block) return say('inconclusive', 'the receipt names another block', facts)
  if (claim.witnessed === null) return say('inconclusive', 'nobody had the claim witnessed', facts)
  if (seen.block < claim.witnessed) return say('inconclusive', 'the receipt names a block before the witness', facts)
  if (seen.hash !== claim.hash) return say('inconclusive', 'the chain does not have the block', facts)
  return say('dishonest', 'claimed above everything charged', facts)
}
