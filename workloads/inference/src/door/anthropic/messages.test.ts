import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import { anthropicDoor } from '../../door.ts'
import type { Piece } from '../../output.ts'
import { askDoor, note, type Script } from '../../testing/door.ts'
import { eventsOf, model, settlement } from '../../testing/house.ts'

const hello = { model: 'toy', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }

const setup = (script?: Script, path = '/v1/messages') => askDoor(anthropicDoor, path, hello, script)

type Failed = { type: string; error: { type: string; message: string }; heddle: { code: string; param: string | null } }
const failed = ({ json }: { json: unknown }) => json as Failed
const rich: Piece[] = [
  { reasoning: 'Hmm.' },
  { text: 'Let me ' },
  { text: 'look.' },
  { toolCall: { index: 0, id: 'call_a', name: 'weather' } },
  { toolCall: { index: 0, arguments: '{"city":' } },
  { toolCall: { index: 0, arguments: '"Bern"}' } },
  { finish: 'tool_calls', reasoningTokens: 1 },
]
const usage = {
  input_tokens: 5,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 2,
  output_tokens: 3,
  output_tokens_details: { thinking_tokens: 1 },
  server_tool_use: null,
}

test('a whole message', async () => {
  const { json, headers } = await setup({ deltas: rich }).post({ ...hello, metadata: { user_id: 'me' } })
  assert.deepEqual(headers, {
    'x-heddle-receipt': settlement.receipt,
    'request-id': settlement.receipt,
    'heddle-unused': 'metadata',
  })
  assert.deepEqual(json, {
    id: `msg_${settlement.receipt.slice(2, 26)}`,
    type: 'message',
    role: 'assistant',
    model: 'toy',
    content: [
      { type: 'thinking', thinking: 'Hmm.', signature: '' },
      { type: 'text', text: 'Let me look.', citations: null },
      { type: 'tool_use', id: 'call_a', name: 'weather', input: { city: 'Bern' }, caller: { type: 'direct' } },
    ],
    container: null,
    stop_reason: 'tool_use',
    stop_sequence: null,
    stop_details: null,
    usage: { ...usage, service_tier: 'standard' },
    heddle: { ...note, unused: ['metadata'] },
  })
})

test('a streamed message: one block at a time, the usage at the end', async () => {
  const { text } = await setup({ deltas: rich }).post({ ...hello, stream: true })
  const events = eventsOf(text)
  assert.deepEqual(
    events.map(({ type, index }) => (index === undefined ? type : `${type} ${index}`)),
    [
      'message_start',
      'ping',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ],
  )
  assert.deepEqual(
    events.flatMap(event => (event['type'] === 'content_block_delta' ? [event['delta']] : [])),
    [
      { type: 'thinking_delta', thinking: 'Hmm.' },
      { type: 'text_delta', text: 'Let me ' },
      { type: 'text_delta', text: 'look.' },
      { type: 'input_json_delta', partial_json: '{"city":' },
      { type: 'input_json_delta', partial_json: '"Bern"}' },
    ],
  )
  const { delta, usage: used, heddle } = events.at(-2)!
  assert.deepEqual(delta, { stop_reason: 'tool_use', stop_sequence: null, stop_details: null, container: null })
  assert.deepEqual(used, usage)
  assert.deepEqual(heddle, note)
})

test('why a message ended', async () => {
  const cases: [Piece[], 'stop' | 'length', string, string | null][] = [
    [[{ text: 'a' }], 'stop', 'end_turn', null],
    [[{ text: 'a' }], 'length', 'max_tokens', null],
    [[{ text: 'a' }, { finish: 'stop', stopped: 'END' }], 'stop', 'stop_sequence', 'END'],
  ]
  for (const [deltas, finish, reason, sequence] of cases) {
    const { json } = await setup({ deltas, settlement: { finish } }).post(hello)
    const { stop_reason, stop_sequence } = json as Record<string, unknown>
    assert.deepEqual([stop_reason, stop_sequence], [reason, sequence])
  }
})

test('a call that ran out of tokens is left out, and max_tokens says so', async () => {
  const deltas = rich.slice(0, 5)
  const { json } = await setup({ deltas, settlement: { finish: 'length' } }).post(hello)
  const { content, stop_reason } = json as { content: { type: string }[]; stop_reason: string }
  assert.deepEqual([content.map(block => block.type), stop_reason], [['thinking', 'text'], 'max_tokens'])
})

test('the input of a call is an object, whatever a model wrote, streamed or whole', async () => {
  const cases: [string, object][] = [
    ['null', {}],
    ['"{\\"a\\":1}"', { a: 1 }],
    ["{'a': 1}", { text: "{'a': 1}" }],
    ['[1]', { text: '[1]' }],
    ['{"a":', {}],
  ]
  for (const [json, input] of cases) {
    const deltas: Piece[] = [{ toolCall: { index: 0, id: 'a', name: 'f', arguments: json } }, { finish: 'tool_calls' }]
    const whole = await setup({ deltas }).post(hello)
    assert.deepEqual((whole.json as { content: { input: object }[] }).content[0]?.input, input, json)
    if (json.startsWith('{')) continue
    const { text } = await setup({ deltas }).post({ ...hello, stream: true })
    const parts = eventsOf(text).flatMap(
      ({ delta }) => (delta as { partial_json?: string } | undefined)?.partial_json ?? [],
    )
    assert.deepEqual(JSON.parse(parts.join('') || '{}'), input, json)
  }
})

