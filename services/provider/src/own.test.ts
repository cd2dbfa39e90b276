import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Digest, isHeddleError } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { checkOwn, Places } from './own.ts'

const { addressOf, channel, wordOf } = fixture
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

const steps = fc.array(fc.record({ id: fc.nat(30), isOwn: fc.boolean(), ends: fc.boolean() }), { maxLength: 60 })

test('sold jobs never take a kept place, all together never more than there are, and own jobs get what is left', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(7), steps, (concurrency, reserve, story) => {
      const places = new Places(reserve)
      const running = new Map<Digest, boolean>()
      for (const { id: number, isOwn, ends } of story) {
        const id = wordOf(number)
        if (ends || running.has(id)) {
          running.delete(id)
          places.delete(id)
          continue
        }
        places.add(id)
        const sold = [...running.values()].filter(one => !one).length
        try {
          places.take(id, concurrency, isOwn)
          running.set(id, isOwn)
        } catch (error) {
          assert.ok(isHeddleError(error, 'busy'))
          places.delete(id)
          assert.ok(running.size >= concurrency || (!isOwn && sold >= concurrency - reserve))
        }
        const soldNow = [...running.values()].filter(one => !one).length
        assert.ok(running.size <= concurrency)
        assert.ok(soldNow <= Math.max(0, concurrency - reserve))
      }
    }),
  )
})
