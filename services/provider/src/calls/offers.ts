import type { Offer } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/** What is offered now, to the payer of the own house too what only it is offered; and by digest what cannot be answered with now. */
export function offersFor({ offers, own, trades }: Parts, payer: unknown) {
  const all = [...offers.current(), ...(own && payer === own.payer ? offers.own() : [])]
  const isReady = ({ workload, serves }: Offer): boolean => trades.get(workload)?.worker.ready(serves.digest) ?? false
  const down = new Set(all.flatMap(({ offer }) => (isReady(offer) ? [] : [offer.serves.digest])))
  return { offers: all, ...(down.size > 0 ? { down: [...down] } : {}) }
}
