/** How long a known number of like pieces of work will still take, reckoned from those that were done. */
export type Remaining = {
  /** So many pieces were done in so many milliseconds: none at all counts, too. */
  took(milliseconds: number, pieces: number): void
  /** So many pieces need not be done, or never will be. */
  skip(pieces: number): void
  /** Milliseconds that are left, about; nothing before the first piece is done. */
  left(): number | undefined
}

/**
 * Reckons for so many pieces.
 *
 * @example
 * ```ts
 * // sketch
 * const remaining = startRemaining(200)
 * remaining.took(15_000, 1)
 * remaining.left() // 2985000: about 50 minutes
 * ```
 */
export function startRemaining(pieces: number): Remaining {
  let left = pieces
  let [spent, done] = [0, 0]
  return {
    took(milliseconds, more) {
      spent += milliseconds
      done += more
      left -= more
    },
    skip(less) {
      left -= less
    },
    left: () => (done > 0 ? (spent / done) * Math.max(0, left) : undefined),
  }
}
