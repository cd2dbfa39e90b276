import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, HeddleError, utf8 } from '@heddle/protocol'
import { openAiDoor } from '../../door.ts'
import { call, model, recordingHouse } from '../../testing/house.ts'
import { inferenceSpecSchema } from '../../workload.ts'

const hello = { model: 'toy', messages: [{ role: 'user', content: 'hi' }] }
const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }
const PNG = 'iVBORw0KGgo='

function setup(script?: Parameters<typeof recordingHouse>[0]) {
  const { house, asked } = recordingHouse(script)
  const post = (body: unknown) => call(openAiDoor, house, 'POST', '/v1/chat/completions', body)
  /** The spec that a body becomes, which must already be what the workload's schema says. */
  const specOf = async (body: object) => {
    const { status, json } = await post({ ...hello, ...body })
    assert.equal(status, 200, JSON.stringify(json))
    const { spec } = asked.at(-1)!.question
    assert.deepEqual(inferenceSpecSchema.parse(spec), spec)
    return spec as Record<string, unknown>
  }
  return { post, specOf, asked }
}

const errorOf = ({ json }: { json: unknown }) => (json as { error: Record<string, unknown> }).error

test('the question is rebuilt in the words of the workload', async () => {
  const { specOf, asked } = setup()
  const spec = await specOf({
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one' },
          { type: 'text', text: 'two' },
        ],
      },
      { role: 'assistant', content: 'three', refusal: null, annotations: [] },
      { role: 'user', content: 'four' },
    ],
    max_completion_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stop: 'END',
    n: 1,
    frequency_penalty: 0,
    presence_penalty: null,
    logprobs: false,
    store: false,
    service_tier: 'auto',
    modalities: ['text'],
    parallel_tool_calls: true,
  })
  assert.deepEqual(spec, {
    task: 'chat',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'one\ntwo' },
      { role: 'assistant', content: 'three' },
      { role: 'user', content: 'four' },
    ],
    maxCompletion: 9,
    temperature: 0.5,
    topP: 0.9,
    stop: ['END'],
  })
  assert.deepEqual(Object.keys(asked[0]!.question), ['workload', 'models', 'spec'])
})

test('what is not said has a default: a quarter of the context, temperature 1', async () => {
  const spec = await setup().specOf({})
  assert.deepEqual([spec['maxCompletion'], spec['temperature'], spec['topP'], spec['stop']], [100, 1, 1, []])
})

test('sampling', async () => {
  const spec = await setup().specOf({
    seed: 7,
    top_k: 40,
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    logit_bias: { '42': -100 },
    n: 3,
    logprobs: true,
    top_logprobs: 5,
    prompt_cache_key: 'my chat',
  })
  const { seed, topK, frequencyPenalty, presencePenalty, logitBias, choices, logprobs, cache } = spec
  assert.deepEqual(
    { seed, topK, frequencyPenalty, presencePenalty, logitBias, choices, logprobs, cache },
    {
      seed: 7,
      topK: 40,
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
      logitBias: { '42': -100 },
      choices: 3,
      logprobs: 5,
      cache: digestOf(utf8('my chat')).slice(2),
    },
  )
})

test('tools, calls and their results', async () => {
  const { specOf } = setup()
  const calls = [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } }]
  const spec = await specOf({
    messages: [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: null, reasoning_content: 'Look it up.', tool_calls: calls },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ],
    tools: [{ type: 'function', function: { ...weather.function, description: 'Tells it.', strict: true } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: false,
  })
  assert.deepEqual(spec['messages'], [
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: '',
      reasoning: 'Look it up.',
      toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' }],
    },
    { role: 'tool', callId: 'call_1', content: 'sunny' },
  ])
  assert.deepEqual(spec['tools'], [
    { name: 'weather', description: 'Tells it.', parameters: { type: 'object' }, strict: true },
  ])
  assert.deepEqual([spec['toolChoice'], spec['parallelTools']], [{ name: 'weather' }, false])
  const plain = await specOf({ tools: [weather], tool_choice: 'auto' })
  assert.equal('toolChoice' in plain, false)
  assert.equal((await specOf({ tools: [weather], tool_choice: 'required' }))['toolChoice'], 'required')
})

test('the form of the answer', async () => {
  const { specOf } = setup()
  const format = async (response_format: object) => (await specOf({ response_format }))['format']
  assert.equal(await format({ type: 'text' }), undefined)
  assert.deepEqual(await format({ type: 'json_object' }), { type: 'json' })
  const schema = { type: 'object', properties: {} }
  const json_schema = { name: 'point', schema, strict: true }
  assert.deepEqual(await format({ type: 'json_schema', json_schema }), { type: 'schema', name: 'point', schema })
  assert.deepEqual(await format({ type: 'json_schema', json_schema: { ...json_schema, description: 'A place.' } }), {
    type: 'schema',
    name: 'point',
    schema: { ...schema, description: 'A place.' },
  })
})

