import type { Answered, Checker, Finding } from '@heddle/protocol'

/**
 * Has an answer checked by whoever can measure its model. Where nobody can, the first checker says what follows from
 * signed data alone. Throws what the checker throws.
 *
 * @example
 * ```ts
 * // sketch
 * const { verdict } = await checkAnswer(await startCheckers(settings), answered, signal)
 * ```
 */
export function checkAnswer(
  checkers: readonly [Checker, ...Checker[]],
  answered: Answered,
  signal: AbortSignal,
): Promise<Finding> {
  const { model } = answered.receipt.receipt
  const checker = checkers.find(one => one.knows(model)) ?? checkers[0]
  return checker.check(answered, signal)
}
