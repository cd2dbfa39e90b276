import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wilson } from './interval.ts'

test('the interval of a share: known values, and everything where nothing was checked', () => {
  assert.deepEqual(wilson(0, 0), { rate: null, low: 0, high: 1 })
  const near = (value: number, expected: number) => assert.ok(Math.abs(value - expected) < 5e-4, `${value}`)
  near(wilson(8, 10).low, 0.4902)
  near(wilson(8, 10).high, 0.9433)
  near(wilson(100, 100).low, 0.963)
  near(wilson(0, 100).high, 0.037)
})

test('it holds the share, lies within 0 and 1, and gets narrower', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10_000), (total, some) => {
      const hits = Math.min(some, total)
      const { rate, low, high } = wilson(hits, total)
      assert.ok(0 <= low && low <= rate! && rate! <= high && high <= 1)
      const more = wilson(4 * hits, 4 * total)
      assert.ok(more.high - more.low < high - low)
    }),
  )
})

test('one more honest answer never lowers it, one more dishonest one never raises it', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(2_000), (honest, dishonest) => {
      const { low } = wilson(honest, honest + dishonest)
      assert.ok(wilson(honest + 1, honest + dishonest + 1).low >= low)
      assert.ok(wilson(honest, honest + dishonest + 1).low <= low + 1e-12)
    }),
  )
})