test('images come inside the request', async () => {
  const spec = await setup().specOf({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'auto' } },
        ],
      },
    ],
  })
  assert.deepEqual(spec['messages'], [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image', media: 'image/png', data: PNG },
      ],
    },
  ])
})

test('how much to think', async () => {
  const { specOf } = setup()
  for (const reasoning_effort of ['none', 'low', 'medium', 'high'])
    assert.equal((await specOf({ reasoning_effort }))['reasoning'], reasoning_effort)
})

test('who may answer, and which models stand in', async () => {
  const { post, asked } = setup({ models: [model, { ...model, id: 'other' }] })
  const address = `0x${'Ab'.repeat(20)}`
  await post({
    ...hello,
    models: ['toy', 'other', 'gone'],
    provider: {
      order: [address],
      ignore: [address],
      allow_fallbacks: false,
      max_price: { prompt: '2.5', completion: 6 },
      quantizations: ['Q4_0'],
      sort: 'price',
      require_parameters: true,
      data_collection: 'allow',
    },
  })
  const { models, routing } = asked[0]!.question
  assert.deepEqual(models, ['toy', 'other', 'gone'])
  assert.deepEqual(routing, {
    order: [address.toLowerCase()],
    ignore: [address.toLowerCase()],
    fallbacks: false,
    maxPrice: { prompt: 2_500_000_000_000n, completion: 6_000_000_000_000n },
    quantizations: ['Q4_0'],
    sort: 'price',
  })
})

test('a price becomes base units a token exactly, or is refused', async () => {
  const { post, asked } = setup()
  const priced = (prompt: unknown) => post({ ...hello, provider: { max_price: { prompt } } })
  for (const [text, units] of [
    ['0', 0n],
    ['0.000000000001', 1n],
    ['1', 10n ** 12n],
    [0.1, 10n ** 11n],
  ] as const) {
    assert.equal((await priced(text)).status, 200)
    assert.deepEqual(asked.at(-1)!.question.routing?.maxPrice, { prompt: units })
  }
  for (const text of ['0.0000000000001', '-1', '1e3', 1e-13, 'free', '']) {
    const answer = await priced(text)
    assert.equal(answer.status, 400, String(text))
    assert.equal(errorOf(answer)['param'], 'provider.max_price.prompt')
  }
})

test('nothing is dropped silently: what is not honoured is refused by name', async () => {
  const { post, asked } = setup()
  const user = (content: unknown) => ({ ...hello, messages: [{ role: 'user', content }] })
  const cases: [object, string][] = [
    [{ ...hello, keep_alive: -1 }, 'keep_alive'],
    [{ ...hello, options: { num_ctx: 1 } }, 'options'],
    [{ ...hello, functions: [] }, 'functions'],
    [{ ...hello, web_search_options: {} }, 'web_search_options'],
    [{ ...hello, messages: [{ role: 'user', content: 'hi', name: 'me' }] }, 'messages[0].name'],
    [{ ...hello, stream: true, stream_options: { other: 1 } }, 'stream_options.other'],
    [{ ...hello, provider: { zdr: true } }, 'provider.zdr'],
    [{ ...hello, tools: [{ ...weather, extra: 1 }] }, 'tools[0].extra'],
    [
      user([{ type: 'image_url', image_url: { url: 'https://127.0.0.1/a.png' } }]),
      'messages[0].content[0].image_url.url',
    ],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    assert.equal(answer.status, 400, param)
    const { code, type, message, param: named } = errorOf(answer)
    assert.deepEqual([code, type, named], ['unsupported_field', 'invalid_request_error', param])
    assert.ok((message as string).startsWith(`the field "${param}" is not `), message as string)
    assert.match(message as string, /Leave the named field out\.$/)
  }
  assert.equal(asked.length, 0)
})

