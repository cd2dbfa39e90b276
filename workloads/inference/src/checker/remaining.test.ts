import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRemaining } from './remaining.ts'

test('what is left takes as long, piece by piece, as what was done', () => {
  const remaining = startRemaining(200)
  assert.equal(remaining.left(), undefined, 'nothing was done yet')
  remaining.took(15_000, 1)
  assert.equal(remaining.left(), 199 * 15_000)
  remaining.took(25_000, 3)
  assert.equal(remaining.left(), 196 * 10_000)
})

test('time in which nothing was done makes every piece dearer', () => {
  const remaining = startRemaining(10)
  remaining.took(1_000, 0)
  assert.equal(remaining.left(), undefined)
  remaining.took(1_000, 1)
  assert.equal(remaining.left(), 9 * 2_000)
})

test('what need not be done takes no time, and more than all is nothing', () => {
  const remaining = startRemaining(10)
  remaining.skip(4)
  remaining.took(1_000, 1)
  assert.equal(remaining.left(), 5_000)
  remaining.took(1_000, 9)
  assert.equal(remaining.left(), 0)
})
