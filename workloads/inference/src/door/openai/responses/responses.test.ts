import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import { openAiDoor } from '../../../door.ts'
import type { Piece } from '../../../output.ts'
import { askDoor, errorOf, type Script } from '../../../testing/door.ts'
import { eventsOf, settlement } from '../../../testing/house.ts'

const hello = { model: 'toy', input: 'hi' }

const setup = (script?: Script) => askDoor(openAiDoor, '/v1/responses', hello, script)

const rich: Piece[] = [
  { reasoning: 'Hmm.' },
  { text: 'Let me ' },
  { text: 'look.' },
  { toolCall: { index: 0, id: 'call_a', name: 'weather' } },
  { toolCall: { index: 0, arguments: '{}' } },
  { finish: 'tool_calls', reasoningTokens: 1 },
]

test('a whole response', async () => {
  const { post } = setup({ deltas: rich })
  const body = { ...hello, instructions: 'Be brief.', metadata: { a: 'b' }, user: 'me', store: false }
  const { json, headers } = await post(body)
  const { output, usage, ...rest } = json as Record<string, unknown>
  assert.equal(headers['x-heddle-receipt'], settlement.receipt)
  const { id, object, status, store, metadata, user, instructions, incomplete_details, error } = rest
  assert.match(id as string, /^resp_[0-9a-f]{48}$/)
  assert.deepEqual([object, status, store, metadata, user], ['response', 'completed', false, { a: 'b' }, 'me'])
  assert.deepEqual([instructions, incomplete_details, error], ['Be brief.', null, null])
  assert.deepEqual(
    (output as Record<string, unknown>[]).map(({ id: _, ...item }) => item),
    [
      { type: 'reasoning', status: 'completed', summary: [], content: [{ type: 'reasoning_text', text: 'Hmm.' }] },
      {
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Let me look.', annotations: [], logprobs: [] }],
      },
      { type: 'function_call', status: 'completed', call_id: 'call_a', name: 'weather', arguments: '{}' },
    ],
  )
  assert.deepEqual(usage, {
    input_tokens: 7,
    input_tokens_details: { cached_tokens: 2 },
    output_tokens: 3,
    output_tokens_details: { reasoning_tokens: 1 },
    total_tokens: 10,
  })
})

test('a streamed response: numbered events that tell the same as the whole', async () => {
  const { json } = await setup({ deltas: rich }).post(hello)
  const { text } = await setup({ deltas: rich }).post({ ...hello, stream: true })
  const events = eventsOf(text)
  assert.deepEqual(
    events.map(event => event['type']),
    [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.reasoning_text.delta',
      'response.reasoning_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ],
  )
  assert.deepEqual(
    events.map(event => event['sequence_number']),
    events.map((_, i) => i),
  )
  const timeless = (value: unknown) => ({ ...(value as object), created_at: 0, completed_at: 0 })
  assert.deepEqual(timeless(events.at(-1)!['response']), timeless(json))
  const done = events.filter(event => event['type'] === 'response.output_item.done').map(event => event['item'])
  assert.deepEqual(done, (json as { output: unknown[] }).output)
})

test('an answer that ran out of tokens is incomplete', async () => {
  const script = { settlement: { finish: 'length' as const } }
  const { json } = await setup(script).post(hello)
  const { status, incomplete_details } = json as Record<string, unknown>
  assert.deepEqual([status, incomplete_details], ['incomplete', { reason: 'max_output_tokens' }])
  const last = eventsOf((await setup(script).post({ ...hello, stream: true })).text).at(-1)!
  assert.equal(last['type'], 'response.incomplete')
})

test('an empty answer is an empty message', async () => {
  const { text } = await setup({ deltas: [] }).post({ ...hello, stream: true })
  const { output } = eventsOf(text).at(-1)!['response'] as { output: { content: { text: string }[] }[] }
  assert.deepEqual(
    output.map(item => item.content[0]!.text),
    [''],
  )
})

test('what breaks off ends the stream with an error event', async () => {
  const { text } = await setup({ deltas: ['Hel', new HeddleError('engine_down')] }).post({ ...hello, stream: true })
  const events = eventsOf(text)
  const { type, code, sequence_number } = events.at(-1)!
  assert.deepEqual([type, code, sequence_number], ['error', 'engine_down', events.length - 1])
})

test('items become messages: what an assistant thought, said and called is one', async () => {
  const spec = await setup().specOf({
    instructions: 'Be brief.',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Hmm.' }] },
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Looking.', annotations: [], logprobs: [] }],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'weather', arguments: '{}', status: 'completed' },
      { type: 'function_call', call_id: 'b', name: 'time', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: 'sunny' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'noon' }] },
      { role: 'developer', content: 'Now answer.' },
    ],
  })
  assert.deepEqual(spec['messages'], [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: 'Looking.',
      reasoning: 'Hmm.',
      toolCalls: [
        { id: 'a', name: 'weather', arguments: '{}' },
        { id: 'b', name: 'time', arguments: '{}' },
      ],
    },
    { role: 'tool', callId: 'a', content: 'sunny' },
    { role: 'tool', callId: 'b', content: 'noon' },
    { role: 'system', content: 'Now answer.' },
  ])
})

