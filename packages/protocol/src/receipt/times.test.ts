import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { askedAt, CLOCK_SKEW, checkTimes, isHeddleError } from '../index.ts'

const { job, receiptOf } = fixture
const asked = askedAt(job)

test('times between the asking and now are taken, and so are those of clocks that lie two minutes apart', () => {
  const span = fc.integer({ min: 0, max: 10_000_000 })
  fc.assert(
    fc.property(span, fc.double({ min: 0, max: 1, noNaN: true }), (took, share) => {
      const now = asked + took
      const time = Math.round(asked - CLOCK_SKEW + share * (took + 2 * CLOCK_SKEW))
      checkTimes(receiptOf({ started: time, finished: time }), job, now)
    }),
  )
})

test('a time before the asking, or in the future, is refused by name; it can be taken later or never, and is no guilt', () => {
  const now = asked + 5_000
  for (const field of ['started', 'finished'] as const) {
    for (const time of [asked - CLOCK_SKEW - 1, now + CLOCK_SKEW + 1, Number.MAX_SAFE_INTEGER, 1]) {
      const receipt = receiptOf({ started: now, finished: now, [field]: time })
      assert.throws(
        () => checkTimes(receipt, job, now),
        error => isHeddleError(error, 'receipt_time') && error.message.startsWith(`${field} is ${time}`),
      )
    }
  }
  const early = receiptOf({ started: now, finished: now + CLOCK_SKEW + 1 })
  checkTimes(early, job, now + 1)
})
