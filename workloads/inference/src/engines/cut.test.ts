import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Piece } from '../output.ts'
import { startCut } from './cut.ts'
import type { EngineEvent } from './event.ts'

const said = (text: string, more: Partial<EngineEvent> = {}): EngineEvent => ({
  pieces: [{ text }],
  tokens: 1,
  ...more,
})
const end = (finish: Piece['finish']): EngineEvent => ({ pieces: [{ finish: finish! }], tokens: 0 })

/** What is left of these messages, as one list of pieces. */
function left(most: number, events: readonly EngineEvent[], choices = 1): Piece[] {
  const cut = startCut({ most, choices })
  return events.flatMap(event => cut.take(event).pieces)
}

test('an answer ends at the token that was asked for, and says so, whatever its engine says', () => {
  assert.deepEqual(left(1, [said('a'), said('b'), said('c'), end('stop')]), [{ text: 'a' }, { finish: 'length' }])
  assert.deepEqual(left(2, [said('a'), said('b'), end('stop')]), [{ text: 'a' }, { text: 'b' }, { finish: 'stop' }])
  const thoughts = ['a', 'b'].map((reasoning): EngineEvent => ({ pieces: [{ reasoning }], tokens: 1 }))
  assert.deepEqual(left(1, [...thoughts, end('stop')]), [{ reasoning: 'a' }, { finish: 'length' }])
})

test("an engine's own count goes before the number of its messages", () => {
  const own = [said('a', { completion: 2 }), said('b', { completion: 4 }), said('c', { completion: 5 }), end('stop')]
  assert.deepEqual(left(4, own), [{ text: 'a' }, { text: 'b' }, { finish: 'length' }])
  const held = [said('a', { completion: 1 }), said('b', { completion: 1 }), end('stop')]
  assert.equal(left(1, held).length, 3)
})

test('each choice is held to what was asked', () => {
  const second = (text: string): EngineEvent => ({ pieces: [{ choice: 1, text }], tokens: 1 })
  assert.deepEqual(left(1, [said('a'), second('b'), said('c'), second('d')], 2), [
    { text: 'a' },
    { choice: 1, text: 'b' },
    { finish: 'length' },
    { choice: 1, finish: 'length' },
  ])
})

test('tokens that are listed are cut between two of them; a text that cannot be so few is cut in bytes', () => {
  const logprobs = ['a', 'b', 'c'].map(token => ({ token, bytes: null, logprob: -1, top: [] }))
  const listed: EngineEvent = { pieces: [{ text: 'abc', logprobs }], tokens: 3 }
  assert.deepEqual(left(2, [listed]), [{ text: 'ab', logprobs: logprobs.slice(0, 2) }, { finish: 'length' }])
  const [piece, finish] = left(2, [said('é'.repeat(10_000), { tokens: 3_334 })])
  assert.deepEqual([piece?.text?.length, finish], [128, { finish: 'length' }])
})

test('the head of a call is no token, and a call that goes on and on is cut', () => {
  const call = (index: number, json: string): EngineEvent => ({
    pieces: [{ toolCall: { index, id: `c${index}`, name: 'f', arguments: json } }],
    tokens: 1,
  })
  assert.equal(left(1, [call(0, ''), call(1, '{}'), end('tool_calls')]).at(-1)?.finish, 'tool_calls')
  const many = Array.from({ length: 64 }, () => call(0, ' '))
  assert.deepEqual(left(1, many).at(-1), { finish: 'length' })
})

test('never more messages are left than were asked for, and what ends within them is as it came', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.string({ minLength: 1, maxLength: 8 })), (most, texts) => {
      const pieces = left(most, [...texts.map(text => said(text)), end('stop')])
      const whole = texts.length <= most
      assert.deepEqual(pieces, [...texts.slice(0, most).map(text => ({ text })), { finish: whole ? 'stop' : 'length' }])
    }),
  )
})
