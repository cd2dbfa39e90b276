import type { Offer } from './offer.ts'
import type { Usage, Workload } from './workload.ts'

/** What a unit counts: what goes in, what of that was known already, what comes out, time that passes, or room that is held. */
export type Role = 'input' | 'cached' | 'output' | 'time' | 'space'

/** The units of a workload, each with its role, in the order in which people read them. */
export type Units<U extends string = string> = Readonly<Record<U, Role>>

type HasUnits = Pick<Workload<unknown>, 'units'>

export const unitsOf = <U extends string>({ units }: { units: Units<U> }): U[] => Object.keys(units) as U[]

/** The units of a workload that have one of these roles. */
export const unitsIn = <U extends string>({ units }: { units: Units<U> }, ...roles: readonly Role[]): U[] =>
  unitsOf({ units }).filter(unit => roles.includes(units[unit]))

/** A job's usage before anything is done. */
export const nothingUsed = (workload: HasUnits): Usage => Object.fromEntries(unitsOf(workload).map(unit => [unit, 0n]))

/**
 * What was used in units of one role, all together.
 *
 * @example
 * ```ts
 * import { sumIn } from '@heddle/protocol'
 * const units = { prompt: 'input', cached: 'cached', completion: 'output' } as const
 * sumIn({ units }, { prompt: 10n, cached: 2n, completion: 5n }, 'input', 'cached') // 12n
 * ```
 */
export const sumIn = (workload: HasUnits, usage: Usage, ...roles: readonly Role[]): bigint =>
  unitsIn(workload, ...roles).reduce((sum, unit) => sum + (usage[unit] ?? 0n), 0n)

/** A usage without what its job is still to give: of a bound, what a question alone can cost. */
export const inputOf = (workload: HasUnits, usage: Usage): Usage => ({
  ...nothingUsed(workload),
  ...Object.fromEntries(unitsIn(workload, 'input', 'cached').map(unit => [unit, usage[unit] ?? 0n])),
})

/** The same job where all that goes in is known already, as far as the workload counts that apart. */
export function rememberedOf(workload: HasUnits, usage: Usage): Usage {
  const [cached] = unitsIn(workload, 'cached')
  if (cached === undefined) return usage
  const inputs = unitsIn(workload, 'input')
  return {
    ...usage,
    ...Object.fromEntries(inputs.map(unit => [unit, 0n])),
    [cached]: (usage[cached] ?? 0n) + sumIn(workload, usage, 'input'),
  }
}

/** Whether prices can be meant: every unit has one, and what is known already costs no more than what has to be read. */
export function arePricesSound(workload: HasUnits, { prices }: Pick<Offer, 'prices'>): boolean {
  if (!unitsOf(workload).every(unit => Object.hasOwn(prices, unit))) return false
  const pricesOf = (role: Role): bigint[] => unitsIn(workload, role).map(unit => BigInt(prices[unit]!))
  return pricesOf('cached').every(known => pricesOf('input').every(read => known <= read))
}
