/** What reading one schema, and writing its grammar, may cost. */
export type Budget = {
  /** Takes so much of it. Throws {@link Exhausted} when that is more than is left. */
  spend(amount: number): void
}

/** A schema that costs more than anybody's answer is worth. */
export class Exhausted extends Error {}

/**
 * A budget of steps; a thousand of them are about a millisecond of processor time at most.
 *
 * @example
 * ```ts
 * // sketch
 * const budget = startBudget(400_000)
 * budget.spend(1)
 * ```
 */
export function startBudget(steps: number): Budget {
  let left = steps
  return {
    spend(amount) {
      left -= amount
      if (left < 0) throw new Exhausted()
    },
  }
}
