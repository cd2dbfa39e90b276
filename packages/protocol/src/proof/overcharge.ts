import { z } from 'zod'
import type { Address } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { verifyReceipt } from '../receipt/receipt.ts'
import { addressSchema, amountSchema, digestSchema } from '../schemas.ts'
import { readPart } from './open.ts'
import { judge, type Verdict } from './verdict.ts'

/** What the chain says of a channel at one moment: everything claimed on it so far, in base units. */
export const claimSchema = z.strictObject({
  chainId: z.int().positive(),
  channel: digestSchema,
  settlement: addressSchema,
  /** Of the block, in unix seconds. */
  timestamp: z.int().nonnegative().max(100_000_000_000),
  totalClaimed: amountSchema,
})
export type Claim = Readonly<z.infer<typeof claimSchema>>

/**
 * A receipt counts as later than a claim when it is by more than this, in milliseconds. Receipts carry the provider's
 * clock, blocks another one: a provider whose clock is ahead would otherwise seem to have signed after a claim what it
 * signed before it.
 */
export const CLAIM_MARGIN = 120_000

/**
 * A claim that took more than everything charged by then, which a later receipt of the channel shows: `charged` only
 * grows. A claim is chain data that nobody signed here: who reads the verdict looks `facts` up on the chain. Throws
 * what {@link verifyReceipt} throws, and `proof_malformed` for a claim of another channel, chain or contract.
 *
 * @example
 * ```ts
 * // sketch
 * overcharge({ receipt, claim: { chainId, settlement, channel, totalClaimed: '900', timestamp } }, pinned).verdict
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
  const { charged, finished } = signed.receipt
  const facts = { ...claim, charged, finished }
  if (BigInt(charged) >= BigInt(claim.totalClaimed)) return say('honest', 'all that was claimed is charged', facts)
  if (finished <= claim.timestamp * 1_000 + CLAIM_MARGIN)
    return say('inconclusive', 'the receipt is not later than the claim', facts)
  return say('dishonest', 'claimed above everything charged', facts)
}
