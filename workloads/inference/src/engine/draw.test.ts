import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { draw, quantise, randomAt } from './draw.ts'

const plain = { temperature: 1, topP: 1, topK: 40 }
/** Tokens 0, 1, 2 … with these probabilities. */
const candidates = (...probabilities: number[]) =>
  probabilities.map((probability, token) => ({ token, logprob: quantise(Math.log(probability)) }))
const LAST = (1n << 64n) - 1n

test('temperature 0 takes the likeliest, of equals the lower number', () => {
  for (const random of [0n, LAST]) {
    assert.equal(draw(candidates(0.1, 0.6, 0.3), { ...plain, temperature: 0 }, random), 1)
    assert.equal(draw(candidates(0.1, 0.45, 0.45), { ...plain, temperature: 0 }, random), 1)
  }
})

test('every share of the randomness belongs to a token by its probability', () => {
  const spec = candidates(0.5, 0.3, 0.2)
  const at = (share: number) => draw(spec, plain, BigInt(Math.floor(share * 2 ** 53)) << 11n)
  assert.deepEqual([0, 0.49, 0.51, 0.79, 0.81, 0.999].map(at), [0, 0, 1, 1, 2, 2])
})

test('topK and topP leave the unlikely ones out', () => {
  assert.equal(draw(candidates(0.5, 0.3, 0.2), { ...plain, topK: 2 }, LAST), 1)
  assert.equal(draw(candidates(0.5, 0.3, 0.2), { ...plain, topP: 0.7 }, LAST), 1)
  assert.equal(draw(candidates(0.5, 0.3, 0.2), { ...plain, topP: 0.001 }, LAST), 0)
})

test('the order in which candidates are told does not matter, and one of them is drawn', () => {
  const list = fc.uniqueArray(fc.record({ token: fc.nat(1_000), logprob: fc.integer({ min: -30_000_000, max: 0 }) }), {
    minLength: 1,
    maxLength: 60,
    selector: one => one.token,
  })
  const options = fc.record({
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    topK: fc.integer({ min: 1, max: 60 }),
  })
  fc.assert(
    fc.property(list, options, fc.bigInt({ min: 0n, max: LAST }), (tokens, sampling, random) => {
      const drawn = draw(tokens, sampling, random)
      assert.ok(tokens.some(({ token }) => token === drawn))
      assert.equal(draw(tokens.toReversed(), sampling, random), drawn)
    }),
  )
})

test('randomness is fixed by seed and position, and spread', () => {
  assert.equal(randomAt(7, 3), randomAt(7, 3))
  assert.notEqual(randomAt(7, 3), randomAt(7, 4))
  assert.notEqual(randomAt(7, 3), randomAt(8, 3))
  const high = Array.from({ length: 1_000 }, (_, position) => randomAt(1, position)).filter(random => random >> 63n)
  assert.ok(high.length > 420 && high.length < 580)
})
