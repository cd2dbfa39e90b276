import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { askedDrawing, keepLikeliest, millinats } from './index.ts'

test('a natural logarithm becomes the nearest thousandth, between −100 and 0', () => {
  for (const [log, told] of [
    [0, 0],
    [-0.0004, 0],
    [-0.0005, 0],
    [-0.0006, -1],
    [-1.5, -1_500],
    [-99.9996, -100_000],
    [-1e9, -100_000],
    [-Infinity, -100_000],
    [1e-9, 0],
    [3, 0],
  ] as const) {
    assert.ok(Object.is(millinats(log), told), `${log} became ${millinats(log)}`)
  }
  assert.throws(
    () => millinats(Number.NaN),
    error => isHeddleError(error, 'evidence_malformed'),
  )
})

test('the likeliest are kept in falling order, of equal ones the lower number first, none far below the first', () => {
  const entry = fc.record({ token: fc.nat(40_000), logprob: fc.double({ min: -30, max: 0, noNaN: true }) })
  const entries = fc.uniqueArray(entry, { selector: one => one.token, minLength: 1, maxLength: 80 })
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 40 }), (all, topK) => {
      const kept = keepLikeliest(all, topK)
      const told = all.map(({ token, logprob }) => ({ token, logprob: millinats(logprob) }))
      const best = Math.max(...told.map(({ logprob }) => logprob))
      assert.equal(kept.length, Math.min(topK, told.filter(({ logprob }) => best - logprob <= 9_210).length))
      assert.equal(kept[0]!.logprob, best)
      const isBefore = (a: (typeof told)[0], b: (typeof told)[0]): boolean =>
        a.logprob > b.logprob || (a.logprob === b.logprob && a.token < b.token)
      for (let i = 1; i < kept.length; i++) assert.ok(isBefore(kept[i - 1]!, kept[i]!))
      const last = kept.at(-1)!
      const names = new Set(kept.map(({ token }) => token))
      const ahead = told.filter(one => !names.has(one.token) && isBefore(one, last))
      assert.deepEqual(ahead, [], 'one left out is likelier than one kept')
      assert.deepEqual(keepLikeliest(all.toReversed(), topK), kept)
    }),
  )
  assert.throws(
    () => keepLikeliest([], 20),
    error => isHeddleError(error, 'evidence_malformed'),
  )
})

test('what a request asks of its draws is read by name, as integers', () => {
  const base = { temperature: 1, topP: 1 }
  for (const [spec, asked] of [
    [base, { temperature: 1_000, topP: 1_000_000, topK: 16 }],
    [
      { ...base, temperature: 0 },
      { temperature: 0, topP: 1_000_000, topK: 16 },
    ],
    [
      { ...base, temperature: 1e-9 },
      { temperature: 1, topP: 1_000_000, topK: 16 },
    ],
    [
      { ...base, temperature: 0.0015 },
      { temperature: 2, topP: 1_000_000, topK: 16 },
    ],
    [
      { ...base, temperature: 2, topP: 1e-12 },
      { temperature: 2_000, topP: 1, topK: 16 },
    ],
    [
      { ...base, topP: 0.9 },
      { temperature: 1_000, topP: 900_000, topK: 16 },
    ],
    [
      { ...base, topK: 1_000 },
      { temperature: 1_000, topP: 1_000_000, topK: 255 },
    ],
    [
      { ...base, topK: 1, seed: 0 },
      { temperature: 1_000, topP: 1_000_000, topK: 1, seed: 0 },
    ],
  ] as const) {
    assert.deepEqual(askedDrawing(spec), asked)
  }
})

test('a spec that does not say how to draw says nothing', () => {
  const base = { temperature: 1, topP: 1 }
  for (const spec of [
    {},
    { topP: 1 },
    { ...base, temperature: '1' },
    { ...base, temperature: -0.1 },
    { ...base, temperature: 2.1 },
    { ...base, topP: 0 },
    { ...base, topP: 1.1 },
    { ...base, topK: 0 },
    { ...base, topK: 1.5 },
    { ...base, topK: 1_001 },
    { ...base, topK: null },
    { ...base, seed: -1 },
    { ...base, seed: 0.5 },
    { ...base, seed: 0xffff_ffff },
    Object.create(base) as Record<string, unknown>,
  ]) {
    assert.equal(askedDrawing(spec), undefined)
  }
})
