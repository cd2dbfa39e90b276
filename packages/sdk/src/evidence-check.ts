import { type Answered, type Checker, type Finding, findingOf, type Prover } from '@heddle/protocol'

/** What answers are checked with: who measures them, and who knows what convicts. */
export type CheckedBy = Readonly<{
  checkers: readonly [Checker, ...Checker[]]
  prover: Pick<Prover, 'prove'>
}>

/**
 * What convicts without any evidence, and so whether or not its provider opens it; nothing where that proves nothing.
 *
 * @example
 * ```ts
 * // sketch
 * const finding = convictedUnopened(prover, answered) // of a receipt for another model than was offered
 * ```
 */
export function convictedUnopened(
  prover: CheckedBy['prover'],
  { leaves: _, ...answered }: Answered,
): Finding | undefined {
  const { proof, verdicts } = prover.prove(answered, answered.receipt.receipt.provider)
  return proof && findingOf(verdicts.at(-1)!)
}

/**
 * Has an answer checked by whoever can measure its model. Where nobody can, the first checker says what follows from
 * signed data alone. Throws what the checker throws.
 *
 * @example
 * ```ts
 * // sketch
 * const { verdict } = await checkAnswer({ checkers: await startCheckers(settings), prover }, answered, signal)
 * ```
 */
export async function checkAnswer(
  { checkers, prover }: CheckedBy,
  answered: Answered,
  signal: AbortSignal,
): Promise<Finding> {
  const convicted = convictedUnopened(prover, answered)
  if (convicted) return convicted
  const { model } = answered.receipt.receipt
  const checker = checkers.find(one => one.knows(model)) ?? checkers[0]
  return checker.check(answered, signal)
}
