import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { z } from 'zod'
import { type Refusal, rejection, startClient, versionOf } from './client.ts'
import { assertCity, assertColour, PIXEL, QUESTION, weather } from './question.ts'

const refusalOf = (error: unknown): Refusal => {
  const { code, param } = error as { code?: unknown; param?: unknown }
  assert.equal(typeof code, 'string', String(error))
  return { code: code as string, ...(typeof param === 'string' && { field: param }) }
}

test('LangChain', async t => {
  const version = versionOf('@langchain/openai')
  const { feature, compare, base, apiKey, model, has } = await startClient(t, 'LangChain, @langchain/openai', version)
  const configuration = { baseURL: base }
  const settings = { model, apiKey, configuration, temperature: 0, maxTokens: 60, maxRetries: 0 }
  const chat = new ChatOpenAI(settings)
  const tools = [{ type: 'function' as const, function: weather }]

  await feature('chat', async () => {
    const { text, usage_metadata: usage } = await chat.invoke(QUESTION)
    assert.ok(text.length > 0)
    assert.ok(usage!.input_tokens > 0 && usage!.output_tokens > 0)
  })
  await feature('chat, streamed', async () => {
    let text = ''
    for await (const chunk of await chat.stream(QUESTION)) text += chunk.text
    assert.equal(text, (await chat.invoke(QUESTION)).text)
  })
  await feature('usage of a stream', async () => {
    let output = 0
    for await (const chunk of await chat.stream(QUESTION)) output += chunk.usage_metadata?.output_tokens ?? 0
    assert.ok(output > 0)
  })
  await feature('tool call and its result', async () => {
    const first = await chat.bindTools(tools, { tool_choice: 'required' }).invoke(QUESTION)
    const [call] = first.tool_calls!
    assertCity(call!.args)
    const result = new ToolMessage({ content: 'sunny', tool_call_id: call!.id! })
    const second = await chat
      .bindTools(tools, { tool_choice: 'none' })
      .invoke([new HumanMessage(QUESTION), first, result])
    assert.equal(second.tool_calls!.length, 0)
  })
  await feature('tool call, streamed', async () => {
    let json = ''
    for await (const chunk of await chat.bindTools(tools, { tool_choice: 'required' }).stream(QUESTION)) {
      json += chunk.tool_call_chunks?.[0]?.args ?? ''
    }
    assertCity(JSON.parse(json))
  })
  await feature('one tool by its name', async () => {
    const time = { type: 'function' as const, function: { ...weather, name: 'time' } }
    const { tool_calls: calls } = await chat.bindTools([...tools, time], { tool_choice: 'time' }).invoke(QUESTION)
    assert.equal(calls![0]!.name, 'time')
  })
  await feature('JSON by a schema', async () => {
    const shape = z.object({ colour: z.enum(['red', 'green', 'blue']), warm: z.boolean() })
    assertColour(await chat.withStructuredOutput(shape, { name: 'colour', method: 'jsonSchema' }).invoke(QUESTION))
    assertColour(await chat.withStructuredOutput(shape, { name: 'colour', method: 'functionCalling' }).invoke(QUESTION))
  })
  await feature('log-probabilities', async () => {
    const { response_metadata: data } = await new ChatOpenAI({ ...settings, logprobs: true, topLogprobs: 2 }).invoke(
      QUESTION,
    )
    const { content } = data['logprobs'] as { content: { logprob: number }[] }
    assert.ok(content.length > 0 && content.every(one => one.logprob <= 0))
  })
  await feature('several answers (n)', async () => {
    const { generations } = await new ChatOpenAI({ ...settings, n: 2, temperature: 1 }).generate([
      [new HumanMessage(QUESTION)],
    ])
    assert.equal(generations[0]!.length, 2)
  })
  await feature('seed', async () => {
    const sample = async () =>
      (await new ChatOpenAI({ ...settings, temperature: 1.5 }).invoke(QUESTION, { seed: 7 })).text
    assert.equal(await sample(), await sample())
  })
  await feature('stop', async () => {
    const { text } = await chat.invoke(QUESTION)
    const stop = text.slice(4, 7)
    assert.equal((await chat.invoke(QUESTION, { stop: [stop] })).text, text.slice(0, text.indexOf(stop)))
  })
  await feature('penalties', async () => {
    await new ChatOpenAI({ ...settings, frequencyPenalty: 1, presencePenalty: 0.5 }).invoke(QUESTION)
  })
  await feature('embeddings', async () => {
    const embeddings = new OpenAIEmbeddings({ model, apiKey, configuration, maxRetries: 0 })
    const [cat, dog] = await embeddings.embedDocuments(['a cat', 'a dog'])
    assert.ok(cat!.length > 0 && cat!.length === dog!.length)
    assert.deepEqual(await embeddings.embedQuery('a cat'), cat)
  })
  await feature('responses', async () => {
    const { text } = await new ChatOpenAI({ ...settings, useResponsesApi: true }).invoke(QUESTION)
    assert.equal(text, (await chat.invoke(QUESTION)).text)
  })
  await feature('image', async () => {
    const image_url = { url: `data:image/png;base64,${PIXEL}` }
    const message = new HumanMessage({ content: [{ type: 'image_url', image_url }] })
    if (!has('images')) return refusalOf(await rejection(chat.invoke([message])))
    assert.equal(typeof (await chat.invoke([message])).text, 'string')
  })
  await feature('a field nobody knows', async () => {
    const odd = new ChatOpenAI({ ...settings, modelKwargs: { keep_alive: -1 } })
    assert.equal(typeof (await odd.invoke(QUESTION)).content, 'string')
  })
  await feature('a model nobody has', async () =>
    refusalOf(await rejection(new ChatOpenAI({ ...settings, model: 'gone' }).invoke(QUESTION))),
  )
  await feature('a wrong key', async () =>
    refusalOf(await rejection(new ChatOpenAI({ ...settings, apiKey: 'wrong' }).invoke(QUESTION))),
  )
  await compare()
})
