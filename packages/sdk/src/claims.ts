import {
  type Address,
  type ClaimSeen,
  claimSchema,
  digestSchema,
  HeddleError,
  type Hex,
  verifyReceipt,
} from '@heddle/protocol'

/** A claim on a channel of a consumer, as it tells whoever watches: where it is on the chain, and the receipts around it. */
export type ClaimTold = ClaimSeen & Readonly<{ provider: Address; block: number; transaction: Hex }>

/**
 * Reads a claim that was told over a wire; its receipts are held against the provider's key, the claim itself against
 * nothing. Throws `proof_malformed`, and what `verifyReceipt` throws.
 */
export function readClaim(json: unknown): ClaimTold {
  const parts = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const provider = String(parts['provider']) as Address
  const claim = claimSchema.safeParse(parts['claim'])
  const named = digestSchema.optional().safeParse(parts['named'])
  const transaction = digestSchema.safeParse(parts['transaction'])
  if (!claim.success || !named.success || !transaction.success)
    throw new HeddleError('proof_malformed', 'claim: not a claim')
  return {
    provider,
    block: Number(parts['block']),
    transaction: transaction.data,
    claim: claim.data,
    ...(parts['below'] === undefined ? {} : { below: verifyReceipt(parts['below'], provider) }),
    ...(named.data ? { named: named.data } : {}),
    ...(parts['reached'] === undefined ? {} : { reached: verifyReceipt(parts['reached'], provider) }),
  }
}
