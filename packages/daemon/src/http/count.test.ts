import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { countOf } from './count.ts'

const bounds = { unless: 20, from: 1, to: 200 }
const read = (text: string): number => countOf(new URLSearchParams({ limit: text }), 'limit', bounds)
const isRefused = (error: unknown): boolean =>
  isHeddleError(error, 'bad_request') && /^limit: /.test((error as Error).message)

test('a whole number within its bounds is what was asked, and nothing is the usual', () => {
  for (const count of [1, 20, 200]) assert.equal(read(String(count)), count)
  assert.equal(countOf(new URLSearchParams(), 'limit', bounds), 20)
})

test('anything else is refused by name: below, above, a part of one, another notation, no number', () => {
  const wrong = [
    '-1',
    '0',
    '201',
    '0.5',
    '1e2',
    '0x10',
    ' 7',
    '7 ',
    '',
    'all',
    'NaN',
    'Infinity',
    '9'.repeat(40),
    '\u0661',
  ]
  for (const text of wrong) assert.throws(() => read(text), isRefused, text)
})

test('whatever is written there, what comes out is within the bounds', () => {
  const text = fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String), fc.bigInt().map(String))
  fc.assert(
    fc.property(text, one => {
      try {
        const count = read(one)
        assert.ok(Number.isInteger(count) && count >= 1 && count <= 200)
      } catch (error) {
        assert.ok(isRefused(error))
      }
    }),
  )
})
