import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'
import { tryEmbeddings, tryModels } from './ai-sdk.ts'
import { startClient, versionOf } from './client.ts'
import { QUESTION } from './question.ts'

test('the AI SDK with @ai-sdk/openai, which speaks the Responses API', async t => {
  const client = await startClient(t, 'AI SDK, @ai-sdk/openai', versionOf('@ai-sdk/openai'))
  const { base: baseURL, apiKey, model, feature, compare } = client
  const openai = createOpenAI({ baseURL, apiKey })
  const stranger = createOpenAI({ baseURL, apiKey: 'wrong' })
  await tryModels(client, { chat: openai(model), unknown: openai('gone'), stranger: stranger(model) })
  await tryEmbeddings(client, openai.embedding(model))

  const ask = { prompt: QUESTION, temperature: 0, maxOutputTokens: 60, maxRetries: 0 }
  await feature('responses', async () => {
    const { text } = await generateText({ ...ask, model: openai.responses(model) })
    assert.equal(text, (await generateText({ ...ask, model: openai.chat(model) })).text)
  })
  await feature('responses, streamed', async () => {
    const { text } = await generateText({ ...ask, model: openai.responses(model) })
    assert.equal(await streamText({ ...ask, model: openai.responses(model) }).text, text)
  })
  await feature('log-probabilities', async () => {
    const { providerMetadata } = await generateText({
      ...ask,
      model: openai.responses(model),
      providerOptions: { openai: { logprobs: 2 } },
    })
    const [tokens] = providerMetadata!['openai']!['logprobs'] as { token: string; logprob: number }[][]
    assert.ok(tokens!.length > 0 && tokens!.every(one => one.logprob <= 0))
  })
  await feature('plain completion', async () => {
    const { text } = await generateText({ ...ask, model: openai.completion(model), prompt: 'Red, green' })
    assert.ok(text.length > 0)
  })
  await compare()
})
