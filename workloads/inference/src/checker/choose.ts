import { randomInt } from 'node:crypto'

/** How much of an answer is looked at: a beginning, for what comes before a position has to be evaluated anyway. */
export type Looking = Readonly<{
  /** The share of checks that look at the whole answer: above 0, at most 1. */
  whole: number
  /** The share of the answer that the others look at, rounded up. */
  part: number
  /** At least this many positions, or all. */
  least: number
}>

/** A whole number of 0 … below − 1, from the system's randomness. */
export const systemRandom = (below: number): number => randomInt(below)

const STEPS = 1 << 20

/**
 * How many positions to look at, from the first one on: drawn by whoever checks after the receipt was signed, so that
 * nobody can have known it while writing the answer. Every position is looked at in the share `whole` of all checks at
 * least. `random` gives a whole number of 0 … below − 1.
 *
 * @example
 * ```ts
 * // sketch
 * chooseDepth(64, { whole: 0.6, part: 0.25, least: 16 }, systemRandom) // 64, or two times in five 16
 * ```
 */
export function chooseDepth(count: number, { whole, part, least }: Looking, random: (below: number) => number): number {
  if (random(STEPS) < whole * STEPS) return count
  return Math.min(count, Math.max(least, Math.ceil(count * part)))
}