test('an answer can be sent back as it was', async () => {
  const { post, specOf } = setup({ deltas: rich })
  const { output } = (await post(hello)).json as { output: unknown[] }
  const result = { type: 'function_call_output', call_id: 'call_a', output: 'sunny' }
  const spec = await specOf({ input: [{ role: 'user', content: 'hi' }, ...output, result] })
  assert.deepEqual((spec['messages'] as unknown[])[1], {
    role: 'assistant',
    content: 'Let me look.',
    reasoning: 'Hmm.',
    toolCalls: [{ id: 'call_a', name: 'weather', arguments: '{}' }],
  })
})

test('how to answer', async () => {
  const spec = await setup().specOf({
    max_output_tokens: 9,
    tools: [{ type: 'function', name: 'weather', parameters: { type: 'object' }, strict: false }],
    tool_choice: { type: 'function', name: 'weather' },
    parallel_tool_calls: false,
    text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' }, strict: true } },
    reasoning: { effort: 'low' },
    include: ['message.output_text.logprobs'],
    top_logprobs: 2,
    truncation: 'disabled',
    background: false,
  })
  const { maxCompletion, tools, toolChoice, parallelTools, format, reasoning, logprobs } = spec
  assert.deepEqual(
    { maxCompletion, tools, toolChoice, parallelTools, format, reasoning, logprobs },
    {
      maxCompletion: 9,
      tools: [{ name: 'weather', parameters: '{"type":"object"}' }],
      toolChoice: { name: 'weather' },
      parallelTools: false,
      format: { type: 'schema', name: 'x', schema: '{"type":"object"}' },
      reasoning: 'low',
      logprobs: 2,
    },
  )
})

test('what is not honoured is refused by name', async () => {
  const { post, asked } = setup()
  const cases: [object, string][] = [
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ stop: ['x'] }, 'stop'],
    [{ seed: 7 }, 'seed'],
    [{ prompt: { id: 'x' } }, 'prompt'],
    [{ tools: [{ type: 'web_search' }], tool_choice: { type: 'web_search' } }, 'tool_choice'],
    [{ tools: [{ type: 'web_search' }], tool_choice: 'required' }, 'tool_choice'],
    [{ input: [] }, 'input'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type'],
    [{ input: [{ type: 'reasoning', id: 'x', summary: [] }] }, 'input'],
    [{ input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'x' }] }] }, 'input[0].content[0].type'],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'http://127.0.0.1/x' }] }] },
      'input[0].content[0].image_url',
    ],
  ]
  for (const [body, param] of cases) {
    const answer = await post({ ...hello, ...body })
    assert.equal(answer.status, 400, param)
    assert.equal(errorOf(answer)['param'], param)
  }
  assert.equal(asked.length, 0)
})
