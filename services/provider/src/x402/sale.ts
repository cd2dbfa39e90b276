import type { ChainClient } from '@heddle/chain'
import type { Facilitator, Receipts } from '@heddle/payments/x402'
import {
  type Digest,
  HeddleError,
  type Offer,
  priceOf,
  type Question,
  routingRules,
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
 * The offer that answers a question: the first of its models that is served here and that the asker's rules leave. Throws
 * `model_unknown`, and `routing_unmatched` when the rules leave this provider out.
 */
export function chosen(offers: readonly SignedOffer[], question: Question): Offer {
  let problem: HeddleError | undefined
  for (const model of question.models) {
    let left = offers.map(({ offer }) => offer)
    left = left.filter(({ serves, workload }) => serves.name === model && workload === question.workload)
    if (left.length === 0) continue
    for (const rule of routingRules(question.routing ?? {}, model)) {
      left = left.filter(offer => rule.keeps(offer))
      if (left.length === 0) problem ??= rule.problem()
    }
    const [first] = left
    if (first) return first
  }
  throw problem ?? new HeddleError('model_unknown', `no model "${question.models[0]}" here`)
}

/** Whether an offer answers a question by its model and by the asker's rules. */
export const answers = (offer: Offer, { models, routing = {} }: Question): boolean =>
  models.includes(offer.serves.name) && routingRules(routing, offer.serves.name).every(rule => rule.keeps(offer))
