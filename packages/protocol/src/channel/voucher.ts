import { z } from 'zod'
import type { Address, Hex } from '../bytes.ts'
import { concat } from '../bytes.ts'
import { amountSchema, digestSchema, signatureSchema } from '../schemas.ts'
import { recoverAddress } from '../signatures/signature.ts'
import type { Signer } from '../signatures/signer.ts'
import type { Domain } from '../statement.ts'
import { hashOf, structHash, typedDigest, typeHash, wordOfHex, wordOfNumber } from '../typed-data.ts'
import { settlementSeparator } from './channel.ts'

/** The payer's signed cumulative ceiling on a channel. */
export const voucherSchema = z.strictObject({
  channel: digestSchema,
  ceiling: amountSchema,
  signature: signatureSchema,
})
export type Voucher = Readonly<z.infer<typeof voucherSchema>>

const VOUCHER = typeHash('Voucher(bytes32 channelId,uint128 maxClaimableAmount)')
const REFUND = typeHash('Refund(bytes32 channelId,uint256 nonce,uint128 amount)')
const ENTRY_TYPE = 'ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)'
const ENTRY = typeHash(ENTRY_TYPE)
const BATCH = typeHash(`ClaimBatch(ClaimEntry[] claims)${ENTRY_TYPE}`)

const numberDigest = (domain: Domain, ...words: readonly Uint8Array[]): Uint8Array =>
  typedDigest(settlementSeparator(domain), structHash(...words))

export const voucherDigest = (domain: Domain, channel: Hex, ceiling: bigint): Uint8Array =>
  numberDigest(domain, VOUCHER, wordOfHex(channel), wordOfNumber(ceiling))

/** @example
 * ```ts
 * import { recoverVoucher, SETTLEMENT_ADDRESS, signerOf, signVoucher } from '@heddle/protocol'
 * const domain = { chainId: 1, settlement: SETTLEMENT_ADDRESS }
 * const signer = signerOf(new Uint8Array(32).fill(1))
 * const voucher = signVoucher(domain, `0x${'11'.repeat(32)}`, 1000n, signer)
 * recoverVoucher(domain, voucher) === signer.address // true
 * ```
 */
export const signVoucher = (domain: Domain, channel: Hex, ceiling: bigint, authorizer: Signer): Voucher => ({
  channel,
  ceiling: ceiling.toString(),
  signature: authorizer.sign(voucherDigest(domain, channel, ceiling)),
})

/** Who signed a voucher, if anybody. */
export const recoverVoucher = (domain: Domain, voucher: Voucher): Address | undefined =>
  recoverAddress(voucherDigest(domain, voucher.channel, BigInt(voucher.ceiling)), voucher.signature)

/** What a receiver's authorizer signs so that anybody may relay a batch of claims. */
export function claimBatchDigest(
  domain: Domain,
  claims: readonly { channel: Hex; ceiling: bigint; total: bigint }[],
): Uint8Array {
  const entries = claims.map(claim =>
    structHash(ENTRY, wordOfHex(claim.channel), wordOfNumber(claim.ceiling), wordOfNumber(claim.total)),
  )
  return numberDigest(domain, BATCH, hashOf(concat(...entries)))
}

export const refundDigest = (domain: Domain, channel: Hex, nonce: bigint, amount: bigint): Uint8Array =>
  numberDigest(domain, REFUND, wordOfHex(channel), wordOfNumber(nonce), wordOfNumber(amount))
