import type { ChainClient } from '@heddle/chain'
import type { Facilitator, Receipts } from '@heddle/payments/x402'
import {
  type Digest,
  HeddleError,
  type Offer,
  priceOf,
  type Question,
  type SignedOffer,
  type Signer,
} from '@heddle/protocol'
import type { ChannelDesk } from '../money/channels.ts'
import type { Parts, Trade } from '../parts.ts'
import type { Turns } from './turns.ts'

/** What selling over x402 needs of the house. */
export type Shop = {
  parts: Parts
  desk: ChannelDesk
  client: ChainClient
  /** Signs receipts. */
  signer: Signer
  endpoint(): string
  turns: Turns
  /** Jobs whose transfer is under way. */
  paying: Set<Digest>
  /** x402's own code: loaded with the first request that needs it, for it is large. */
  tools(): Promise<Tools>
}

export type Tools = typeof import('@heddle/payments/x402') & { receipts: Receipts; facilitator: Facilitator }

/** One question, priced: what it costs at most under this offer. */
export type Sale = { offer: Offer; trade: Trade; spec: unknown; amount: bigint }

/**
 * Prices a question under an offer. Throws `bad_request`, `unsupported_by_model`, and `payment_required` for what is
 * free: there is nothing to sign.
 */
export function priced({ parts }: Shop, question: Question, offer: Offer): Sale {
  const trade = parts.trades.get(question.workload)
  if (!trade || offer.workload !== question.workload) {
    throw new HeddleError('bad_request', `workload: ${question.workload} is not offered`)
  }
  const spec = trade.workload.spec.safeParse(question.spec)
  if (!spec.success) throw new HeddleError('bad_request', spec.error.issues[0]?.message)
  const missing = trade.workload.requires(spec.data).find(feature => !offer.features.includes(feature))
  if (missing) throw new HeddleError('unsupported_by_model', `${offer.serves.name} has no "${missing}"`)
  const amount = priceOf(offer, trade.workload.total(spec.data, offer))
  if (amount === 0n) throw new HeddleError('payment_required', 'what is free is not sold over x402; ask a gateway')
  return { offer, trade, spec: spec.data, amount }
}

/**
 * The offer that answers a question: the first of its models that is served here. Throws `model_unknown`, and
 * `routing_unmatched` when the asker's rules leave this provider out.
 */
export function chosen(offers: readonly SignedOffer[], question: Question): Offer {
  const served = question.models.flatMap(model => offers.filter(({ offer }) => offer.serves.name === model))
  if (served.length === 0) throw new HeddleError('model_unknown', `no model "${question.models[0]}" here`)
  const fits = served.find(({ offer }) => ruleAgainst(offer, question) === undefined)
  if (fits) return fits.offer
  throw new HeddleError('routing_unmatched', ruleAgainst(served[0]!.offer, question))
}

/** Which rule leaves an offer out, if any. Order, sort and fall-backs say nothing where there is one provider. */
export function ruleAgainst(offer: Offer, { routing }: Question): string | undefined {
  if (!routing) return undefined
  const { only, ignore, maxPrice, quantizations, minHonestRate } = routing
  if (only && !only.includes(offer.provider)) return 'only'
  if (ignore?.includes(offer.provider)) return 'ignore'
  if (quantizations && !(offer.serves.quantization && quantizations.includes(offer.serves.quantization)))
    return 'quantizations'
  // Nobody vouches for itself: rates are a gateway's to know.
  if (minHonestRate !== undefined) return 'min_honest_rate'
  const dear = Object.entries(maxPrice ?? {}).find(([unit, most]) => BigInt(offer.prices[unit] ?? '0') > most)
  return dear && `max_price of ${dear[0]}`
}
