import { type Answered, type Checker, type Finding, findingOf, proveFraud } from '@heddle/protocol'

/**
 * What convicts without any evidence, and so whether or not its provider opens it; nothing where that proves nothing.
 *
 * @example
 * ```ts
 * // sketch
 * const finding = convictedUnopened(answered) // of a receipt for another model than was offered
 * ```
 */
export function convictedUnopened({ leaves: _, ...answered }: Answered): Finding | undefined {
  const { proof, verdicts } = proveFraud(answered, answered.receipt.receipt.provider)
  return proof && findingOf(verdicts.at(-1)!)
}

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
export async function checkAnswer(
  checkers: readonly [Checker, ...Checker[]],
  answered: Answered,
  signal: AbortSignal,
): Promise<Finding> {
  const convicted = convictedUnopened(answered)
  if (convicted) return convicted
  const { model } = answered.receipt.receipt
  const checker = checkers.find(one => one.knows(model)) ?? checkers[0]
  return checker.check(answered, signal)
}
