import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FEATURES, featuresOf } from './features.ts'
import type { ChatSpec } from './spec.ts'

const plain: ChatSpec = {
  task: 'chat',
  messages: [{ role: 'user', content: 'hi' }],
  maxCompletion: 1,
  temperature: 1,
  topP: 1,
  stop: [],
}

test('each thing that is asked for needs its feature, and nothing else', () => {
  const tools = [{ name: 'a' }]
  const image = { type: 'image' as const, media: 'image/png' as const, data: 'AA==' }
  const cases: [Partial<ChatSpec>, string[]][] = [
    [{}, []],
    [{ tools }, ['tools']],
    [{ tools: [{ name: 'a', strict: true }] }, ['tools', 'strict']],
    [{ tools, toolChoice: 'required' }, ['tools', 'tool_choice']],
    [{ tools, toolChoice: { name: 'a' } }, ['tools', 'tool_choice']],
    [{ tools, parallelTools: false }, ['tools', 'tool_choice']],
    [{ tools, toolChoice: 'auto' }, ['tools']],
    [{ tools, toolChoice: 'none' }, ['tools']],
    [{ parallelTools: false }, []],
    [{ messages: [{ role: 'tool', callId: 'a', content: 'b' }] }, ['tools']],
    [{ messages: [{ role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'a', arguments: '' }] }] }, ['tools']],
    [{ format: { type: 'json' } }, ['json']],
    [{ format: { type: 'schema', schema: '{}' } }, ['schema']],
    [{ reasoning: 'low' }, ['reasoning']],
    [{ reasoning: 'none' }, []],
    [{ messages: [{ role: 'user', content: [image] }] }, ['images']],
    [{ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }, []],
    [{ logprobs: 0 }, ['logprobs']],
    [{ choices: 2 }, ['choices']],
    [{ seed: 0 }, ['seed']],
    [{ logitBias: { '1': 1 } }, ['logit_bias']],
    [{ frequencyPenalty: -1 }, ['penalties']],
    [{ presencePenalty: 1 }, ['penalties']],
    [{ topK: 1 }, ['top_k']],
    [{ cache: '0123456789abcdef' }, []],
  ]
  for (const [more, wanted] of cases) {
    assert.deepEqual(featuresOf({ ...plain, ...more }).sort(), ['chat', ...wanted].sort(), JSON.stringify(more))
  }
})

test('text to continue, and texts to embed, have features of their own', () => {
  const { messages: _, ...sampling } = plain
  assert.deepEqual(featuresOf({ ...sampling, task: 'completion', prompt: 'a', seed: 1 }), ['completion', 'seed'])
  assert.deepEqual(featuresOf({ task: 'embedding', input: ['a'] }), ['embedding'])
})

test('no feature is listed twice', () => {
  assert.equal(new Set(FEATURES).size, FEATURES.length)
})
