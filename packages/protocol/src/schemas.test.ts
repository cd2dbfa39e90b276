import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import {
  isHeddleError,
  MOST_FEATURES,
  MOST_TERMS,
  type Offer,
  packReceipt,
  type Receipt,
  readOffer,
  type SignedReceipt,
  signOffer,
  signReceipts,
  textSchema,
  verifyReceipt,
} from './index.ts'

const { parties, receiptOf } = fixture
const pinned = parties.provider.address
const isReceipt = (changes: Partial<Receipt>): boolean => {
  try {
    verifyReceipt(signReceipts([receiptOf(changes)], parties.provider)[0], pinned)
    return true
  } catch (error) {
    assert.ok(isHeddleError(error, 'receipt_malformed'), String(error))
    return false
  }
}
const isOffer = (changes: Partial<Offer>): boolean => {
  try {
    readOffer(signOffer({ ...fixture.offer, ...changes }, parties.provider), 0)
    return true
  } catch (error) {
    assert.ok(isHeddleError(error, 'offer_invalid'), String(error))
    return false
  }
}

test('a text is counted in UTF-16 units, and has no half of a pair', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(12), (text, most) => {
      assert.equal(textSchema(0, most).safeParse(text).success, text.length <= most)
      assert.equal(textSchema(most, 99).safeParse(text).success, text.length >= most)
    }),
  )
  for (const half of ['\ud83d', '\ude00', 'a\ud83d', '\ude00\ud83d'])
    assert.equal(textSchema(0, 9).safeParse(half).success, false)
})

test('every bounded text of a receipt and of an offer ends with its last unit, whatever it is written in', () => {
  for (const unit of ['a', 'é', '€', '😀', '\u0000']) {
    const text = (units: number): string => unit.repeat(Math.ceil(units / unit.length)).slice(0, units)
    for (const most of [128, 64, 32]) {
      // One above an even bound is half of a pair, which is refused too: take a whole one.
      const [full, over] = [text(most), text(most) + unit]
      const receipts: Partial<Receipt>[] = (
        {
          128: [{ engine: { build: full, name: '' } }, { engine: { build: over, name: '' } }],
          64: [{ engine: { build: '', name: full } }, { engine: { build: '', name: over } }],
          32: [{ usage: { [full]: '1' }, workload: full }, { usage: { [over]: '1' } }, { workload: over }],
        } as Record<number, Partial<Receipt>[]>
      )[most]!
      assert.deepEqual(
        receipts.map(isReceipt),
        receipts.map((_, i) => i === 0),
      )
      // The packed form has the same bounds.
      for (const [i, changes] of receipts.entries()) {
        const signed: SignedReceipt = {
          path: { index: 0, siblings: [], size: 1 },
          receipt: receiptOf(changes),
          signature: `0x${'00'.repeat(65)}`,
        }
        if (i === 0) packReceipt(signed)
        else
          assert.throws(
            () => packReceipt(signed),
            error => isHeddleError(error, 'receipt_malformed'),
          )
      }
    }
    const { serves, engine } = fixture.offer
    assert.ok(isOffer({ serves: { ...serves, name: text(128), quantization: text(32) }, features: [text(32)] }))
    for (const changes of [
      { serves: { ...serves, name: text(128) + unit } },
      { serves: { ...serves, quantization: text(32) + unit } },
      { features: [text(32) + unit] },
      { engine: { ...engine, build: text(128) + unit } },
      { limits: { [text(32) + unit]: 1 } },
      { prices: { ...fixture.offer.prices, [text(32) + unit]: '1' } },
      { workload: text(32) + unit },
    ])
      assert.equal(isOffer(changes), false, JSON.stringify(changes))
  }
})

test('an offer has so many terms and features that a contract reads it within a transaction, and no more', () => {
  const terms = <V>(count: number, value: V): Record<string, V> =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${String(i).padStart(31, '0')}`, value]))
  for (const [count, reads] of [
    [MOST_TERMS, true],
    [MOST_TERMS + 1, false],
    [2_500, false],
  ] as const) {
    assert.equal(isOffer({ limits: terms(count, 0) }), reads)
    assert.equal(isOffer({ prices: terms(count, '0') }), reads)
  }
  const features = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${i}`)
  assert.deepEqual(
    [MOST_FEATURES, MOST_FEATURES + 1].map(count => isOffer({ features: features(count) })),
    [true, false],
  )
})

test('an endpoint is taken as it was signed, with what stands around it', () => {
  assert.equal(isOffer({ endpoint: ' http://127.0.0.1:8403 ' }), true)
  for (const endpoint of ['', 'no', `http://a/${'b'.repeat(248)}`]) assert.equal(isOffer({ endpoint }), false, endpoint)
})
