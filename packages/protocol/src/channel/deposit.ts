import { z } from 'zod'
import { type Address, type Hex, toHex } from '../bytes.ts'
import { addressSchema, amountSchema, digestSchema, signatureSchema } from '../schemas.ts'
import { recoverAddress } from '../signatures/signature.ts'
import type { Signer } from '../signatures/signer.ts'
import { domainSeparator, structHash, typedDigest, typeHash, wordOfHex, wordOfNumber } from '../typed-data.ts'
import { DEPOSIT_COLLECTOR_ADDRESS } from './channel.ts'

/** A token's own EIP-712 domain. */
export type TokenDomain = Readonly<{ name: string; version: string; chainId: number; token: Address }>

/** The payer's EIP-3009 authorization of a deposit: whoever holds it can submit it, so the payer needs no gas. */
export const depositSchema = z.strictObject({
  payer: addressSchema,
  amount: amountSchema,
  /** Unix seconds. */
  validBefore: z.int().positive(),
  salt: digestSchema,
  signature: signatureSchema,
})
export type Deposit = Readonly<z.infer<typeof depositSchema>>

const TYPE = typeHash(
  'ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)',
)

/** The EIP-3009 nonce that binds an authorization to one channel: keccak256(abi.encode(channelId, salt)). */
export const depositNonce = (channel: Hex, salt: Hex): Hex => toHex(structHash(wordOfHex(channel), wordOfHex(salt)))

export function depositDigest(domain: TokenDomain, channel: Hex, deposit: Omit<Deposit, 'signature'>): Uint8Array {
  const struct = structHash(
    TYPE,
    wordOfHex(deposit.payer),
    wordOfHex(DEPOSIT_COLLECTOR_ADDRESS),
    wordOfNumber(BigInt(deposit.amount)),
    wordOfNumber(0),
    wordOfNumber(deposit.validBefore),
    wordOfHex(depositNonce(channel, deposit.salt)),
  )
  return typedDigest(domainSeparator(domain.name, domain.version, domain.chainId, domain.token), struct)
}

export function signDeposit(
  domain: TokenDomain,
  channel: Hex,
  deposit: Omit<Deposit, 'signature' | 'payer'>,
  payer: Signer,
): Deposit {
  const unsigned = { ...deposit, payer: payer.address }
  return { ...unsigned, signature: payer.sign(depositDigest(domain, channel, unsigned)) }
}

export const recoverDeposit = (domain: TokenDomain, channel: Hex, deposit: Deposit): Address | undefined =>
  recoverAddress(depositDigest(domain, channel, deposit), deposit.signature)
