import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ChatSpec } from '../spec.ts'
import { promptBound } from '../workload.ts'
import { promptTokens, roomsBeside, tokensIn } from './estimate.ts'

const chat = (maxCompletion: number, content = 'hi'): ChatSpec => ({
  task: 'chat',
  messages: [{ role: 'user', content }],
  maxCompletion,
  temperature: 1,
  topP: 1,
  stop: [],
})

test('an answer that surely fits gets all that it asks for; another what is left by each reckoning', () => {
  assert.deepEqual(roomsBeside(chat(100), 8_192), [100])
  assert.deepEqual(roomsBeside(chat(1_000, 'word '.repeat(1_500)), 8_192), [1_000, 548])
  assert.deepEqual(roomsBeside(chat(32_000), 8_192), [8_191, 8_046])
  assert.deepEqual(
    roomsBeside(chat(32_000, 'x'.repeat(100_000)), 8_192),
    [16],
    'whether it fits is for the engine to say',
  )
})

test('a word is a token, and what is longer is reckoned from its bytes', () => {
  for (const text of ['a', ' the', 'Wort', ' '.repeat(32)]) assert.equal(tokensIn(text), 1, text)
  assert.equal(tokensIn('x'.repeat(600)), 100)
  assert.equal(tokensIn('é'.repeat(300)), 100)
})

test('what is reckoned is never above what can be', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 4_096 }), (content, maxCompletion) => {
      const spec = chat(maxCompletion, content)
      assert.ok(promptTokens(spec) <= promptBound(spec, 1 << 20))
      const rooms = roomsBeside(spec, 4_096)
      for (const [i, room] of rooms.entries())
        assert.ok(room >= 1 && room <= maxCompletion && room < (rooms[i - 1] ?? 1e9))
    }),
  )
})
