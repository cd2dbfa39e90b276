import { concat, fromHex, utf8 } from '@heddle/protocol/bytes'
import { type Digest, digestOf } from '@heddle/protocol/digest'
import type { Candidate } from './candidates.ts'
import { malformed } from './malformed.ts'

/** How tokens are drawn: temperature in thousandths (0 takes the likeliest), topP in millionths. */
export type Drawing = Readonly<{ temperature: number; topP: number }>

const ONE = 2 ** 26
/** A candidate further away than this at temperature 1 … has no weight: e^−16.384 is one in thirteen millions. */
const FARTHEST = 16_384
/** ⌊2^26 × e^(−2^b / 1000) + ½⌋ for b = 0 … 13: written out, so that no engine's `exp` has a say. */
const FACTORS = [
  67_041_789, 66_974_780, 66_840_965, 66_574_135, 66_043_666, 64_995_376, 62_948_450, 59_045_961, 51_951_788,
  40_218_060, 24_102_514, 8_656_549, 1_116_631, 18_580,
] as const

/** 2^26 × e^(−gap / 1000), rounded down at every step: products stay at most 2^52, so Numbers are exact. */
function computeWeight(gap: number): number {
  let weight = ONE
  for (let bit = 0, rest = gap; rest !== 0; bit++, rest >>= 1) {
    if (rest & 1) weight = Math.floor((weight * FACTORS[bit]!) / ONE)
  }
  return weight
}

/** Weights that were computed before: none of them is 0. */
const known = new Uint32Array(FARTHEST)

function weightAt(gap: number): number {
  if (gap >= FARTHEST) return 0
  const weight = known[gap]!
  if (weight !== 0) return weight
  known[gap] = computeWeight(gap)
  return known[gap]!
}

/** The weights that candidates in falling order are drawn with; `temperature` in thousandths, above 0. */
export function weightsOf(candidates: readonly Candidate[], temperature: number): number[] {
  const weights = new Array<number>(candidates.length)
  const best = candidates[0]?.logprob ?? 0
  for (let i = 0; i < candidates.length; i++) {
    weights[i] = weightAt(Math.floor(((best - candidates[i]!.logprob) * 1_000) / temperature))
  }
  return weights
}

/** The shortest run of first weights that holds `topP` millionths of them all: how many, and their sum. */
export function nucleusOf(weights: readonly number[], topP: number): { count: number; sum: number } {
  let all = 0
  for (const weight of weights) all += weight
  // ⌈all × topP / 10^6⌉ in two parts: the whole product can be above 2^53.
  const millions = Math.floor(all / 1_000_000)
  const enough = millions * topP + Math.ceil(((all - millions * 1_000_000) * topP) / 1_000_000)
  let count = 1
  let sum = weights[0] ?? 0
  while (sum < enough) sum += weights[count++]!
  return { count, sum }
}

/**
 * Draws from a position's candidates, which are in falling order: the index of the one drawn. Integers throughout, so
 * that whoever knows the candidates, the seed and the position draws the same. Throws `evidence_malformed` when there
 * are none. Source: docs/evidence.md, "The draw".
 *
 * @example
 * ```ts
 * import { draw } from '@heddle/inference/draw'
 * const candidates = [{ token: 4, logprob: -600 }, { token: 9, logprob: -900 }]
 * draw(candidates, { temperature: 1_000, topP: 1_000_000 }, 0n) // 0
 * draw(candidates, { temperature: 1_000, topP: 1_000_000 }, 2n ** 64n - 1n) // 1
 * draw(candidates, { temperature: 0, topP: 1_000_000 }, 2n ** 64n - 1n) // 0
 * ```
 */
export function draw(candidates: readonly Candidate[], { temperature, topP }: Drawing, random: bigint): number {
  if (candidates.length === 0) throw malformed('a position without candidates')
  if (temperature === 0) return 0
  const weights = weightsOf(candidates, temperature)
  const { count, sum } = nucleusOf(weights, topP)
  let left = Number((random * BigInt(sum)) >> 64n)
  for (let i = 0; i < count; i++) {
    left -= weights[i]!
    if (left < 0) return i
  }
  return count - 1
}

const DRAW = utf8('heddle/1 draw')
const OWN_SEED = utf8('heddle/1 own seed')

/** The random bits of an answer's positions, one after the other: {@link randomAt} for one seed and choice. */
export function randomnessOf(seed: Digest, choice: number): (position: number) => bigint {
  const bytes = new Uint8Array(DRAW.length + 38)
  bytes.set(DRAW)
  bytes.set(fromHex(seed), DRAW.length)
  const view = new DataView(bytes.buffer, DRAW.length + 32)
  view.setUint16(0, choice)
  return position => {
    view.setUint32(2, position)
    return BigInt(digestOf(bytes).slice(0, 18))
  }
}

/**
 * The 64 random bits of one position: the first 8 bytes of sha256("heddle/1 draw" ‖ seed ‖ choice ‖ position).
 *
 * @example
 * ```ts
 * import { ownSeed, randomAt } from '@heddle/inference/draw'
 * randomAt(ownSeed(7), 0, 0) // 1000273117411479399n
 * ```
 */
export const randomAt = (seed: Digest, choice: number, position: number): bigint => randomnessOf(seed, choice)(position)

/**
 * What draws are made from when the consumer sent a number of its own (below 2^32): sha256("heddle/1 own seed" ‖ n).
 *
 * @example
 * ```ts
 * import { ownSeed } from '@heddle/inference/draw'
 * ownSeed(7).slice(0, 10) // '0x09cdef73'
 * ```
 */
export function ownSeed(number: number): Digest {
  const word = new Uint8Array(4)
  new DataView(word.buffer).setUint32(0, number)
  return digestOf(concat(OWN_SEED, word))
}
