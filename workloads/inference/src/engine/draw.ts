import { createHash } from 'node:crypto'

/** A token that may come next, with the natural logarithm of its probability in millionths: an integer. */
export type Candidate = { token: number; logprob: number }

export type DrawOptions = { temperature: number; topP: number; topK: number }

/** Weights add up below 2^53 with up to 2^13 candidates: integers all the way. */
const SCALE = 2 ** 40

/** What stands for the logarithm of 0. */
export const IMPOSSIBLE = -100_000_000

/** A logarithm as the integer that is drawn from, and told. */
export const quantise = (logprob: number): number => Math.max(IMPOSSIBLE, Math.round(logprob * 1e6))

/**
 * Draws a token from integer log-probabilities: the `topK` likeliest (of equals the lower number first), weighed by
 * exp(logprob / temperature), cut where `topP` of their weight is reached. The same candidates and the same `random`
 * give the same token, so a draw can be repeated from what was told of it. Temperature 0 takes the likeliest.
 *
 * @example
 * ```ts
 * // sketch
 * draw([{ token: 7, logprob: -1_000 }, { token: 9, logprob: -7_000_000 }], { temperature: 1, topP: 1, topK: 40 }, 0n) // 7
 * ```
 */
export function draw(
  candidates: readonly Candidate[],
  { temperature, topP, topK }: DrawOptions,
  random: bigint,
): number {
  const likeliest = candidates.toSorted((a, b) => b.logprob - a.logprob || a.token - b.token).slice(0, topK)
  const [best] = likeliest
  if (!best) throw new Error('there is nothing to draw from')
  if (temperature === 0) return best.token
  const weights = likeliest.map(({ logprob }) =>
    Math.round(Math.exp((logprob - best.logprob) / 1e6 / temperature) * SCALE),
  )
  const kept = nucleus(weights, topP)
  const total = kept.reduce((sum, weight) => sum + weight, 0)
  let left = Number((random * BigInt(total)) >> 64n)
  for (let i = 0; i < kept.length; i++) {
    if (left < kept[i]!) return likeliest[i]!.token
    left -= kept[i]!
  }
  throw new Error('a draw above all weights')
}

/** The first weights that reach a share of them all; at least one. */
function nucleus(weights: readonly number[], share: number): readonly number[] {
  const enough = weights.reduce((sum, weight) => sum + weight, 0) * share
  let sum = 0
  let end = 0
  while (end < weights.length && (end === 0 || sum < enough)) sum += weights[end++]!
  return weights.slice(0, end)
}

/** 64 random bits, fixed by a seed and the position of the token in its answer. */
export const randomAt = (seed: number, position: number): bigint =>
  createHash('sha256').update(`heddle/draw/${seed}/${position}`).digest().readBigUInt64BE()
