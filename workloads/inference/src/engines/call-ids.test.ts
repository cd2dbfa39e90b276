import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GenerationSpec } from '../spec.ts'
import { chat, run, setup } from '../testing/engine-worker.ts'
import { startCallIds } from './call-ids.ts'

const call = (id: string) => ({ id, name: 'look', arguments: '{}' })
const after = (...ids: string[]): GenerationSpec =>
  chat({
    tools: [{ name: 'look' }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
      { role: 'assistant', content: '', toolCalls: ids.map(call) },
      ...ids.map(id => ({ role: 'tool', callId: id, content: 'nothing' })),
    ],
  }) as GenerationSpec

test('an id that the engine gives stays, unless it stands in the conversation or in the answer already', () => {
  const name = startCallIds(after('call_0', 'call_1'))
  assert.deepEqual([name('mine'), name('call_0'), name('call_0'), name('mine')], ['mine', 'call_3', 'call_4', 'call_5'])
})

test('a call without an id, or with one that no client could send back, is given one', () => {
  const name = startCallIds(after('call_1'))
  const long = 'x'.repeat(129)
  assert.deepEqual([name(undefined), name(''), name('two words'), name(long)], ['call_2', 'call_3', 'call_4', 'call_5'])
})

test('engines of both APIs that count from nothing in every answer never name two calls the same', async t => {
  for (const kind of ['openai', 'ollama'] as const) {
    const script = { tokens: [], toolCalls: [1, 2].map(() => ({ name: 'look', arguments: '{}' })) }
    const { worker } = await setup(t, kind, script, { features: ['chat', 'tools'] })
    const { pieces } = await run(worker, after('call_0', 'call_1'))
    const ids = pieces.flatMap(({ toolCall }) => toolCall?.id ?? [])
    assert.equal(new Set(['call_0', 'call_1', ...ids]).size, 4, String(ids))
  }
})
