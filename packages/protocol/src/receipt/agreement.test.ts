import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { checkAgreement, type Delivered, digestOf, isHeddleError, type Receipt } from '../index.ts'

const { addressOf, job, offer, output, receiptOf, wordOf } = fixture

const delivered: Delivered = {
  job,
  offer,
  output: bytes => (bytes <= output.length ? digestOf(output.subarray(0, bytes)) : undefined),
}

const names = (field: RegExp) => (error: unknown) =>
  isHeddleError(error, 'receipt_mismatch') && field.test((error as Error).message)

test('a receipt of what was asked, offered and delivered agrees', () => {
  checkAgreement(receiptOf(), delivered)
})

const wrong: Partial<Receipt> = {
  id: wordOf(9),
  provider: addressOf(9),
  chainId: 9,
  settlement: addressOf(9),
  channel: wordOf(9),
  offer: wordOf(9),
  workload: 'storage',
  model: wordOf(9),
  request: wordOf(9),
  nonce: wordOf(9),
  seed: wordOf(9),
  input: wordOf(9),
  output: wordOf(9),
  charge: '54',
}

for (const [field, value] of Object.entries(wrong)) {
  test(`another ${field} is a mismatch, and is named`, () => {
    assert.throws(() => checkAgreement(receiptOf({ [field]: value }), delivered), names(new RegExp(`^${field} is `)))
  })
}

test('another engine or build is a mismatch', () => {
  for (const engine of [
    { ...offer.engine, name: 'other' },
    { ...offer.engine, build: 'b2' },
  ]) {
    assert.throws(() => checkAgreement(receiptOf({ engine }), delivered), names(/^engine/))
  }
})

test('fewer bytes than were signed for, or more than arrived, are a mismatch of the output', () => {
  for (const outputBytes of ['0', '30', '32', '999999999999999999']) {
    assert.throws(() => checkAgreement(receiptOf({ outputBytes }), delivered), names(/^output is /))
  }
})

test('a charge that is not price × usage is a mismatch, either way', () => {
  assert.throws(
    () => checkAgreement(receiptOf({ usage: { prompt: '9', completion: '8' } }), delivered),
    names(/^charge/),
  )
  assert.throws(() => checkAgreement(receiptOf({ usage: { prompt: '9' } }), delivered), names(/^charge/))
})

test('a unit without a price is a mismatch of the usage, whatever it is called', () => {
  for (const unit of ['gpu', 'constructor', 'toString']) {
    const usage = { prompt: '9', completion: '7', [unit]: '0' }
    assert.throws(() => checkAgreement(receiptOf({ usage }), delivered), names(/^usage/))
  }
})

test('a charge above the limit of the job is a mismatch, even when the job is the one that was asked', () => {
  const capped = { ...delivered, offer: { ...offer, prices: { prompt: '200', completion: '5' } } }
  const receipt = receiptOf({ charge: String(9 * 200 + 7 * 5) })
  assert.throws(() => checkAgreement(receipt, capped), names(/^offer is /))
})
