import { malformed } from './malformed.ts'

/** A token that may come next, with the natural logarithm of its probability in thousandths: an integer, at most 0. */
export type Candidate = Readonly<{ token: number; logprob: number }>

/** The least log-probability that is told. */
export const LEAST_LOGPROB = -100_000
/** A candidate further below the likeliest one than this is left out: a factor of 10,000. */
export const MOST_BELOW = 9_210
/** Most candidates of a position. */
export const MOST_CANDIDATES = 255

/**
 * A natural logarithm of a probability in millinats, as it is told and drawn from: rounded to the nearest, between
 * −100,000 and 0. Throws `evidence_malformed` for what is not a number.
 *
 * @example
 * ```ts
 * import { millinats } from '@heddle/inference/draw'
 * millinats(Math.log(0.5)) // -693
 * millinats(-Infinity) // -100000
 * ```
 */
export function millinats(naturalLog: number): number {
  if (Number.isNaN(naturalLog)) throw malformed('a log-probability is not a number')
  // Adding 0 makes an ordinary zero of -0.
  return Math.min(0, Math.max(LEAST_LOGPROB, Math.round(naturalLog * 1_000))) + 0
}

/**
 * What is kept of a position: the `topK` likeliest tokens in falling order, of equal ones the lower number first,
 * without those more than 9,210 millinats below the first. Log-probabilities come as natural logarithms over the whole
 * vocabulary. Throws `evidence_malformed` when there are none.
 *
 * @example
 * ```ts
 * import { keepLikeliest } from '@heddle/inference/draw'
 * keepLikeliest([{ token: 9, logprob: -0.9 }, { token: 4, logprob: -0.6 }, { token: 7, logprob: -12 }], 20)
 *   .map(({ token, logprob }) => `${token} ${logprob}`) // ['4 -600', '9 -900']
 * ```
 */
export function keepLikeliest(candidates: readonly Candidate[], topK: number): Candidate[] {
  const told = candidates.map(({ token, logprob }) => ({ token, logprob: millinats(logprob) }))
  told.sort((a, b) => b.logprob - a.logprob || a.token - b.token)
  const [best] = told
  if (!best) throw malformed('a position without candidates')
  let end = 1
  while (end < told.length && end < topK && best.logprob - told[end]!.logprob <= MOST_BELOW) end++
  told.length = end
  return told
}
