import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isHeddleError } from './errors/heddle-error.ts'
import { addUsage, priceOf, usageFromJson, usageToJson } from './price.ts'

const units = ['prompt', 'cached', 'completion', 'size'] as const
const counts = fc.bigInt({ min: 0n, max: 10n ** 30n })
const usage = fc.dictionary(fc.constantFrom(...units), counts)
const prices = fc.record(Object.fromEntries(units.map(unit => [unit, counts])) as Record<string, fc.Arbitrary<bigint>>)
const toOffer = (told: Record<string, bigint>) => ({ prices: usageToJson(told) })

test('what is used costs its price, each unit by itself: two parts cost what they cost together, and nothing costs nothing', () => {
  fc.assert(
    fc.property(prices, usage, usage, (told, a, b) => {
      const offer = toOffer(told)
      const expected = Object.entries(a).reduce((sum, [unit, count]) => sum + told[unit]! * count, 0n)
      assert.equal(priceOf(offer, a), expected)
      assert.equal(priceOf(offer, addUsage(a, b)), priceOf(offer, a) + priceOf(offer, b))
      assert.equal(priceOf(offer, {}), 0n)
    }),
  )
})

test('usage is added unit by unit, also a unit that only one of both has, and neither is altered', () => {
  fc.assert(
    fc.property(usage, usage, (a, b) => {
      const before = [{ ...a }, { ...b }]
      const sum = addUsage(a, b)
      for (const unit of units) assert.equal(sum[unit] ?? 0n, (a[unit] ?? 0n) + (b[unit] ?? 0n), unit)
      assert.deepEqual(
        [a, b].map(one => ({ ...one })),
        before,
      )
    }),
  )
  assert.deepEqual(addUsage({ prompt: 1n }, { prompt: 2n, size: 3n } as never), { prompt: 3n, size: 3n })
})

test('a unit without a price is refused, also one that every object has by birth', () => {
  for (const unit of ['other', 'constructor', '__proto__', 'toString'])
    assert.throws(
      () => priceOf({ prices: { prompt: '1' } }, Object.fromEntries([[unit, 1n]])),
      error => isHeddleError(error, 'offer_invalid'),
    )
})

test('usage goes into JSON and back', () => {
  fc.assert(fc.property(usage, one => assert.deepEqual({ ...usageFromJson(usageToJson(one)) }, { ...one })))
})
