import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { partsOf } from './answer.ts'

const record = (piece: object): string => `\x1e${JSON.stringify(piece)}\n`

test('a plain answer is its text', () => {
  assert.deepEqual(partsOf('Hello.\nYou'), [{ kind: 'text', choice: 0, text: 'Hello.\nYou' }])
  assert.deepEqual(partsOf(''), [])
})

test('what ended an answer is told, not shown as a record', () => {
  assert.deepEqual(partsOf(`its meaning${record({ finish: 'stop', stopped: '.' })}`), [
    { kind: 'text', choice: 0, text: 'its meaning' },
    { kind: 'note', text: 'ended where “.” would have come' },
  ])
})

test('a call is one call, however many pieces it came in; the next one is another', () => {
  const answer = [
    record({ toolCall: { index: 0, id: 'a', name: 'weather', arguments: '{"city"' } }),
    record({ toolCall: { index: 0, arguments: ':"Bern"}' } }),
    record({ toolCall: { index: 1, id: 'b', name: 'clock', arguments: '{}' } }),
    record({ finish: 'tool_calls' }),
  ].join('')
  assert.deepEqual(partsOf(answer), [
    { kind: 'call', choice: 0, name: 'weather', given: '{"city":"Bern"}' },
    { kind: 'call', choice: 0, name: 'clock', given: '{}' },
  ])
})

test('thoughts and other choices stand apart; log-probabilities belong to their text', () => {
  const answer = `${record({ reasoning: 'hm' })}${record({ reasoning: 'm' })}a${record({ choice: 1, text: 'b' })}${record({ text: 'c', logprobs: [] })}`
  assert.deepEqual(partsOf(answer), [
    { kind: 'thoughts', choice: 0, text: 'hmm' },
    { kind: 'text', choice: 0, text: 'ac' },
    { kind: 'text', choice: 1, text: 'b' },
  ])
})

test('a vector is told by its length', () => {
  const data = Buffer.from(new Float32Array(576).buffer).toString('base64')
  assert.deepEqual(partsOf(record({ embedding: { index: 0, data } })), [{ kind: 'vector', index: 0, numbers: 576 }])
})

test('whatever is stored, something is shown and nothing fails; text without records comes back whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\x1e', '{', '}', '"', 'a', '\n', ':', '1') }),
      text => void partsOf(text),
    ),
  )
  fc.assert(
    fc.property(fc.string(), text => {
      fc.pre(!text.includes('\x1e'))
      const [only] = partsOf(text)
      assert.equal(only?.kind === 'text' ? only.text : '', text)
    }),
  )
  assert.deepEqual(partsOf('\x1enot json\n'), [{ kind: 'text', choice: 0, text: '\x1enot json\n' }])
})
