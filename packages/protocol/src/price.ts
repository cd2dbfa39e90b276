import type { Amount } from './amount.ts'
import { HeddleError } from './errors/heddle-error.ts'
import type { Offer } from './offer.ts'
import type { Usage } from './workload.ts'

/**
 * Price × usage: the one place where work becomes money. Throws `offer_invalid` when a unit has no price.
 *
 * @example
 * ```ts
 * import { priceOf } from '@heddle/protocol'
 * priceOf({ prices: { prompt: '2', completion: '5' } }, { prompt: 10n, completion: 4n }) // 40n
 * ```
 */
export function priceOf(offer: Pick<Offer, 'prices'>, usage: Usage): Amount {
  let sum = 0n
  for (const [unit, count] of Object.entries(usage)) {
    const price = Object.hasOwn(offer.prices, unit) ? offer.prices[unit] : undefined
    if (price === undefined) throw new HeddleError('offer_invalid', `no price for the unit "${unit}"`)
    sum += BigInt(price) * count
  }
  return sum
}

export function addUsage<U extends string>(a: Usage<U>, b: Usage<U>): Usage<U> {
  const sum = { ...a } as Record<U, bigint>
  for (const unit of Object.keys(b) as U[]) sum[unit] = (sum[unit] ?? 0n) + b[unit]
  return sum
}

/** Usage as it goes into JSON: decimal strings. */
export const usageToJson = (usage: Usage): Record<string, string> =>
  Object.fromEntries(Object.entries(usage).map(([unit, count]) => [unit, count.toString()]))

export const usageFromJson = (json: Readonly<Record<string, string>>): Usage =>
  Object.fromEntries(Object.entries(json).map(([unit, count]) => [unit, BigInt(count)]))
