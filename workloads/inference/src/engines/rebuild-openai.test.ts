import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatSpec } from '../spec.ts'
import { openAiBody } from './rebuild-openai.ts'

const chat = (maxCompletion: number, content = 'hi'): ChatSpec => ({
  task: 'chat',
  messages: [{ role: 'user', content }],
  maxCompletion,
  temperature: 1,
  topP: 1,
  stop: [],
})

test('a server that refuses what may not fit is asked for what surely fits, or for what is left', () => {
  const most = (spec: ChatSpec, context?: number) =>
    openAiBody(spec, 'toy', 0, { more: () => ({}), ...(context !== undefined && { context }) })['max_tokens']
  assert.equal(most(chat(32_000)), 32_000)
  assert.equal(most(chat(32_000), 131_072), 32_000)
  // The prompt of "hi" is 146 tokens at most.
  assert.equal(most(chat(32_000), 8_192), 8_046)
  assert.equal(most(chat(100), 8_192), 100)
  assert.equal(most(chat(32_000, 'x'.repeat(8_000)), 8_192), undefined)
})
