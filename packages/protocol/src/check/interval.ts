/** The quantile of the normal distribution that 95% lie within, on both sides. */
const Z = 1.959963984540054

export type Interval = Readonly<{ rate: number | null; low: number; high: number }>

/**
 * The 95% interval of a share (Wilson's): sound for few checks too, and never beyond 0 and 1. Without any check it is
 * everything.
 *
 * @example
 * ```ts
 * // sketch
 * wilson(0, 0) // { rate: null, low: 0, high: 1 }
 * wilson(100, 100).low // 0.963: a hundred honest answers say no more than that
 * ```
 */
export function wilson(hits: number, total: number): Interval {
  if (total === 0) return { rate: null, low: 0, high: 1 }
  const rate = hits / total
  const spread = (Z * Z) / total
  const middle = (rate + spread / 2) / (1 + spread)
  const half = (Z * Math.sqrt((rate * (1 - rate)) / total + spread / (4 * total))) / (1 + spread)
  return {
    rate,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === total ? 1 : Math.min(1, middle + half),
  }
}

/** The upper end of what a rate can be, at 95%: 3 / total where nothing was seen, else the upper end of Wilson's interval. */
export const upperRate = (hits: number, total: number): number =>
  total > 0 && hits === 0 ? Math.min(1, 3 / total) : wilson(hits, total).high
