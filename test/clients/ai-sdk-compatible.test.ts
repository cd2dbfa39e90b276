import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'
import { tryEmbeddings, tryModels } from './ai-sdk.ts'
import { startClient, versionOf } from './client.ts'
import { QUESTION } from './question.ts'

test('the AI SDK with @ai-sdk/openai-compatible', async t => {
  const version = versionOf('@ai-sdk/openai-compatible')
  const client = await startClient(t, 'AI SDK, @ai-sdk/openai-compatible', version)
  const { base: baseURL, apiKey, model, feature, compare } = client
  const settings = { name: 'heddle', baseURL, includeUsage: true, supportsStructuredOutputs: true }
  const heddle = createOpenAICompatible({ ...settings, apiKey })
  const stranger = createOpenAICompatible({ ...settings, apiKey: 'wrong' })
  await tryModels(client, { chat: heddle(model), unknown: heddle('gone'), stranger: stranger(model) })
  await tryEmbeddings(client, heddle.embeddingModel(model))

  const ask = { model: heddle(model), prompt: QUESTION, temperature: 0, maxOutputTokens: 60, maxRetries: 0 }
  await feature('receipt of an answer', async () => {
    const { response } = await generateText(ask)
    assert.match(response.headers!['x-heddle-receipt']!, /^0x[0-9a-f]{64}$/)
  })
  await feature('seed', async () => {
    const sample = async () => (await generateText({ ...ask, temperature: 1.5, seed: 7 })).text
    assert.equal(await sample(), await sample())
  })
  await feature('stop', async () => {
    const { text } = await generateText(ask)
    const stop = text.slice(4, 7)
    const stopped = await generateText({ ...ask, stopSequences: [stop] })
    assert.equal(stopped.text, text.slice(0, text.indexOf(stop)))
  })
  await feature('penalties', async () => {
    await generateText({ ...ask, frequencyPenalty: 1, presencePenalty: 0.5 })
  })
  await feature('plain completion', async () => {
    const { text } = await generateText({ ...ask, model: heddle.completionModel(model), prompt: 'Red, green' })
    assert.ok(text.length > 0)
  })
  await feature('reasoning effort', async () => {
    const { text } = await generateText({ ...ask, providerOptions: { heddle: { reasoningEffort: 'low' } } })
    assert.equal(typeof text, 'string')
  })
  await feature('a field nobody knows', async () => {
    const { response } = await generateText({ ...ask, providerOptions: { heddle: { keep_alive: -1 } } })
    assert.equal(response.headers?.['heddle-unused'], 'keep_alive')
  })
  await compare()
})
