import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readFromReference } from './messages.ts'

const looked = {
  type: 'looked',
  look: 1,
  vocabulary: 1_024,
  prompt: { digest: `0x${'ab'.repeat(32)}`, tokens: 9 },
  reading: { text: 'Hi', completion: 2, end: { by: 'token', at: 2 }, stopped: null },
  likeliest: [{ tokens: [4, 9], logits: [1.5, -2] }],
  milliseconds: 3.5,
  evaluated: 11,
}

test('what a reference says is read as it is', () => {
  assert.deepEqual(readFromReference(looked), looked)
  assert.ok(readFromReference({ ...looked, reading: null, likeliest: [] }))
  assert.ok(readFromReference({ type: 'working', look: 2 }))
  assert.ok(readFromReference({ type: 'failed', look: 2, code: 'internal', message: 'no' }))
})

test('anything unsound is nothing: another shape, a number that is none, lists of two lengths, too much', () => {
  const wrong: unknown[] = [
    { ...looked, look: -1 },
    { ...looked, milliseconds: Number.NaN },
    { ...looked, milliseconds: -1 },
    { ...looked, prompt: { digest: '0x12', tokens: 9 } },
    { ...looked, reading: { ...looked.reading, end: { by: 'luck', at: 0 } } },
    { ...looked, reading: { ...looked.reading, text: 'x'.repeat(2 ** 24 + 1) } },
    { ...looked, likeliest: [{ tokens: [4], logits: [1, 2] }] },
    { ...looked, likeliest: [{ tokens: [], logits: [] }] },
    { ...looked, likeliest: [{ tokens: [4], logits: [Number.POSITIVE_INFINITY] }] },
    { ...looked, likeliest: [{ tokens: Array(513).fill(1), logits: Array(513).fill(1) }] },
    { type: 'failed', look: 2, code: 'other', message: 'no' },
    { type: 'working', look: '1' },
    { type: 'pieces', look: 1 },
    null,
    'looked',
  ]
  for (const one of wrong) assert.equal(readFromReference(one), undefined, JSON.stringify(one)?.slice(0, 80))
  fc.assert(fc.property(fc.anything(), value => readFromReference(value) === undefined))
})
