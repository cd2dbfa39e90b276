import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import { type Refusal, rejection, startClient, versionOf } from './client.ts'
import { assertCity, assertColour, colour, PIXEL, QUESTION, weather } from './question.ts'

const refusalOf = (error: unknown): Refusal => {
  assert.ok(error instanceof OpenAI.APIError, String(error))
  return { code: String(error.code), field: error.param ?? undefined }
}

test('openai, for Node', async t => {
  const { feature, compare, base, apiKey, model, house, has } = await startClient(
    t,
    'openai (Node)',
    versionOf('openai'),
  )
  const client = new OpenAI({ baseURL: base, apiKey, maxRetries: 0 })
  const ask = { model, messages: [{ role: 'user' as const, content: QUESTION }], max_tokens: 60, temperature: 0 }
  const tools = [{ type: 'function' as const, function: weather }]

  await feature('list models', async () => {
    const { data } = await client.models.list()
    assert.deepEqual(
      data.map(one => one.id),
      [model],
    )
    assert.equal((await client.models.retrieve(model)).owned_by, 'heddle')
  })
  await feature('chat', async () => {
    const { choices, usage } = await client.chat.completions.create(ask)
    assert.ok(choices[0]!.message.content!.length > 0)
    assert.match(choices[0]!.finish_reason, /^(stop|length)$/)
    assert.equal(usage!.total_tokens, usage!.prompt_tokens + usage!.completion_tokens)
  })
  await feature('chat, streamed', async () => {
    const whole = await client.chat.completions.create(ask)
    const streamed = await client.chat.completions.stream(ask).finalContent()
    assert.equal(streamed, whole.choices[0]!.message.content)
  })
  await feature('usage of a stream', async () => {
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    })
    let usage: OpenAI.CompletionUsage | undefined
    for await (const chunk of stream) usage = chunk.usage ?? usage
    assert.ok(usage!.prompt_tokens > 0 && usage!.completion_tokens > 0)
    assert.equal(typeof usage!.prompt_tokens_details!.cached_tokens, 'number')
  })
  await feature('receipt of an answer', async () => {
    const { data, response } = await client.chat.completions.create(ask).withResponse()
    const { receipt } = (data as unknown as { heddle: { receipt: string } }).heddle
    assert.equal(response.headers.get('x-heddle-receipt'), receipt)
    const stored = await fetch(`${house.run.gateway.url}/heddle/1/receipts/${receipt}`)
    assert.equal(stored.status, 200)
  })
  await feature('tool call and its result', async () => {
    const first = await client.chat.completions.create({ ...ask, tools, tool_choice: 'required' })
    const { message, finish_reason } = first.choices[0]!
    assert.equal(finish_reason, 'tool_calls')
    const call = message.tool_calls![0] as OpenAI.ChatCompletionMessageFunctionToolCall
    assert.equal(call.function.name, 'weather')
    assertCity(JSON.parse(call.function.arguments))
    const second = await client.chat.completions.create({
      ...ask,
      tools,
      tool_choice: 'none',
      messages: [...ask.messages, message, { role: 'tool', tool_call_id: call.id, content: 'sunny' }],
    })
    assert.equal(second.choices[0]!.message.tool_calls, undefined)
    assert.equal(typeof second.choices[0]!.message.content, 'string')
  })
  await feature('tool call, streamed', async () => {
    const message = await client.chat.completions.stream({ ...ask, tools, tool_choice: 'required' }).finalMessage()
    const call = message.tool_calls![0] as OpenAI.ChatCompletionMessageFunctionToolCall
    assertCity(JSON.parse(call.function.arguments))
  })
  await feature('one tool by its name', async () => {
    const time = { type: 'function' as const, function: { ...weather, name: 'time' } }
    const { choices } = await client.chat.completions.create({
      ...ask,
      tools: [...tools, time],
      tool_choice: { type: 'function', function: { name: 'time' } },
    })
    const [call] = choices[0]!.message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[]
    assert.equal(call!.function.name, 'time')
  })
  await feature('tools with strict: true', async () => {
    const parameters = z.object({ city: z.enum(['Bern', 'Oslo']) })
    const parse = () =>
      client.chat.completions.parse({
        ...ask,
        tools: [zodFunction({ name: 'weather', parameters })],
        tool_choice: 'required',
      })
    if (!has('strict')) return refusalOf(await rejection(parse()))
    const { choices } = await parse()
    const [call] = choices[0]!.message.tool_calls as { function: { parsed_arguments: unknown } }[]
    assertCity(call!.function.parsed_arguments)
  })
  await feature('JSON by a schema', async () => {
    const shape = z.object({ colour: z.enum(['red', 'green', 'blue']), warm: z.boolean() })
    const { choices } = await client.chat.completions.parse({
      ...ask,
      response_format: zodResponseFormat(shape, 'colour'),
    })
    assertColour(choices[0]!.message.parsed)
  })
  await feature('JSON by a schema, streamed', async () => {
    const json_schema = { name: 'colour', schema: colour, strict: true }
    const stream = client.chat.completions.stream({ ...ask, response_format: { type: 'json_schema', json_schema } })
    assertColour(JSON.parse((await stream.finalContent())!))
  })
  await feature('any JSON', async () => {
    const { choices } = await client.chat.completions.create({ ...ask, response_format: { type: 'json_object' } })
    const { message, finish_reason } = choices[0]!
    // A small model may talk inside its JSON until its tokens are used up: what there is then begins an object.
    if (finish_reason === 'length') assert.match(message.content!, /^\{/)
    else JSON.parse(message.content!)
  })
  await feature('log-probabilities', async () => {
    const { choices } = await client.chat.completions.create({ ...ask, logprobs: true, top_logprobs: 2 })
    const { content } = choices[0]!.logprobs!
    assert.equal(content!.map(one => one.token).join(''), choices[0]!.message.content)
    for (const one of content!) assert.ok(one.logprob <= 0 && one.top_logprobs.length === 2)
  })
  await feature('several answers (n)', async () => {
    const { choices } = await client.chat.completions.create({ ...ask, n: 3, temperature: 1 })
    assert.deepEqual(
      choices.map(one => one.index),
      [0, 1, 2],
    )
    for (const one of choices) assert.ok(one.message.content!.length > 0)
  })
  await feature('seed', async () => {
    const sample = async () =>
      (await client.chat.completions.create({ ...ask, temperature: 1.5, seed: 7 })).choices[0]!.message.content
    assert.equal(await sample(), await sample())
  })
  await feature('stop', async () => {
    const { choices } = await client.chat.completions.create(ask)
    const text = choices[0]!.message.content!
    const stop = text.slice(4, 7)
    const stopped = await client.chat.completions.create({ ...ask, stop })
    assert.equal(stopped.choices[0]!.message.content, text.slice(0, text.indexOf(stop)))
  })
  await feature('logit_bias', async () => {
    const first = async (logit_bias?: Record<string, number>) => {
      const asks = { ...ask, max_tokens: 1, ...(logit_bias && { logit_bias }) }
      return (await client.chat.completions.create(asks)).choices[0]!.message.content
    }
    // Of two tokens that are made certain, one at least is not what comes anyway.
    assert.notDeepEqual([await first({ '500': 100 }), await first({ '600': 100 })], [await first(), await first()])
  })
  await feature('penalties', async () => {
    const { choices } = await client.chat.completions.create({ ...ask, frequency_penalty: 2, presence_penalty: -1 })
    assert.equal(typeof choices[0]!.message.content, 'string')
  })
  await feature('cache key', async () => {
    const { usage } = await client.chat.completions.create({ ...ask, prompt_cache_key: 'my chat' })
    assert.equal(typeof usage!.prompt_tokens_details!.cached_tokens, 'number')
  })
  await feature('plain completion', async () => {
    const asks = { model, prompt: 'Red, green', max_tokens: 8, temperature: 0, logprobs: 1 }
    const whole = await client.completions.create(asks)
    assert.equal(whole.choices[0]!.logprobs!.tokens!.join(''), whole.choices[0]!.text)
    let text = ''
    for await (const chunk of await client.completions.create({ ...asks, stream: true })) {
      text += chunk.choices[0]?.text ?? ''
    }
    assert.equal(text, whole.choices[0]!.text)
  })
  await feature('embeddings', async () => {
    // The client asks for base64 by itself and reads it.
    const { data } = await client.embeddings.create({ model, input: ['a cat', 'a dog'] })
    const plain = await client.embeddings.create({ model, input: 'a cat', encoding_format: 'float' })
    assert.equal(data.length, 2)
    assert.deepEqual(Array.from(data[0]!.embedding, Math.fround), Array.from(plain.data[0]!.embedding, Math.fround))
  })
  await feature('responses', async () => {
    const { output_text, status, store } = (await client.responses.create({
      model,
      input: QUESTION,
      temperature: 0,
      store: false,
    })) as OpenAI.Responses.Response & { store: boolean }
    assert.ok(output_text.length > 0)
    assert.deepEqual([status, store], ['completed', false])
  })
  await feature('responses, streamed', async () => {
    const asks = { model, input: QUESTION, temperature: 0 }
    const stream = client.responses.stream(asks)
    let text = ''
    for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta
    const final = await stream.finalResponse()
    assert.equal(text, final.output_text)
    assert.equal(text, (await client.responses.create(asks)).output_text)
  })
  await feature('responses with tools', async () => {
    const tool = { type: 'function' as const, ...weather, strict: false, parameters: { ...weather.parameters } }
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: QUESTION }]
    const first = await client.responses.create({ model, input, tools: [tool], tool_choice: 'required' })
    const call = first.output.find(item => item.type === 'function_call')!
    assertCity(JSON.parse(call.arguments))
    const second = await client.responses.create({
      model,
      input: [
        ...input,
        ...(first.output as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: call.call_id, output: 'sunny' },
      ],
      tools: [tool],
      tool_choice: 'none',
      max_output_tokens: 40,
    })
    assert.ok(['completed', 'incomplete'].includes(second.status!))
  })
  await feature('routing', async () => {
    const most = (prompt: string) =>
      client.chat.completions.create({ ...ask, ...{ provider: { max_price: { prompt } } } })
    await most('1000')
    // Nobody is that cheap: that it is refused shows that it was read.
    assert.equal(refusalOf(await rejection(most('0.000001'))).code, 'routing_unmatched')
  })
  await feature('fall-back models', async () => {
    const answer = await client.chat.completions.create({ ...ask, model: 'gone', ...{ models: [model] } })
    assert.equal(answer.model, model)
  })
  await feature('image', async () => {
    const image_url = { url: `data:image/png;base64,${PIXEL}` }
    const messages = [{ role: 'user' as const, content: [{ type: 'image_url' as const, image_url }] }]
    const look = () => client.chat.completions.create({ ...ask, messages })
    if (!has('images')) return refusalOf(await rejection(look()))
    assert.equal((await look()).choices.length, 1)
  })
  await feature('image by its URL', async () => {
    const image_url = { url: 'https://example.com/cat.png' }
    const messages = [{ role: 'user' as const, content: [{ type: 'image_url' as const, image_url }] }]
    return refusalOf(await rejection(client.chat.completions.create({ ...ask, messages })))
  })
  await feature('reasoning effort', async () => {
    const { choices } = await client.chat.completions.create({ ...ask, reasoning_effort: 'low' })
    assert.equal(choices.length, 1)
  })
  await feature('a field nobody knows', async () => {
    const { response } = await client.chat.completions.create({ ...ask, ...{ keep_alive: -1 } }).withResponse()
    assert.equal(response.headers.get('heddle-unused'), 'keep_alive')
  })
  await feature('a model nobody has', async () => {
    const error = await rejection(client.chat.completions.create({ ...ask, model: 'gone' }))
    assert.ok(error instanceof OpenAI.NotFoundError)
    return refusalOf(error)
  })
  await feature('a wrong key', async () => {
    const stranger = new OpenAI({ baseURL: base, apiKey: 'wrong', maxRetries: 0 })
    const error = await rejection(stranger.chat.completions.create(ask))
    assert.ok(error instanceof OpenAI.AuthenticationError)
    return refusalOf(error)
  })
  await compare()
})
