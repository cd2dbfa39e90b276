import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, type Judgement } from '@heddle/protocol'
import fc from 'fast-check'
import { chanceOf, type Judged, stretchOf } from './conduct.ts'

const judged = (verdicts: string): Judged[] =>
  [...verdicts].map((letter, i) => ({
    id: digestOf(String(i)),
    sequence: BigInt(i + 1),
    verdict: ({ h: 'honest', d: 'dishonest', '?': 'inconclusive' } as Record<string, Judgement>)[letter]!,
    check: 'distance',
    reason: '',
    falsePositiveRate: 0.01,
  }))

test('dishonest answers have a beginning and an end, and honest ones around them are counted', () => {
  const stretch = stretchOf(judged('hh?hdd?hdh'))!
  assert.deepEqual(
    [stretch.first, stretch.last, stretch.dishonest, stretch.judged, stretch.honestBefore, stretch.honestAfter],
    [5n, 9n, 3, 4, 3, 1],
  )
})

test('the order in which answers are shown does not matter; honest and unclear ones alone make no stretch', () => {
  assert.deepEqual(stretchOf(judged('hhddd').reverse()), stretchOf(judged('hhddd')))
  assert.equal(stretchOf(judged('hh?h')), undefined)
  assert.equal(stretchOf([]), undefined)
})

test('the bound is never below the exact chance, and all of all is the rate to that power', () => {
  assert.ok(Math.abs(chanceOf(10, 10, 0.01) - -20) < 1e-9)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 30 }),
      fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
      (wrong, more, rate) => {
        const all = wrong + more
        let exact = 0
        let ways = 1
        for (let k = 0; k <= all; k++) {
          if (k > 0) ways = (ways * (all - k + 1)) / k
          if (k >= wrong) exact += ways * rate ** k * (1 - rate) ** (all - k)
        }
        assert.ok(10 ** chanceOf(wrong, all, rate) >= Math.min(1, exact) * (1 - 1e-9))
      },
    ),
  )
})