test("names of up to 128 letters are Anthropic's own: engines get shorter ones, and answers say the client's", async () => {
  const long = `mcp__a_server_with_a_very_long_name__${'x'.repeat(80)}`
  const other = `${long.slice(0, -1)}y`
  const tools = [long, other, 'short'].map(name => ({ name, input_schema: { type: 'object' } }))
  const asked = await setup().specOf({ tools, tool_choice: { type: 'tool', name: long } })
  const names = (asked['tools'] as { name: string }[]).map(({ name }) => name)
  assert.equal(new Set(names).size, 3)
  for (const name of names) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/)
  assert.deepEqual(asked['toolChoice'], { name: names[0] })
  const deltas: Piece[] = [
    { toolCall: { index: 0, id: 'a', name: names[0]!, arguments: '{}' } },
    { finish: 'tool_calls' },
  ]
  const whole = await setup({ deltas }).post({ ...hello, tools })
  const { content } = whole.json as { content: { name: string }[] }
  assert.equal(content[0]?.name, long)
  const { text } = await setup({ deltas }).post({ ...hello, tools, stream: true })
  const begun = eventsOf(text).find(({ type }) => type === 'content_block_start')
  assert.equal((begun?.['content_block'] as { name: string }).name, long)
  const results = [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference', tool_name: other }] }]
  const messages = [...hello.messages, { role: 'assistant', content }, { role: 'user', content: results }]
  const again = await setup().specOf({ tools, messages })
  const [, call, result] = again['messages'] as { toolCalls?: { name: string }[]; content: string }[]
  assert.equal(call?.toolCalls?.[0]?.name, names[0])
  assert.equal(result?.content, `Tool: ${names[1]}`)
})

test('whatever a call was named, and whatever its id, a conversation with it goes on', async () => {
  const use = { type: 'tool_use', id: 'i'.repeat(5_000), name: 'f<|channel|>json', input: {} }
  const result = { type: 'tool_result', tool_use_id: use.id, content: 'no such tool' }
  const messages = [...hello.messages, { role: 'assistant', content: [use] }, { role: 'user', content: [result] }]
  const spec = await setup().specOf({ messages })
  const [, call, told] = spec['messages'] as { toolCalls?: { id: string }[]; callId?: string }[]
  assert.equal(call?.toolCalls?.[0]?.id, told?.callId)
})

test('output_format is the older name of output_config.format', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } }
  const format = { type: 'json_schema', schema }
  const [old, current] = [
    await setup().specOf({ output_format: format }),
    await setup().specOf({ output_config: { format } }),
  ]
  assert.deepEqual(old, current)
  const both = { output_format: format, output_config: { format: { ...format, schema: { type: 'array' } } } }
  assert.equal((await setup().post({ ...hello, ...both })).status, 400)
})

test('what an engine kept to itself is a refusal', async () => {
  const { json } = await setup({ deltas: [{ text: 'I' }, { finish: 'filtered' }] }).post(hello)
  assert.equal((json as { stop_reason: string }).stop_reason, 'refusal')
})

test('the question is rebuilt in the words of the workload', async () => {
  const spec = await setup().specOf({
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Weather here?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hmm.', signature: '' },
          { type: 'text', text: 'Looking.' },
          { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bern' }, caller: { type: 'direct' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'no such city' }], is_error: true },
          { type: 'text', text: 'And now?' },
        ],
      },
    ],
    stop_sequences: ['END'],
    top_k: 5,
    top_p: 0.9,
    temperature: 0.2,
  })
  const { cache, ...rest } = spec
  assert.match(cache as string, /^[0-9a-f]{64}$/)
  assert.deepEqual(rest, {
    task: 'chat',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Weather here?' },
          { type: 'image', media: 'image/jpeg', data: '/9j/' },
        ],
      },
      {
        role: 'assistant',
        content: 'Looking.',
        reasoning: 'Hmm.',
        toolCalls: [{ id: 'a', name: 'weather', arguments: '{"city":"Bern"}' }],
      },
      { role: 'tool', callId: 'a', content: 'Error: no such city' },
      { role: 'user', content: 'And now?' },
    ],
    maxCompletion: 100,
    temperature: 0.2,
    topP: 0.9,
    topK: 5,
    stop: ['END'],
  })
})

