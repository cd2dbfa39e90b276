import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Alive, isHeddleError, packAlive, unpackAlive, utf8 } from '../index.ts'

const sign: fc.Arbitrary<Alive> = fc.record(
  {
    state: fc.constantFrom('queued', 'loading', 'working'),
    position: fc.integer({ min: 1, max: 1_000_000 }),
    progress: fc.double({ min: 0, max: 1, noNaN: true }).map(share => share + 0),
  },
  { requiredKeys: ['state'], noNullPrototype: true },
)

test('a sign of life comes back as it was given', () => {
  fc.assert(fc.property(sign, one => assert.deepEqual(unpackAlive(packAlive(one)), one)))
})

test('what a later version adds is left out, what is no sign of life is refused', () => {
  assert.deepEqual(unpackAlive(utf8('{"state":"working","mood":"good"}')), { state: 'working' })
  for (const text of ['', 'null', '[]', '{}', '{"state":"dead"}', '{"state":"queued","position":0}'])
    assert.throws(
      () => unpackAlive(utf8(text)),
      error => isHeddleError(error, 'receipt_mismatch'),
      text,
    )
})
