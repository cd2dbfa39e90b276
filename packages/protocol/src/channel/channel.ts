import { z } from 'zod'
import { type Address, type Hex, toHex, ZERO_ADDRESS } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import type { Offer } from '../offer.ts'
import { addressSchema, digestSchema } from '../schemas.ts'
import type { Domain } from '../statement.ts'
import { domainSeparator, structHash, typedDigest, typeHash, wordOfHex, wordOfNumber } from '../typed-data.ts'

/** Where x402's contracts live on every chain (specification of `batch-settlement` on EVM). */
export const SETTLEMENT_ADDRESS: Address = '0x4020074e9df2ce1dee5a9c1b5c3f541d02a10003'
export const DEPOSIT_COLLECTOR_ADDRESS: Address = '0x4020806089470a89826cb9fb1f4059150b550004'

/** x402's ChannelConfig: what a channel is, for ever. */
export const channelSchema = z.strictObject({
  payer: addressSchema,
  payerAuthorizer: addressSchema,
  receiver: addressSchema,
  receiverAuthorizer: addressSchema,
  token: addressSchema,
  withdrawDelay: z.int().min(900).max(2_592_000),
  salt: digestSchema,
})
export type Channel = Readonly<z.infer<typeof channelSchema>>

const TYPE = typeHash(
  'ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)',
)

export const settlementSeparator = (domain: Domain): Uint8Array =>
  domainSeparator('x402 Batch Settlement', '1', domain.chainId, domain.settlement)

/**
 * The channel's id: the EIP-712 hash of its config, bound to chain and contract.
 *
 * @example
 * ```ts
 * import { channelId, SETTLEMENT_ADDRESS, ZERO_ADDRESS } from '@heddle/protocol'
 * const one = '0x0000000000000000000000000000000000000001'
 * const channel = {
 *   payer: one, payerAuthorizer: one, receiver: one, receiverAuthorizer: one, token: one,
 *   withdrawDelay: 3600, salt: `0x${'00'.repeat(32)}`,
 * } as const
 * channelId({ chainId: 1, settlement: SETTLEMENT_ADDRESS }, channel).length // 66
 * ```
 */
export function channelId(domain: Domain, channel: Channel): Hex {
  const struct = structHash(
    TYPE,
    wordOfHex(channel.payer),
    wordOfHex(channel.payerAuthorizer),
    wordOfHex(channel.receiver),
    wordOfHex(channel.receiverAuthorizer),
    wordOfHex(channel.token),
    wordOfNumber(channel.withdrawDelay),
    wordOfHex(channel.salt),
  )
  return toHex(typedDigest(settlementSeparator(domain), struct))
}

/** What all offers of one provider say alike about the channels that pay it; it holds while nothing is offered, too. */
export type ChannelTerms = Readonly<
  Pick<Offer, 'chainId' | 'settlement' | 'asset' | 'receiver' | 'receiverAuthorizer' | 'withdrawDelay' | 'minDeposit'>
>

/**
 * Checks that a channel is one that is paid through on these terms. Throws `channel_mismatch`, or `authorizer_zero` for a
 * payer whose key could be rotated after service.
 */
export function checkChannelOf(terms: ChannelTerms, channel: Channel): void {
  if (channel.payerAuthorizer === ZERO_ADDRESS) throw new HeddleError('authorizer_zero')
  const expected = {
    receiver: terms.receiver,
    receiverAuthorizer: terms.receiverAuthorizer,
    token: terms.asset,
    withdrawDelay: terms.withdrawDelay,
  }
  for (const [field, value] of Object.entries(expected)) {
    if (channel[field as keyof typeof expected] !== value) {
      throw new HeddleError('channel_mismatch', `${field} is not the one of the offer`)
    }
  }
}
