import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, parseOrdered, utf8 } from '@heddle/protocol'
import { askChat, weather } from '../../testing/door.ts'

const PNG = 'iVBORw0KGgo='

test('a value that says what happens anyway is no reason to refuse', async () => {
  const anyway = {
    ...{ best_of: 1, num_beams: 1, guidance_scale: 1, top_n_sigma: -1, min_new_tokens: 0, negative_prompt: '' },
    ...{ skip_special_tokens: true, do_sample: true, include_stop_str_in_output: false, safe_prompt: false },
  }
  for (const [name, value] of Object.entries(anyway)) {
    const { post } = askChat()
    const answer = await post({ model: 'toy', messages: [{ role: 'user', content: 'hi' }], [name]: value })
    assert.deepEqual([answer.status, answer.headers['heddle-unused']], [200, undefined], name)
  }
})

test('what other servers call it is honoured where it means the same', async () => {
  const { specOf } = askChat()
  assert.deepEqual(await specOf({ random_seed: 5 }), await specOf({ seed: 5 }))
  const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }
  const { format } = await specOf({ response_format: { type: 'json_schema', json_schema: { schema } } })
  assert.deepEqual(format, { type: 'schema', schema: JSON.stringify(schema) })
  for (const type of ['json_object', 'json_schema'])
    assert.deepEqual((await specOf({ response_format: { type, schema } }))['format'], format, type)
  const named = { response_format: { type: 'json_schema', json_schema: { name: 'My answer!', schema } } }
  assert.deepEqual((await specOf(named))['format'], format, 'a name that says nothing is passed over')
})

test('the question is rebuilt in the words of the workload', async () => {
  const { specOf, asked } = askChat()
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
  const spec = await askChat().specOf({})
  assert.deepEqual([spec['maxCompletion'], spec['temperature'], spec['topP'], spec['stop']], [100, 1, 1, []])
})

test('sampling', async () => {
  const spec = await askChat().specOf({
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
  const { specOf } = askChat()
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
    { name: 'weather', description: 'Tells it.', parameters: '{"type":"object"}', strict: true },
  ])
  assert.deepEqual([spec['toolChoice'], spec['parallelTools']], [{ name: 'weather' }, false])
  const { type, function: flat } = weather
  const alike = await specOf({ tools: [{ type, ...flat }], tool_choice: { type, name: 'weather' }, models: [] })
  assert.deepEqual(
    [alike['tools'], alike['toolChoice']],
    [[{ name: 'weather', parameters: '{"type":"object"}' }], { name: 'weather' }],
  )
  const plain = await specOf({ tools: [weather], tool_choice: 'auto' })
  assert.equal('toolChoice' in plain, false)
  assert.equal((await specOf({ tools: [weather], tool_choice: 'required' }))['toolChoice'], 'required')
})

test('the form of the answer', async () => {
  const { specOf } = askChat()
  const format = async (response_format: object) => (await specOf({ response_format }))['format']
  assert.equal(await format({ type: 'text' }), undefined)
  assert.deepEqual(await format({ type: 'json_object' }), { type: 'json' })
  const schema = { type: 'object', properties: {} }
  const json_schema = { name: 'point', schema, strict: true }
  assert.deepEqual(await format({ type: 'json_schema', json_schema }), {
    type: 'schema',
    name: 'point',
    schema: JSON.stringify(schema),
  })
  assert.deepEqual(await format({ type: 'json_schema', json_schema: { ...json_schema, description: 'A place.' } }), {
    type: 'schema',
    name: 'point',
    schema: JSON.stringify({ ...schema, description: 'A place.' }),
  })
})

test('a schema keeps the order of its properties, also of those that look like positions', async () => {
  const { specOf } = askChat()
  const text = '{"type":"object","properties":{"zoo":{},"ant":{},"10":{},"9":{}}}'
  const json_schema = { name: 'point', schema: parseOrdered(text) }
  const { format } = await specOf({ response_format: { type: 'json_schema', json_schema } })
  assert.deepEqual(format, { type: 'schema', name: 'point', schema: text })
  const described = await specOf({
    response_format: { type: 'json_schema', json_schema: { ...json_schema, description: 'A zoo.' } },
  })
  const { schema } = described['format'] as { schema: string }
  assert.equal(schema, `${text.slice(0, -1)},"description":"A zoo."}`)
  const tool = { type: 'function', function: { name: 'f', parameters: parseOrdered(text) } }
  assert.deepEqual((await specOf({ tools: [tool] }))['tools'], [{ name: 'f', parameters: text }])
})

test('images come inside the request', async () => {
  const spec = await askChat().specOf({
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
  const { specOf } = askChat()
  for (const reasoning_effort of ['none', 'low', 'medium', 'high'])
    assert.equal((await specOf({ reasoning_effort }))['reasoning'], reasoning_effort)
})

test('an address of a picture and arguments of a call may be written as other servers take them', async () => {
  const { specOf } = askChat()
  const spec = await specOf({
    messages: [
      { role: 'user', content: [{ type: 'image_url', image_url: 'data:image/png;base64,iVBORw0KGgo=' }] },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: { zoo: 1, ant: [2] } } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ],
  })
  const [shown, called] = spec['messages'] as { content: unknown; toolCalls: unknown }[]
  assert.deepEqual(shown!.content, [{ type: 'image', media: 'image/png', data: 'iVBORw0KGgo=' }])
  assert.deepEqual(called!.toolCalls, [{ id: 'a', name: 'f', arguments: '{"zoo":1,"ant":[2]}' }])
})
