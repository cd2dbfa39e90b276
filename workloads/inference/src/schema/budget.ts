/** What reading schemas, and writing them in an engine's words, may cost. */
export type Budget = {
  /** Takes so much of it. Throws {@link Exhausted} when that is more than is left. */
  spend(amount: number): void
  /** A budget of at most so much: what is spent of it is spent of this one too. */
  part(most: number): Budget
}

/** A schema that costs more than anybody's answer is worth. */
export class Exhausted extends Error {}

/** Steps of all schemas of one question together: about a quarter of a second of processor time at most. */
export const QUESTION_STEPS = 400_000
/** Most that a tool may take of it which is only told, so that one does not leave the others without words. */
export const TOOL_STEPS = QUESTION_STEPS / 4

/**
 * A budget of steps; a thousand of them are about a millisecond of processor time at most.
 *
 * @example
 * ```ts
 * // sketch
 * const budget = startBudget()
 * budget.spend(1)
 * ```
 */
export function startBudget(steps: number = QUESTION_STEPS, whole?: Budget): Budget {
  let left = steps
  const budget: Budget = {
    spend(amount) {
      whole?.spend(amount)
      left -= amount
      if (left < 0) throw new Exhausted()
    },
    part: most => startBudget(most, budget),
  }
  return budget
}
