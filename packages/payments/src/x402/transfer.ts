import {
  type Address,
  addressSchema,
  amountSchema,
  type Digest,
  digestOfJson,
  digestSchema,
  fromHex,
  type Hex,
  recoverAddress,
  type TokenDomain,
  type Voucher,
} from '@heddle/protocol'
import { hashTypedData } from 'viem'
import { z } from 'zod'

/** What an `exact` payer signs: EIP-3009's TransferWithAuthorization. Times in unix seconds. */
export const authorizationSchema = z.strictObject({
  from: addressSchema,
  nonce: digestSchema,
  to: addressSchema,
  validAfter: amountSchema,
  validBefore: amountSchema,
  value: amountSchema,
})
export type Authorization = Readonly<z.infer<typeof authorizationSchema>>

const TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const

/** Who signed an authorization of this token, if anybody. Plain keys only: nobody can change what they meant later. */
export function recoverTransfer(token: TokenDomain, authorization: Authorization, signature: Hex): Address | undefined {
  const digest = hashTypedData({
    domain: { name: token.name, version: token.version, chainId: token.chainId, verifyingContract: token.token },
    types: TYPES,
    primaryType: 'TransferWithAuthorization',
    message: {
      ...authorization,
      value: BigInt(authorization.value),
      validAfter: BigInt(authorization.validAfter),
      validBefore: BigInt(authorization.validBefore),
    },
  })
  return recoverAddress(fromHex(digest), signature)
}

/**
 * An `exact` payment counts as a channel of its own that pays once: its id is the digest of what makes an authorization
 * unique (EIP-3009: chain, token, payer, nonce), so one authorization has one receipt, whatever else is asked with it.
 *
 * @example
 * ```ts
 * import { transferChannel } from '@heddle/payments/x402'
 * const one = '0x0000000000000000000000000000000000000001'
 * transferChannel(1, one, { from: one, nonce: `0x${'00'.repeat(32)}` }).length // 66
 * ```
 */
export const transferChannel = (
  chainId: number,
  token: Address,
  { from, nonce }: Pick<Authorization, 'from' | 'nonce'>,
): Digest => digestOfJson({ chainId, nonce, payer: from, scheme: 'x402/exact', token })

/**
 * The nonce of a paid job: the digest of what its payer signed, and so bound to it. A payment that is sent again makes
 * the same job, and the same job is answered from the ledger.
 */
export const voucherNonce = ({ ceiling, channel, signature }: Voucher): Digest =>
  digestOfJson({ ceiling, channel, signature })

export const transferNonce = (authorization: Authorization, signature: Hex): Digest =>
  digestOfJson({ authorization, signature })
