import type { Hex, Offer, TokenDomain } from '@heddle/protocol'
import { offerDigest } from '@heddle/protocol'
import type { PaymentRequirements } from '@x402/core/types'

/** How long what a client signs may stay good, in seconds: the longest answer, with time to settle it. */
export const MAX_TIMEOUT = 600

/** What x402's own server announces as the least deposit: ten requests like this one. */
const DEPOSIT_REQUESTS = 10n

export type Terms = { batch: PaymentRequirements; exact: PaymentRequirements }

/**
 * What one request costs at most, in x402's words: by voucher on a channel, where only what is used is charged, or
 * once, where all of it is paid. `extra.offer` names the signed offer whose prices hold.
 */
export function termsOf(offer: Offer, amount: bigint, token: TokenDomain): Terms {
  const common = {
    network: `eip155:${offer.chainId}` as const,
    asset: offer.asset,
    amount: amount.toString(),
    payTo: offer.receiver,
    maxTimeoutSeconds: MAX_TIMEOUT,
  }
  const extra = {
    name: token.name,
    version: token.version,
    assetTransferMethod: 'eip3009',
    offer: offerDigest(offer),
  }
  const several = amount * DEPOSIT_REQUESTS
  const least = BigInt(offer.minDeposit)
  return {
    batch: {
      scheme: 'batch-settlement',
      ...common,
      extra: {
        ...extra,
        receiverAuthorizer: offer.receiverAuthorizer,
        withdrawDelay: offer.withdrawDelay,
        minDeposit: (several > least ? several : least).toString(),
      },
    },
    exact: { scheme: 'exact', ...common, extra },
  }
}

/** What a provider holds of a channel, for a client that has lost it. */
export type Corrective = {
  channel: Hex
  balance: bigint
  claimed: bigint
  charged: bigint
  /** The highest voucher that is held, if any: the client checks that it signed it. */
  voucher?: { ceiling: string; signature: Hex }
}

/** A channel's state in x402's words. */
export const channelState = ({ channel, balance, claimed, charged }: Omit<Corrective, 'voucher'>) => ({
  channelId: channel,
  balance: balance.toString(),
  totalClaimed: claimed.toString(),
  withdrawRequestedAt: 0,
  refundNonce: '0',
  chargedCumulativeAmount: charged.toString(),
})

/** Terms that also say where the channel stands, so that a client can sign again from there. */
export function correct(terms: PaymentRequirements, state: Corrective): PaymentRequirements {
  const { voucher } = state
  const held = voucher && { voucherState: { signedMaxClaimable: voucher.ceiling, signature: voucher.signature } }
  return { ...terms, extra: { ...terms.extra, channelState: channelState(state), ...held } }
}
