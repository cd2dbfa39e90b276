import type { Payer } from '@heddle/payments'
import {
  inputOf,
  nothingUsed,
  offerDigest,
  priceOf,
  type Quote,
  type Usage,
  unitsOf,
  type Workload,
} from '@heddle/protocol'
import type { Choice } from './book.ts'
import type { Purse } from './purse.ts'

export type Quoting = {
  workload: Workload<unknown>
  spec: unknown
  choice: Choice
  purse: Purse
  payer: Pick<Payer, 'channelFor'>
}

/**
 * What one choice would cost. The engine's own count is told, and never believed: the most is what the offer's limits
 * allow to be charged. Throws `cap_reached` when the purse has no room for the first chunk.
 */
export async function quoteOf(quoting: Quoting): Promise<Quote> {
  const { workload, spec, choice, purse } = quoting
  const { offer, standing, cost } = choice
  purse.hold(cost, priceOf(offer, workload.bound(spec, offer, nothingUsed(workload)))).release()
  const most = workload.total(spec, offer)
  const counted = await count(quoting).catch(() => undefined)
  const known = counted !== undefined && unitsOf(workload).every(unit => counted[unit] !== undefined)
  return {
    model: offer.serves.name,
    provider: offer.provider,
    own: standing.own,
    prices: offer.prices,
    input: known ? { used: counted, exact: true } : { used: inputOf(workload, most), exact: false },
    most: { used: most, charge: cost },
    ...(standing.latency === undefined ? {} : { latency: Math.round(standing.latency) }),
  }
}

async function count({ spec, choice, payer }: Quoting): Promise<Usage> {
  const { offer, standing } = choice
  const { channel } = await payer.channelFor(offer)
  return standing.client.count({ channel, offer: offerDigest(offer), spec })
}
