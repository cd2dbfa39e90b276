import { type Candidate, MOST_BELOW } from '../draw/index.ts'
import type { Likeliest } from './messages.ts'

/** What is furthest off at a position. */
export type Oddity =
  /** A candidate's log-probability. */
  | 'candidate'
  /** That of the token that was drawn. */
  | 'drawn'
  /** A token that should have been among the candidates. */
  | 'hidden'

/** How far one position is from the reference, in millinats. */
export type PositionDistance = Readonly<{ maximum: number; mean: number; oddity: Oddity; token: number }>

/**
 * Holds what a provider told of a position against what the weights say: the differences between candidates, for only
 * these count in a draw, and the tokens that are missing. Log-probabilities told are in millinats, logits of the
 * reference in nats; a candidate that is not among the reference's likeliest is at most as likely as the last of them.
 *
 * @example
 * ```ts
 * // sketch
 * const candidates = [{ token: 4, logprob: 0 }, { token: 9, logprob: -300 }]
 * distanceAt({ candidates, drawn: 1 }, 2, { tokens: [4, 9], logits: [8, 7.5] }) // maximum 200: 300 told, 500 found
 * ```
 */
export function distanceAt(
  { candidates, drawn }: Readonly<{ candidates: readonly Candidate[]; drawn: number }>,
  topK: number,
  { tokens, logits }: Likeliest,
): PositionDistance {
  const [first] = candidates
  const least = logits.at(-1)
  if (!first || least === undefined) throw new RangeError('a position without candidates')
  const found = new Map(tokens.map((token, i) => [token, logits[i]!]))
  const zero = found.get(first.token) ?? least
  let worst: PositionDistance = { maximum: 0, mean: 0, oddity: 'candidate', token: first.token }
  let sum = 0
  const add = (distance: number, oddity: Oddity, token: number): void => {
    if (oddity !== 'hidden') sum += distance
    if (distance > worst.maximum) worst = { maximum: distance, mean: 0, oddity, token }
  }
  for (const [i, { token, logprob }] of candidates.entries()) {
    const told = logprob - first.logprob
    const logit = found.get(token)
    // Below the likeliest ones only a bound is known: it counts where more was told than it allows.
    const off = logit === undefined ? Math.max(0, told - nats(least - zero)) : Math.abs(told - nats(logit - zero))
    add(off, i === drawn ? 'drawn' : 'candidate', token)
  }
  const named = new Set(candidates.map(({ token }) => token))
  const bound = candidates.length >= topK ? candidates.at(-1)!.logprob - first.logprob : -MOST_BELOW
  let hidden = 0
  for (const [i, token] of tokens.entries()) {
    if (named.has(token)) continue
    const excess = nats(logits[i]! - zero) - bound
    if (excess <= 0) continue
    hidden = Math.max(hidden, excess)
    add(excess, 'hidden', token)
  }
  return { ...worst, mean: (sum + hidden) / candidates.length }
}

/** Nats in millinats. */
const nats = (value: number): number => value * 1_000
