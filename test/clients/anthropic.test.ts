import assert from 'node:assert/strict'
import { test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import { type Refusal, rejection, startClient, versionOf } from './client.ts'
import { assertCity, assertColour, colour, PIXEL, QUESTION, weather } from './question.ts'

type Body = { error: { type: string; message: string }; heddle: { code: string; param: string | null } }

const refusalOf = (error: unknown): Refusal => {
  assert.ok(error instanceof Anthropic.APIError, String(error))
  const { error: inner, heddle } = error.error as Body
  assert.ok(error.message.includes(JSON.stringify(inner.message)))
  return { code: heddle.code, field: heddle.param ?? undefined }
}

test('@anthropic-ai/sdk', async t => {
  const version = versionOf('@anthropic-ai/sdk')
  const { feature, compare, url, apiKey, model, has } = await startClient(t, '@anthropic-ai/sdk', version)
  const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 })
  const ask = { model, max_tokens: 60, temperature: 0, messages: [{ role: 'user' as const, content: QUESTION }] }
  const { name, description, parameters } = weather
  const input_schema = { ...parameters, required: [...parameters.required] }
  const tools: Anthropic.Tool[] = [{ name, description, input_schema }]
  const textOf = ({ content }: Anthropic.Message): string =>
    content.map(block => (block.type === 'text' ? block.text : '')).join('')

  await feature('list models', async () => {
    const ids: string[] = []
    for await (const one of client.models.list()) ids.push(one.id)
    assert.deepEqual(ids, [model])
    assert.equal((await client.models.retrieve(model)).type, 'model')
  })
  await feature('chat', async () => {
    const message = await client.messages.create({ ...ask, system: 'Be brief.' })
    assert.ok(textOf(message).length > 0)
    assert.match(message.stop_reason!, /^(end_turn|max_tokens)$/)
    assert.ok(message.usage.input_tokens > 0 && message.usage.output_tokens > 0)
  })
  await feature('chat, streamed', async () => {
    const streamed = await client.messages.stream(ask).finalText()
    assert.equal(streamed, textOf(await client.messages.create(ask)))
  })
  await feature('usage of a stream', async () => {
    const { usage } = await client.messages.stream(ask).finalMessage()
    assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0)
  })
  await feature('receipt of an answer', async () => {
    const { data, response, request_id: id } = await client.messages.create(ask).withResponse()
    const { receipt } = (data as unknown as { heddle: { receipt: string } }).heddle
    assert.equal(response.headers.get('x-heddle-receipt'), receipt)
    assert.equal(id, receipt)
  })
  await feature('tool call and its result', async () => {
    const first = await client.messages.create({ ...ask, tools, tool_choice: { type: 'any' } })
    assert.equal(first.stop_reason, 'tool_use')
    const call = first.content.find(block => block.type === 'tool_use')!
    assertCity(call.input)
    const second = await client.messages.create({
      ...ask,
      tools,
      tool_choice: { type: 'none' },
      messages: [
        ...ask.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'sunny' }] },
      ],
    })
    assert.notEqual(second.stop_reason, 'tool_use')
  })
  await feature('tool call, streamed', async () => {
    const stream = client.messages.stream({ ...ask, tools, tool_choice: { type: 'any' } })
    let json = ''
    stream.on('inputJson', part => {
      json += part
    })
    const call = (await stream.finalMessage()).content.find(block => block.type === 'tool_use')!
    assertCity(call.input)
    assert.deepEqual(JSON.parse(json), call.input)
  })
  await feature('one tool by its name', async () => {
    const message = await client.messages.create({
      ...ask,
      tools: [...tools, { name: 'time', input_schema }],
      tool_choice: { type: 'tool', name: 'time', disable_parallel_tool_use: true },
    })
    const calls = message.content.filter(block => block.type === 'tool_use')
    assert.deepEqual(
      calls.map(call => call.name),
      ['time'],
    )
  })
  await feature('JSON by a schema', async () => {
    const format = { type: 'json_schema' as const, schema: { ...colour } }
    const message = await client.messages.create({ ...ask, output_config: { format } })
    assertColour(JSON.parse(textOf(message)))
  })
  await feature('stop', async () => {
    const text = textOf(await client.messages.create(ask))
    const stop = text.slice(4, 7)
    const stopped = await client.messages.create({ ...ask, stop_sequences: [stop] })
    assert.deepEqual([stopped.stop_reason, stopped.stop_sequence], ['stop_sequence', stop])
    assert.equal(textOf(stopped), text.slice(0, text.indexOf(stop)))
  })
  await feature('cache key', async () => {
    const cache_control = { type: 'ephemeral' as const }
    const system = [{ type: 'text' as const, text: 'Be brief.', cache_control }]
    const { usage } = await client.messages.create({ ...ask, system })
    assert.equal(typeof usage.cache_read_input_tokens, 'number')
  })
  await feature('count of tokens', async () => {
    const { input_tokens } = await client.messages.countTokens({ model, messages: ask.messages })
    const { usage } = await client.messages.create(ask)
    assert.equal(input_tokens, usage.input_tokens)
  })
  await feature('image', async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL }
    const messages = [{ role: 'user' as const, content: [{ type: 'image' as const, source }] }]
    const look = () => client.messages.create({ ...ask, messages })
    if (!has('images')) return refusalOf(await rejection(look()))
    assert.equal((await look()).type, 'message')
  })
  await feature('image by its URL', async () => {
    const source = { type: 'url' as const, url: 'https://example.com/cat.png' }
    const messages = [{ role: 'user' as const, content: [{ type: 'image' as const, source }] }]
    return refusalOf(await rejection(client.messages.create({ ...ask, messages })))
  })
  await feature('reasoning effort', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1_024 }
    const { type } = await client.messages.create({ ...ask, max_tokens: 1_100, thinking })
    assert.equal(type, 'message')
  })
  await feature('a field nobody knows', async () => {
    const { response } = await client.messages.create({ ...ask, ...{ keep_alive: -1 } }).withResponse()
    assert.equal(response.headers.get('heddle-unused'), 'keep_alive')
  })
  await feature('a model nobody has', async () => {
    const error = await rejection(client.messages.create({ ...ask, model: 'gone' }))
    assert.ok(error instanceof Anthropic.NotFoundError)
    return refusalOf(error)
  })
  await feature('a wrong key', async () => {
    const stranger = new Anthropic({ baseURL: url, apiKey: 'wrong', maxRetries: 0 })
    const error = await rejection(stranger.messages.create(ask))
    assert.ok(error instanceof Anthropic.AuthenticationError)
    return refusalOf(error)
  })
  await compare()
})