test('tools, and how they are chosen', async () => {
  const { specOf } = setup()
  const tools = [{ name: 'weather', description: 'Tells it.', input_schema: { type: 'object' } }]
  const chosen = async (tool_choice: object) => {
    const { toolChoice, parallelTools } = await specOf({ tools, tool_choice })
    return [toolChoice, parallelTools]
  }
  const { tools: read } = await specOf({ tools })
  assert.deepEqual(read, [{ name: 'weather', description: 'Tells it.', parameters: '{"type":"object"}' }])
  assert.deepEqual(await chosen({ type: 'auto' }), [undefined, undefined])
  assert.deepEqual(await chosen({ type: 'any', disable_parallel_tool_use: true }), ['required', false])
  assert.deepEqual(await chosen({ type: 'tool', name: 'weather' }), [{ name: 'weather' }, undefined])
  assert.deepEqual(await chosen({ type: 'none' }), ['none', undefined])
})

test('how much to think, and in what form to answer', async () => {
  const { specOf } = setup()
  const effort = async (body: object) => (await specOf({ max_tokens: 30_000, ...body }))['reasoning']
  assert.equal(await effort({ thinking: { type: 'disabled' } }), 'none')
  assert.equal(await effort({ thinking: { type: 'enabled', budget_tokens: 4_096 } }), 'low')
  assert.equal(await effort({ thinking: { type: 'enabled', budget_tokens: 10_000 } }), 'medium')
  assert.equal(await effort({ thinking: { type: 'enabled', budget_tokens: 20_000 } }), 'high')
  assert.equal(await effort({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }), 'high')
  const spec = await specOf({ output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } })
  assert.deepEqual(spec['format'], { type: 'schema', schema: '{"type":"object"}' })
})

test("errors are in Anthropic's shape, with the code and the field beside it", async () => {
  const { post, asked } = setup()
  const user = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })
  const cases: [object, string, string][] = [
    [{ max_tokens: undefined }, 'bad_request', 'max_tokens'],
    [{ temperature: 1.5 }, 'bad_request', 'temperature'],
    [{ seed: 1 }, 'unsupported_field', 'seed'],
    [{ inference_geo: 'us' }, 'unsupported_field', 'inference_geo'],
    [
      {
        tools: [{ type: 'web_search_20250305', name: 'web_search' }],
        tool_choice: { type: 'tool', name: 'web_search' },
      },
      'bad_request',
      'tool_choice',
    ],
    [{ tool_choice: { type: 'any' } }, 'bad_request', 'tool_choice'],
    [{ thinking: { type: 'enabled', budget_tokens: 2_000 } }, 'bad_request', 'thinking.budget_tokens'],
    [{ messages: [...hello.messages, { role: 'assistant', content: 'I' }] }, 'bad_request', 'messages[1]'],
    [user({ type: 'document', source: {} }), 'bad_request', 'messages[0].content[0].type'],
    [
      user({ type: 'image', source: { type: 'url', url: 'http://127.0.0.1/x' } }),
      'bad_request',
      'messages[0].content[0].source.type',
    ],
  ]
  for (const [body, code, param] of cases) {
    const answer = await post({ ...hello, ...body })
    const { type, error, heddle } = failed(answer)
    assert.deepEqual([answer.status, type, error.type], [400, 'error', 'invalid_request_error'], param)
    assert.equal(heddle.code, code)
    if (param !== '') assert.equal(heddle.param, param)
    assert.ok(error.message.includes(heddle.param!))
  }
  const unknown = await post({ ...hello, model: 'other' })
  assert.deepEqual([unknown.status, failed(unknown).error.type], [404, 'not_found_error'])
  assert.equal(asked.length, 0)
  const busy = await setup({ refuses: new HeddleError('busy') }).post(hello)
  assert.deepEqual([busy.status, failed(busy).error.type, busy.headers['retry-after']], [529, 'overloaded_error', '1'])
})

test('what breaks off ends the stream with an error event', async () => {
  const { text } = await setup({ deltas: ['Hel', new HeddleError('engine_down')] }).post({ ...hello, stream: true })
  const { type, error } = eventsOf(text).at(-1) as unknown as Failed
  assert.deepEqual([type, error.type], ['error', 'overloaded_error'])
  assert.doesNotMatch(text, /message_stop/)
})

test('tokens are counted exactly or not at all', async () => {
  const body = { model: 'toy', messages: hello.messages, system: 'Be brief.' }
  const count = '/v1/messages/count_tokens'
  const counted = await setup({}, count).post(body)
  assert.deepEqual(counted.json, { input_tokens: 7 })
  const guess = { input: { used: { prompt: 300n, cached: 0n, completion: 0n }, exact: false } }
  const guessed = await setup({ quote: guess }, count).post(body)
  assert.equal(guessed.status, 400)
  assert.equal(failed(guessed).heddle.code, 'unsupported_by_model')
  assert.match(failed(guessed).error.message, /cannot count/)
})

test('a model that lacks something is not asked for it: the field is named', async () => {
  const { post } = setup({ models: [{ ...model, features: ['chat'] }] })
  const answer = await post({ ...hello, tools: [{ name: 'a', input_schema: {} }] })
  assert.deepEqual([answer.status, failed(answer).heddle.param], [400, 'tools'])
})
