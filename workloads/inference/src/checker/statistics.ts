import type { PositionDistance } from './distance.ts'

/** Positions that lie in one window. */
export const WINDOW = 16

/** How far an answer is from the reference, in three ways, each for another cheat. Millinats. */
export type Statistics = Readonly<{
  /** The worst candidate of the worst position: one token that was chosen, or one that was hidden. */
  maximum: number
  /** The mean of the worst 16 positions in a row, of those looked at: a part written with other weights. */
  tail: number
  /** The mean of all positions: other weights throughout. */
  mean: number
}>

export const STATISTICS = ['maximum', 'tail', 'mean'] as const satisfies (keyof Statistics)[]
export type Statistic = (typeof STATISTICS)[number]

/** The statistics of the positions looked at, in their order; all are 0 where there are none. */
export function statisticsOf(distances: readonly PositionDistance[]): Statistics {
  if (distances.length === 0) return { maximum: 0, tail: 0, mean: 0 }
  let [maximum, sum, window, tail] = [0, 0, 0, 0]
  const width = Math.min(WINDOW, distances.length)
  for (const [i, one] of distances.entries()) {
    maximum = Math.max(maximum, one.maximum)
    sum += one.mean
    window += one.mean - (distances[i - width]?.mean ?? 0)
    if (i >= width - 1) tail = Math.max(tail, window / width)
  }
  return { maximum, tail, mean: sum / distances.length }
}

/** The statistic that is furthest above its threshold, or nearest to it. */
export function farthest(found: Statistics, thresholds: Statistics): Statistic {
  const ratio = (one: Statistic): number => found[one] / thresholds[one]
  return STATISTICS.reduce((worst, one) => (ratio(one) > ratio(worst) ? one : worst))
}
