import type { Routing } from './door.ts'
import { HeddleError } from './errors/heddle-error.ts'
import type { Offer } from './offer.ts'

/** What one of an asker's rules says of an offer. */
export type RoutingRule = {
  /** `honesty`: the least that the offer's honest rate is likely to be; nothing where nobody checked it. */
  keeps(offer: Offer, honesty?: number): boolean
  /** `routing_unmatched`, naming the rule: for when it leaves nobody. */
  problem(): HeddleError
}

/**
 * The rules by which an asker leaves offers out, in the order in which they are held: the same for a gateway that chooses
 * among many providers and for a provider that is asked by itself. Addresses and quantisations have no case. `order`,
 * `sort` and `fallbacks` leave nobody out.
 *
 * @example
 * ```ts
 * // sketch
 * const broken = routingRules({ ignore: [offer.provider] }, 'a-model').find(rule => !rule.keeps(offer))
 * broken?.problem().message // 'provider.ignore: everybody who offers a-model'
 * ```
 */
export function routingRules(routing: Routing, model: string): RoutingRule[] {
  const { only, ignore, quantizations, maxPrice, minHonestRate } = routing
  const rules: RoutingRule[] = []
  const add = (wanted: unknown, param: string, why: string, keeps: RoutingRule['keeps']): void => {
    if (wanted === undefined) return
    const cause = { rule: param, param }
    rules.push({ keeps, problem: () => new HeddleError('routing_unmatched', `${param}: ${why}`, { cause }) })
  }
  add(only, 'provider.only', `none of these offers ${model}`, offer => isNamed(only!, offer))
  add(ignore, 'provider.ignore', `everybody who offers ${model}`, offer => !isNamed(ignore!, offer))
  add(quantizations, 'provider.quantizations', `nobody offers ${model} so`, ({ serves }) =>
    quantizations!.some(one => one.toLowerCase() === (serves.quantization ?? 'unknown').toLowerCase()),
  )
  add(maxPrice, 'provider.max_price', `everybody who offers ${model} is dearer`, ({ prices }) =>
    Object.entries(maxPrice!).every(([unit, most]) => BigInt(prices[unit] ?? 0) <= most),
  )
  add(
    minHonestRate,
    'provider.min_honest_rate',
    `nobody who offers ${model} was found to be so honest`,
    // What nobody checked could be anything, and nobody vouches for itself.
    (_, honesty = Number.NEGATIVE_INFINITY) => honesty >= minHonestRate!,
  )
  return rules
}

/** Whether a list of addresses has the provider of an offer, in whatever case it is written. */
export const isNamed = (list: readonly string[], { provider }: Offer): boolean =>
  list.some(entry => entry.toLowerCase() === provider)
