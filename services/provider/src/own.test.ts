import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { checkOwn } from './own.ts'

const { addressOf, channel } = fixture
const own = { payer: channel.payer, payerAuthorizer: channel.payerAuthorizer, reserve: 0 }

test('a channel is the own one by its payer and by who signs under it', () => {
  checkOwn(own, channel)
  const others = [
    { ...channel, payer: addressOf(9) },
    { ...channel, payerAuthorizer: addressOf(9) },
  ]
  for (const other of others) {
    assert.throws(
      () => checkOwn(own, other),
      error => isHeddleError(error, 'offer_unknown'),
    )
  }
  assert.throws(
    () => checkOwn(undefined, channel),
    error => isHeddleError(error, 'offer_unknown'),
  )
})
