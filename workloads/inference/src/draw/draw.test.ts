import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fromHex, isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { type Candidate, draw, nucleusOf, ownSeed, randomAt, randomnessOf, weightsOf } from './index.ts'

const candidatesOf = (gaps: readonly number[]): Candidate[] => {
  let logprob = -50
  return gaps.map((gap, token) => {
    logprob -= token === 0 ? 0 : gap
    return { token, logprob }
  })
}
const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3_000 })), {
    minLength: 1,
    maxLength: 255,
  })
  .map(candidatesOf)
const temperature = fc.oneof(
  fc.integer({ min: 1, max: 2_000 }),
  fc.constantFrom(1, 2, 562, 1_000),
  fc.integer({ min: 1, max: 0xffff_ffff }),
)
const topP = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(1, 999_999, 1_000_000))
const random = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.constantFrom(0n, (1n << 64n) - 1n))

/** The page's five steps with whole numbers of any size, word for word. */
function drawnByThePage(of: readonly Candidate[], temperature: bigint, topP: bigint, random: bigint): number {
  if (temperature === 0n) return 0
  const one = 1n << 26n
  const weights = of.map(({ logprob }) => {
    const gap = (BigInt(of[0]!.logprob - logprob) * 1_000n) / temperature
    if (gap >= 16_384n) return 0n
    let weight = one
    for (let bit = 0n; bit < 14n; bit++) {
      const factor = BigInt(Math.floor(2 ** 26 * Math.exp(-(2 ** Number(bit)) / 1_000) + 0.5))
      if ((gap >> bit) & 1n) weight = (weight * factor) / one
    }
    return weight
  })
  const all = weights.reduce((sum, weight) => sum + weight, 0n)
  let nucleus = 0n
  let count = 0
  while (count === 0 || nucleus * 1_000_000n < all * topP) nucleus += weights[count++]!
  const left = (random * nucleus) >> 64n
  let sum = 0n
  for (let i = 0; i < count; i++) {
    sum += weights[i]!
    if (sum > left) return i
  }
  throw new Error('no draw')
}

test('the draw is that of the page, computed with whole numbers of any size', () => {
  fc.assert(
    fc.property(candidates, temperature, topP, random, (of, temperature, topP, random) => {
      const expected = drawnByThePage(of, BigInt(temperature), BigInt(topP), random)
      assert.equal(draw(of, { temperature, topP }, random), expected)
    }),
    { numRuns: 1_000 },
  )
})

test('sums are exact where a Number could not hold the product: 255 candidates of equal likelihood, every topP', () => {
  const weights = Array.from({ length: 255 }, () => 2 ** 26)
  const all = 255n << 26n
  for (let topP = 1; topP <= 1_000_000; topP += 37) {
    const { count } = nucleusOf(weights, topP)
    const enough = all * BigInt(topP)
    assert.ok((BigInt(count) << 26n) * 1_000_000n >= enough, `topP ${topP}: too few`)
    assert.ok(count === 1 || (BigInt(count - 1) << 26n) * 1_000_000n < enough, `topP ${topP}: too many`)
  }
})

test('the nucleus ends where its share is reached and not a part of a millionth before', () => {
  let edges = 0
  for (let gap = 0; gap < 9_210; gap++) {
    const weights = weightsOf(candidatesOf([0, gap]), 1_000)
    const [first, all] = [BigInt(weights[0]!), BigInt(weights[0]! + weights[1]!)]
    const share = Number((first * 1_000_000n) / all)
    for (const topP of [share, share + 1]) {
      if (topP > 1_000_000) continue
      const missing = all * BigInt(topP) - first * 1_000_000n
      if (missing > 0n && missing < 1_000_000n) edges += 1
      assert.equal(nucleusOf(weights, topP).count, missing > 0n ? 2 : 1, `gap ${gap}, topP ${topP}`)
    }
  }
  assert.ok(edges > 10, 'some miss their share by less than one')
})

test('weights follow e^(−gap / temperature) to a few millionths', () => {
  for (const temperature of [100, 700, 1_000, 2_000]) {
    const of = Array.from({ length: 200 }, (_, i) => ({ token: i, logprob: -i * 45 }))
    for (const [i, weight] of weightsOf(of, temperature).entries()) {
      const gap = Math.floor((i * 45 * 1_000) / temperature)
      const exact = gap < 16_384 ? Math.exp(-gap / 1_000) : 0
      assert.ok(Math.abs(weight / 2 ** 26 - exact) < 3e-7, `gap ${gap}`)
    }
  }
})

test('a gap of 16,383 still has a weight, one of 16,384 has none', () => {
  const [, near, far] = weightsOf(candidatesOf([0, 16_383, 1]), 1_000)
  assert.equal(far, 0)
  assert.ok(near! > 0)
})

test('what is drawn comes as often as e^(logprob / temperature) says', () => {
  const draws = 40_000
  for (const temperature of [300, 700, 1_000, 2_000]) {
    const of = [0, 40, 95, 300, 310, 700, 900, 1_200, 2_000, 3_500].map((below, token) => ({
      token,
      logprob: -80 - below,
    }))
    const seen = new Array<number>(of.length).fill(0)
    const random = randomnessOf(ownSeed(temperature), 0)
    for (let i = 0; i < draws; i++) seen[draw(of, { temperature, topP: 1_000_000 }, random(i))]! += 1
    const shares = of.map(({ logprob }) => Math.exp(logprob / temperature))
    const all = shares.reduce((sum, share) => sum + share, 0)
    let [distance, degrees] = [0, -1]
    for (const [i, share] of shares.entries()) {
      const expected = (share / all) * draws
      if (expected < 10) continue
      distance += (seen[i]! - expected) ** 2 / expected
      degrees += 1
    }
    // Five standard deviations of chi squared above its mean.
    assert.ok(
      degrees > 2 && distance < degrees + 5 * Math.sqrt(2 * degrees),
      `${temperature}: ${distance} of ${degrees}`,
    )
  }
})

test('the nucleus is never left', () => {
  fc.assert(
    fc.property(candidates, temperature, topP, random, (of, temperature, topP, random) => {
      const { count } = nucleusOf(weightsOf(of, temperature), topP)
      assert.ok(draw(of, { temperature, topP }, random) < count)
    }),
  )
})

test('temperature 0 takes the likeliest, whatever the rest says', () => {
  fc.assert(
    fc.property(candidates, topP, random, (of, topP, random) => {
      assert.equal(draw(of, { temperature: 0, topP }, random), 0)
    }),
  )
})

test('there is nothing to draw from no candidates', () => {
  assert.throws(
    () => draw([], { temperature: 1, topP: 1 }, 0n),
    error => isHeddleError(error, 'evidence_malformed'),
  )
})

test('randomness is sha256 of the words, the seed, the choice and the position', () => {
  const seed = ownSeed(0xffff_fffe)
  const words = createHash('sha256').update('heddle/1 own seed').update(Buffer.from('fffffffe', 'hex')).digest('hex')
  assert.equal(seed, `0x${words}`)
  const hash = createHash('sha256')
    .update('heddle/1 draw')
    .update(fromHex(seed))
    .update(Buffer.from('000300010203', 'hex'))
  assert.equal(randomAt(seed, 3, 0x0001_0203), hash.digest().readBigUInt64BE())
  assert.equal(randomnessOf(seed, 3)(0x0001_0203), randomAt(seed, 3, 0x0001_0203))
})
