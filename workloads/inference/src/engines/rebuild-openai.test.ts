import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatSpec } from '../spec.ts'
import { openAiBody } from './rebuild-openai.ts'

const chat = (maxCompletion: number): ChatSpec => ({
  task: 'chat',
  messages: [{ role: 'user', content: 'hi' }],
  maxCompletion,
  temperature: 1,
  topP: 1,
  stop: [],
})

test('how long the answer may become is always said: no default of an engine decides', () => {
  const dialect = { more: () => ({}) }
  assert.equal(openAiBody(chat(32_000), 'toy', 0, dialect)['max_tokens'], 32_000)
  assert.equal(openAiBody(chat(32_000), 'toy', 0, dialect, { maxTokens: 8_046 })['max_tokens'], 8_046)
})

test('a server that refuses json_object is asked for an object by a schema', () => {
  const spec: ChatSpec = { ...chat(9), format: { type: 'json' } }
  const formatOf = (dialect: object) => openAiBody(spec, 'm', 1, { more: () => ({}), ...dialect })['response_format']
  assert.deepEqual(formatOf({}), { type: 'json_object' })
  assert.deepEqual(formatOf({ objectBySchema: true }), {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: { type: 'object' } },
  })
})
