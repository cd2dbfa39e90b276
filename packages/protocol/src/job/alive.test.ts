import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Alive, packAlive, unpackAlive, utf8 } from '../index.ts'

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

test('what a later version adds is left out, and what it says otherwise is a sign of life still', () => {
  const told: [string, Alive][] = [
    ['{"state":"working","mood":"good"}', { state: 'working' }],
    ['{"state":"warming"}', { state: 'working' }],
    ['{"state":"warming","progress":0.5}', { state: 'working', progress: 0.5 }],
    ['{"state":"queued","position":0}', { state: 'queued' }],
    ['{"state":"queued","position":"next","progress":2}', { state: 'queued' }],
  ]
  for (const [text, sign] of told) assert.deepEqual(unpackAlive(utf8(text)), sign, text)
  for (const text of ['', 'null', '[]', '{}', '7', '{"state":', '\ufffe'])
    assert.deepEqual(unpackAlive(utf8(text)), { state: 'working' }, text)
  assert.deepEqual(unpackAlive(Uint8Array.of(0xff, 0xfe)), { state: 'working' })
})