test('a field with a value that cannot be is refused by name', async () => {
  const { post, asked } = setup()
  const says = (...messages: unknown[]) => ({ ...hello, messages })
  const cases: [unknown, string][] = [
    [null, 'body'],
    [[], 'body'],
    [says(), 'messages'],
    [says({ role: 'function', content: 'x' }), 'messages[0].role'],
    [says({ role: 'tool', content: 'x' }), 'messages[0].tool_call_id'],
    [says({ role: 'assistant' }), 'messages[0].content'],
    [says({ role: 'assistant', content: 'x', reasoning: 'a', reasoning_content: 'b' }), 'messages[0].reasoning'],
    [says({ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }), 'messages[0].content[0].type'],
    [says({ role: 'user', content: [{ type: 'image_url', image_url: {} }] }), 'messages[0].content[0].image_url.url'],
    [says({ role: 'user', content: 7 }), 'messages[0].content'],
    [says({ role: 'user', content: '\ud800' }), 'messages[0].content'],
    [says({ role: 'user', content: 'x'.repeat(262_145) }), 'messages[0].content'],
    [
      says({
        role: 'user',
        content: [
          { type: 'text', text: 'x'.repeat(200_000) },
          { type: 'text', text: 'x'.repeat(200_000) },
        ],
      }),
      'messages',
    ],
    [says(...Array.from({ length: 3 }, () => ({ role: 'user', content: 'x'.repeat(200_000) }))), 'messages'],
    [{ ...hello, n: 9 }, 'n'],
    [{ ...hello, seed: -1 }, 'seed'],
    [{ ...hello, logit_bias: { word: 1 } }, 'logit_bias.word'],
    [{ ...hello, top_logprobs: 2 }, 'top_logprobs'],
    [{ ...hello, max_tokens: 0 }, 'max_tokens'],
    [{ ...hello, max_tokens: 5, max_completion_tokens: 6 }, 'max_tokens'],
    [{ ...hello, temperature: 3 }, 'temperature'],
    [{ ...hello, top_p: 0 }, 'top_p'],
    [{ ...hello, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ ...hello, stream: 'yes' }, 'stream'],
    [{ ...hello, stream_options: {} }, 'stream_options'],
    [{ ...hello, store: true }, 'store'],
    [{ ...hello, service_tier: 'priority' }, 'service_tier'],
    [{ ...hello, reasoning_effort: 'minimal' }, 'reasoning_effort'],
    [{ ...hello, modalities: ['text', 'audio'] }, 'modalities'],
    [{ ...hello, tools: [] }, 'tools'],
    [{ ...hello, tools: [weather, weather] }, 'tools'],
    [{ ...hello, tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools[0].type'],
    [{ ...hello, tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools[0].function.name'],
    [{ ...hello, tool_choice: 'required' }, 'tool_choice'],
    [{ ...hello, tools: [weather], tool_choice: { type: 'function', function: { name: 'time' } } }, 'tool_choice'],
    [{ ...hello, response_format: { type: 'xml' } }, 'response_format.type'],
    [{ ...hello, provider: { order: ['openai'] } }, 'provider.order[0]'],
    [{ ...hello, provider: { data_collection: 'deny' } }, 'provider.data_collection'],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    const what = JSON.stringify(body).slice(0, 200)
    assert.equal(answer.status, 400, what)
    assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['bad_request', param], what)
  }
  assert.equal(errorOf(await post({ ...hello, model: 'other' }))['code'], 'model_unknown')
  assert.equal(asked.length, 0)
})

test('a model that lacks something is not asked for it: the field is named', async () => {
  const { post, asked } = setup({ models: [{ ...model, features: ['chat', 'tools'] }] })
  const cases: [object, string][] = [
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ seed: 1 }, 'seed'],
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ logit_bias: { '1': 1 } }, 'logit_bias'],
    [{ reasoning_effort: 'low' }, 'reasoning_effort'],
    [{ tools: [{ type: 'function', function: { name: 'a', strict: true } }] }, 'tools'],
  ]
  for (const [body, param] of cases) {
    const answer = await post({ ...hello, ...body })
    assert.equal(answer.status, 400)
    assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['unsupported_by_model', param])
  }
  assert.equal(asked.length, 0)
  assert.equal((await post({ ...hello, tools: [weather] })).status, 200)
  // A cache is a help and never a need.
  assert.equal((await post({ ...hello, prompt_cache_key: 'a' })).status, 200)
})

test('a house that finds nobody for a feature is understood too', async () => {
  const refuses = new HeddleError('unsupported_by_model', 'nobody has "seed"', { cause: { feature: 'seed' } })
  const answer = await setup({ refuses }).post({ ...hello, seed: 1 })
  assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['unsupported_by_model', 'seed'])
})

test("what an engine refuses is named in this API's words", async () => {
  const at = 'format.schema.properties.a.pattern'
  const refuses = new HeddleError('unsupported_field', `${at} is not held`, { cause: { param: at } })
  const error = errorOf(await setup({ refuses }).post(hello))
  const named = 'response_format.json_schema.schema.properties.a.pattern'
  assert.deepEqual([error['code'], error['param']], ['unsupported_field', named])
  assert.ok((error['message'] as string).startsWith(`${named} is not held`))
})
