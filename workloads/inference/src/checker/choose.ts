import { randomInt } from 'node:crypto'

/** How many of an answer's positions are looked at. */
export type Looking = Readonly<{
  /** Of all positions, rounded up: 0 … 1. */
  share: number
  /** At least this many, or all. */
  least: number
}>

/** A whole number of 0 … below − 1, from the system's randomness. */
export const systemRandom = (below: number): number => randomInt(below)

/**
 * Positions to look at, rising: drawn by whoever checks after the receipt was signed, so that nobody can have known
 * them while writing the answer. `random` gives a whole number of 0 … below − 1.
 *
 * @example
 * ```ts
 * // sketch
 * choosePositions(64, { share: 0.5, least: 16 }, systemRandom).length // 32
 * ```
 */
export function choosePositions(count: number, { share, least }: Looking, random: (below: number) => number): number[] {
  const wanted = Math.min(count, Math.max(least, Math.ceil(count * share)))
  const all = Array.from({ length: count }, (_, i) => i)
  for (let i = 0; i < wanted; i++) {
    const j = i + random(count - i)
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all.slice(0, wanted).sort((a, b) => a - b)
}
