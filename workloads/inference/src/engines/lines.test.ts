import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { type Framing, startLines } from './lines.ts'

const BOUNDS = { maxLine: 1_000, maxTotal: 100_000 }

/** What is found in bytes that come in parts of these lengths, again and again. */
function read(framing: Framing, bytes: Uint8Array, lengths: readonly number[], bounds = BOUNDS): string[] {
  const found: string[] = []
  const lines = startLines(framing, bounds, json => found.push(json))
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length]!
    lines.push(bytes.subarray(at, at + length))
    at += length
  }
  lines.end()
  return found
}

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const message = fc.json({ maxDepth: 2 }).filter(text => text.trim() !== '')

test('however the bytes are cut, also inside a character, the same messages are found', () => {
  const end = fc.constantFrom('\n', '\r\n')
  fc.assert(
    fc.property(fc.array(fc.tuple(message, end)), cuts, (all, lengths) => {
      const messages = all.map(([json]) => json)
      const lines = all.map(([json, end]) => json + end).join('')
      assert.deepEqual(read('ndjson', utf8(lines), lengths), messages)
      const events = all.map(([json, end]) => `data: ${json}${end}${end}`).join('')
      assert.deepEqual(read('sse', utf8(events), lengths), messages)
    }),
  )
})

test('an end of a line that is cut in two is one', () => {
  const error = 'event: error\r\ndata: {"message":"boom"}\r\n\r\n'
  const parts = 'data: {"a":\r\ndata: 1}\r\n\r\n'
  for (let length = 1; length <= error.length; length++) {
    assert.deepEqual(read('sse', utf8(error), [length]), ['{"error":{"message":"boom"}}'])
    assert.deepEqual(read('sse', utf8(parts), [length]), ['{"a":\n1}'])
  }
})

test('what is no message is left out, and an error of its own field is one', () => {
  const stream = ': ping\n\nevent: x\nid: 1\ndata:{"a":1}\n\ndata: {"b":2}\n\nerror: {"code":500}\n\ndata: [DONE]'
  assert.deepEqual(read('sse', utf8(stream), [7]), ['{"a":1}', '{"b":2}', '{"error": {"code":500}}', '[DONE]'])
  assert.deepEqual(read('ndjson', utf8('\n  \n{"a":1}\r\n\n{"b":2}'), [3]), ['{"a":1}', '{"b":2}'])
})

test('a line, or a stream, that is too long is malformed, whether or not it ends', () => {
  const malformed = (error: unknown) => isHeddleError(error, 'engine_malformed')
  for (const end of ['', '\n'])
    assert.throws(() => read('ndjson', utf8(`${'x'.repeat(1_001)}${end}`), [100]), malformed)
  assert.deepEqual(read('ndjson', utf8('x'.repeat(1_000)), [100]), ['x'.repeat(1_000)])
  assert.throws(() => read('ndjson', utf8('{}\n'.repeat(10)), [9], { maxLine: 100, maxTotal: 29 }), malformed)
})

test('a mark of byte order, every end of a line, data over several lines and data without anything are read', () => {
  const all = ['{"a":1}', '{"b":2}', '[DONE]']
  for (const end of ['\n', '\r\n', '\r'])
    for (const begin of ['', '\ufeff']) {
      const events = all.map(json => `data: ${json}${end}${end}`).join('')
      for (const lengths of [[1], [7], [1_000]])
        assert.deepEqual(read('sse', utf8(`${begin}data:${end}${end}data: ${end}${end}${events}`), lengths), all)
    }
  assert.deepEqual(read('sse', utf8('data: {"a":\ndata: [1,\ndata: 2]}\n\n'), [5]), ['{"a":\n[1,\n2]}'])
  assert.deepEqual(read('sse', utf8('data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n'), [5]), all)
  assert.deepEqual(read('ndjson', utf8('\ufeff{"a":1}\n{"b":2}'), [2]), ['{"a":1}', '{"b":2}'])
})

test('an error is one however it is written, and so is an answer that is no stream', () => {
  assert.deepEqual(read('sse', utf8('event: error\ndata: {"message":"boom"}\n\n'), [9]), [
    '{"error":{"message":"boom"}}',
  ])
  assert.deepEqual(read('sse', utf8('event: error\ndata: boom\n\n'), [9]), ['{"error":"boom"}'])
  assert.deepEqual(read('sse', utf8('event: error\ndata: {"error":"boom"}\n\n'), [9]), ['{"error":"boom"}'])
  assert.deepEqual(read('sse', utf8('{\n  "choices": []\n}\n'), [4]), ['{\n  "choices": []\n}'])
  assert.throws(
    () => read('sse', utf8('<html><body>nginx</body></html>'), [9]),
    error => isHeddleError(error, 'engine_malformed') && JSON.stringify(error.cause).includes('nginx'),
  )
})
