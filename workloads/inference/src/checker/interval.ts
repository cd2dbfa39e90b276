/** The 97.5% quantile of the normal distribution. */
const Z = 1.959_963_984_540_054

/**
 * Wilson's 95% interval of a rate, of `hits` in `trials`.
 *
 * @example
 * ```ts
 * // sketch
 * wilson(0, 100) // { low: 0, high: 0.0370 }
 * ```
 */
export function wilson(hits: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 }
  const rate = hits / trials
  const scale = 1 + Z ** 2 / trials
  const middle = (rate + Z ** 2 / (2 * trials)) / scale
  const half = (Z * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2))) / scale
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === trials ? 1 : Math.min(1, middle + half),
  }
}

/** The upper end of what a rate can be, at 95%: 3 / trials where nothing was seen, else the upper end of Wilson's interval. */
export const upperRate = (hits: number, trials: number): number =>
  trials === 0 ? 1 : hits === 0 ? Math.min(1, 3 / trials) : wilson(hits, trials).high
