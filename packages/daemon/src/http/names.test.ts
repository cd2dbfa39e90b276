import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, utf8 } from '@heddle/protocol'
import { parseJson } from './body.ts'

const read = (value: unknown, names?: number): unknown => parseJson(utf8(JSON.stringify(value)), 32, names)
const isRefused = (error: unknown): boolean =>
  isHeddleError(error, 'body_too_large') && /names/.test((error as Error).message)
const wide = (names: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: names }, (_, i) => [`k${i}`, 1]))

test('names are counted wherever they stand, and what looks like one in a text is none', () => {
  assert.deepEqual(read(wide(10), 10), wide(10))
  assert.throws(() => read(wide(11), 10), isRefused)
  assert.throws(() => read(Array(11).fill({ a: 1 }), 10), isRefused)
  const text = { a: '"b":1,'.repeat(100), list: Array(1_000).fill(':') }
  assert.deepEqual(read(text, 2), text)
})

test('what no client sends is refused before anybody reads it: 400,000 unknown names, 500,000 biases', () => {
  assert.throws(() => read(wide(400_000)), isRefused)
  assert.throws(() => read({ logit_bias: wide(500_000) }), isRefused)
})

test('500 tools of 100 properties each are read', () => {
  const property = { type: 'string', description: 'a thread: of "many"' }
  const properties = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`p${i}`, property]))
  const tool = {
    type: 'function',
    function: { name: 'f', description: 'd', parameters: { type: 'object', properties } },
  }
  assert.ok(read({ tools: Array(500).fill(tool) }))
})
