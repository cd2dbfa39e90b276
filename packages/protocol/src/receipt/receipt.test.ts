import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, type Json, mutationsOf } from '@heddle/testing'
import fc from 'fast-check'
import { DEPOSIT_COLLECTOR_ADDRESS, isHeddleError, signReceipts, verifyReceipt } from '../index.ts'

const { addressOf, keyOf, offer, overTheWire, parties, receiptOf, wordOf } = fixture
const pinned = parties.provider.address
const one = signReceipts([receiptOf()], parties.provider)[0]!
const batch = signReceipts(
  Array.from({ length: 5 }, (_, i) => receiptOf({ id: wordOf(i + 1), sequence: String(i + 1) })),
  parties.provider,
)
const refusals = ['receipt_malformed', 'receipt_signature', 'receipt_signer'] as const
const isRefusal = (error: unknown): boolean => refusals.some(code => isHeddleError(error, code))

test('a receipt is verified from its bytes and the pinned key alone', () => {
  assert.deepEqual(verifyReceipt(overTheWire(one), pinned), one)
  assert.deepEqual(one.path, { index: 0, size: 1, siblings: [] })
})

test('a receipt that differs in any one place is refused', () => {
  let count = 0
  for (const { path, value } of mutationsOf(one as unknown as Json)) {
    count += 1
    assert.throws(() => verifyReceipt(overTheWire(value), pinned), isRefusal, `${path} ${JSON.stringify(value)}`)
  }
  assert.ok(count > 1_000, `${count} mutations`)
})

test('a receipt has at most 16 units of usage', () => {
  const units = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`unit${i}`, '1']))
  const signed = (count: number) => signReceipts([receiptOf({ usage: units(count) })], parties.provider)[0]
  verifyReceipt(signed(16), pinned)
  assert.throws(
    () => verifyReceipt(signed(17), pinned),
    error => isHeddleError(error, 'receipt_malformed'),
  )
})

test('a receipt of a batch that differs in any one place, its path included, is refused', () => {
  for (const signed of [batch[0]!, batch[4]!]) {
    for (const { path, value } of mutationsOf(signed as unknown as Json)) {
      assert.throws(() => verifyReceipt(overTheWire(value), pinned), isRefusal, `${path} ${JSON.stringify(value)}`)
    }
  }
})

test('one signature covers a batch of any size, and every receipt of it verifies by itself', () => {
  for (let size = 1; size <= 20; size++) {
    const receipts = Array.from({ length: size }, (_, i) => receiptOf({ sequence: String(i + 1) }))
    const signed = signReceipts(receipts, parties.provider)
    assert.equal(new Set(signed.map(({ signature }) => signature)).size, 1)
    for (const [i, receipt] of signed.entries()) {
      assert.deepEqual(verifyReceipt(overTheWire(receipt), pinned).receipt, receipts[i])
    }
  }
  assert.deepEqual(signReceipts([], parties.provider), [])
})

test('a path has one form: another index or size, with which the path would lead to the same root, is refused', () => {
  for (let size = 1; size <= 12; size++) {
    const receipts = Array.from({ length: size }, (_, i) => receiptOf({ sequence: String(i + 1) }))
    for (const signed of signReceipts(receipts, parties.provider)) {
      for (let other = 1; other <= 16; other++) {
        for (let index = 0; index < other; index++) {
          if (other === size && index === signed.path.index) continue
          const path = { ...signed.path, index, size: other }
          assert.throws(() => verifyReceipt({ ...signed, path }, pinned), isRefusal)
        }
      }
    }
  }
})

test('a path or a signature of another receipt is refused', () => {
  const [a, b] = batch as [(typeof batch)[0], (typeof batch)[0]]
  const other = signReceipts([receiptOf({ sequence: '9' })], parties.provider)[0]!
  for (const mixed of [
    { ...a, path: b.path },
    { ...a, receipt: b.receipt },
    { ...one, signature: other.signature },
    { ...a, path: one.path },
    { ...one, path: a.path },
  ]) {
    assert.throws(
      () => verifyReceipt(mixed, pinned),
      error => isHeddleError(error, 'receipt_signature'),
    )
  }
})

test('a receipt signed for another chain or contract is refused here', () => {
  for (const elsewhere of [{ chainId: offer.chainId + 1 }, { settlement: DEPOSIT_COLLECTOR_ADDRESS }]) {
    const signed = signReceipts([receiptOf(elsewhere)], parties.provider)[0]!
    assert.deepEqual(verifyReceipt(signed, pinned), signed)
    const claimed = { ...signed, receipt: receiptOf() }
    assert.throws(
      () => verifyReceipt(claimed, pinned),
      error => isHeddleError(error, 'receipt_signature'),
    )
  }
})

test("another provider's receipt is refused, whether it names that provider or the pinned one", () => {
  const stranger = keyOf(9)
  const honest = signReceipts([receiptOf({ provider: stranger.address })], stranger)[0]!
  assert.throws(
    () => verifyReceipt(honest, pinned),
    error => isHeddleError(error, 'receipt_signer'),
  )
  const forged = signReceipts([receiptOf()], stranger)[0]!
  assert.throws(
    () => verifyReceipt(forged, pinned),
    error => isHeddleError(error, 'receipt_signature'),
  )
  const misled = signReceipts([receiptOf({ provider: addressOf(5) })], parties.provider)[0]!
  assert.throws(
    () => verifyReceipt(misled, pinned),
    error => isHeddleError(error, 'receipt_signature'),
  )
})

test('whatever is not a receipt is refused, never crashed on', () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.jsonValue()), value => {
      assert.throws(
        () => verifyReceipt(value, pinned),
        error => isHeddleError(error, 'receipt_malformed'),
      )
    }),
  )
})
