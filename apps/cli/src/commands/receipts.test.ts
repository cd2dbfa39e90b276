import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownReceipt } from './receipts.ts'

const id = `0x${'12'.repeat(32)}`

test('what is signed is shown by its id; what is not says why, in the same width', () => {
  assert.equal(shownReceipt({ id, state: 'done' }), id)
  assert.match(shownReceipt({ id, state: 'running' }), /none yet, it is being answered/)
  assert.match(shownReceipt({ id, state: 'failed' }), /none, the question failed/)
  for (const state of ['done', 'running', 'failed']) assert.equal(shownReceipt({ id, state }).length, id.length)
})
