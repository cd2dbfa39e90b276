import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { channelSchema, checkChannelOf, depositSchema, isHeddleError, voucherSchema, ZERO_ADDRESS } from '../index.ts'

const { addressOf, channel, offer, wordOf } = fixture

test("a channel that is built from an offer is that offer's", () => {
  checkChannelOf(offer, channel)
})

for (const [field, value] of Object.entries({
  receiver: addressOf(9),
  receiverAuthorizer: addressOf(9),
  token: addressOf(9),
  withdrawDelay: 901,
})) {
  test(`a channel with another ${field} is refused, and the field is named`, () => {
    assert.throws(
      () => checkChannelOf(offer, { ...channel, [field]: value }),
      error => isHeddleError(error, 'channel_mismatch') && error.message.startsWith(`${field} `),
    )
  })
}

test('a channel whose authorizer is the zero address is refused', () => {
  const open = { ...channel, payerAuthorizer: ZERO_ADDRESS }
  assert.throws(
    () => checkChannelOf(offer, open),
    error => isHeddleError(error, 'authorizer_zero'),
  )
})

test('wire forms refuse unknown fields, upper case, wrong sizes and wrong kinds', () => {
  const signature = `0x${'ab'.repeat(65)}`
  const voucher = { channel: wordOf(1), ceiling: '1', signature }
  const deposit = { payer: addressOf(1), amount: '1', validBefore: 1, salt: wordOf(1), signature }
  for (const [schema, good] of [
    [channelSchema, channel],
    [voucherSchema, voucher],
    [depositSchema, deposit],
  ] as const) {
    assert.ok(schema.safeParse(good).success)
    assert.ok(!schema.safeParse({ ...good, more: 1 }).success)
    for (const [field, value] of Object.entries(good)) {
      const { [field as keyof typeof good]: _, ...rest } = good
      assert.ok(!schema.safeParse(rest).success, `${field} left out`)
      for (const wrong of [null, [value], `${value} `, `0X${String(value).slice(2)}`, -1, 0.5, Number.NaN]) {
        assert.ok(!schema.safeParse({ ...good, [field]: wrong }).success, `${field} as ${String(wrong)}`)
      }
      if (typeof value === 'string' && value.startsWith('0x')) {
        for (const wrong of [value.toUpperCase(), `${value}00`, value.slice(0, -2), `${value}\n`]) {
          assert.ok(!schema.safeParse({ ...good, [field]: wrong }).success, `${field} as ${wrong}`)
        }
      }
    }
  }
})
