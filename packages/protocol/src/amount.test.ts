import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arbitrary } from '@heddle/testing'
import fc from 'fast-check'
import { amountSchema, formatUnits, isHeddleError, MAX_AMOUNT, parseAmount, parseUnits, priceOf } from './index.ts'

const refused = (error: unknown): boolean => isHeddleError(error, 'bad_request')

test('every amount is read back from its text, by the parser and by the schema', () => {
  fc.assert(
    fc.property(arbitrary.uint128, amount => {
      assert.equal(parseAmount(amount.toString()), amount)
      assert.equal(amountSchema.safeParse(amount.toString()).success, true)
    }),
  )
  assert.equal(parseAmount('0'), 0n)
  assert.equal(parseAmount(MAX_AMOUNT.toString()), MAX_AMOUNT)
})

const texts = [
  '',
  ' ',
  '-0',
  '-1',
  '+1',
  '01',
  '00',
  '1e3',
  '1.0',
  '1,000',
  '0x10',
  ' 1',
  '1 ',
  '1\n',
  '１',
  '1n',
  'NaN',
  'Infinity',
  (MAX_AMOUNT + 1n).toString(),
  '9'.repeat(39),
  '9'.repeat(40),
  '9'.repeat(100_000),
]

test('signs, exponents, leading zeros, spaces, other digits and too large amounts are refused', () => {
  for (const text of texts) {
    assert.throws(() => parseAmount(text), refused, JSON.stringify(text.slice(0, 50)))
    assert.equal(amountSchema.safeParse(text).success, false)
  }
  for (const value of [1, 1n, null, undefined, ['1'], { toString: () => '1' }]) {
    assert.equal(amountSchema.safeParse(value).success, false)
  }
})

test('a text is an amount exactly when it is the decimal form of one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.bigInt().map(String), fc.double().map(String)), text => {
      const expected = /^[0-9]+$/.test(text) && BigInt(text).toString() === text && BigInt(text) <= MAX_AMOUNT
      assert.equal(amountSchema.safeParse(text).success, expected)
    }),
    { numRuns: 500 },
  )
})

test('tokens and base units are each other’s inverse, for any number of decimals', () => {
  fc.assert(
    fc.property(arbitrary.uint128, fc.integer({ min: 0, max: 30 }), (amount, decimals) => {
      const text = formatUnits(amount, decimals)
      assert.equal(parseUnits(text, decimals), amount)
      assert.doesNotMatch(text, /^\.|\.$|\.[0-9]*0$|^0[0-9]/)
      assert.equal(formatUnits(-amount, decimals), amount === 0n ? text : `-${text}`)
    }),
  )
})

test('tokens as people write them', () => {
  assert.equal(formatUnits(10n ** 18n), '1')
  assert.equal(formatUnits(1n), '0.000000000000000001')
  assert.equal(formatUnits(1_500_000n, 6), '1.5')
  assert.equal(formatUnits(15n, 0), '15')
  assert.equal(parseUnits('0.5'), 5n * 10n ** 17n)
  assert.equal(parseUnits('007'), 7n * 10n ** 18n)
  for (const text of [
    '',
    '.',
    '1.',
    '.5',
    '-1',
    '+1',
    '1e3',
    '1,5',
    ' 1',
    '0x1',
    `0.${'1'.repeat(19)}`,
    '9'.repeat(22),
  ]) {
    assert.throws(() => parseUnits(text), refused, text)
  }
  assert.throws(() => parseUnits('1.5', 0), refused)
})

test('price × usage is exact, grows with usage, and refuses a unit without a price', () => {
  const prices = { prompt: arbitrary.uint128.map(String), completion: arbitrary.uint128.map(String) }
  const count = fc.bigInt({ min: 0n, max: 10n ** 18n })
  fc.assert(
    fc.property(fc.record(prices), count, count, count, (offer, prompt, completion, more) => {
      const price = priceOf({ prices: offer }, { prompt, completion })
      assert.equal(price, BigInt(offer.prompt) * prompt + BigInt(offer.completion) * completion)
      assert.ok(priceOf({ prices: offer }, { prompt: prompt + more, completion }) >= price)
    }),
  )
  for (const unit of ['gpu', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.throws(
      () => priceOf({ prices: { prompt: '1' } }, { [unit]: 1n }),
      error => isHeddleError(error, 'offer_invalid'),
    )
  }
})
