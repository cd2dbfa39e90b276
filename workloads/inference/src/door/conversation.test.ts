import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { askChat, askDoor, errorOf, hello, type Script } from '../testing/door.ts'

const PNG = 'iVBORw0KGgo='
const picture = { type: 'image', media: 'image/png', data: PNG }
const user = { role: 'user', content: 'hi' }
const chatCall = (id: string, json = '{}') => ({ id, type: 'function', function: { name: 'f', arguments: json } })
const claudeHello = { model: 'toy', max_tokens: 9, messages: [user] }
const askClaude = (script?: Script) => askDoor(anthropicDoor, '/v1/messages', claudeHello, script)
const askResponses = (script?: Script) => askDoor(openAiDoor, '/v1/responses', { model: 'toy', input: 'hi' }, script)
const rolesOf = (spec: Record<string, unknown>) => (spec['messages'] as { role: string }[]).map(({ role }) => role)

test('system messages may stand anywhere, in every API; between a call and its result they come after it', async () => {
  const chat = await askChat().specOf({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'a' }] },
      { role: 'developer', content: 'b' },
      user,
      { role: 'assistant', content: null, tool_calls: [chatCall('1'), chatCall('2')] },
      { role: 'system', content: 'c' },
      { role: 'tool', tool_call_id: '1', content: [{ type: 'text', text: 'x' }] },
      { role: 'developer', content: 'd' },
      { role: 'tool', tool_call_id: '2', content: null },
      { role: 'system', content: 'e' },
    ],
  })
  assert.deepEqual(rolesOf(chat), [
    'system',
    'system',
    'user',
    'assistant',
    'tool',
    'tool',
    'system',
    'system',
    'system',
  ])
  const claude = await askClaude().specOf({
    system: 'a',
    messages: [
      user,
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'f', input: {} }] },
      { role: 'system', content: [{ type: 'text', text: 'b', cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: 'x' }] },
      { role: 'system', content: 'c' },
    ],
  })
  assert.deepEqual(rolesOf(claude), ['system', 'user', 'assistant', 'tool', 'system', 'system'])
  const responses = await askResponses().specOf({
    instructions: 'a',
    input: [
      user,
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'b' }] },
      { type: 'function_call', call_id: '1', name: 'f', arguments: '' },
      { role: 'system', content: 'c' },
      { type: 'function_call_output', call_id: '1', output: [{ type: 'input_text', text: 'x' }] },
    ],
  })
  assert.deepEqual(rolesOf(responses), ['system', 'user', 'system', 'assistant', 'tool', 'system'])
})

test('what a user says before a result comes after it, in one message and in several, in every API', async () => {
  const said = ['user', 'assistant', 'tool', 'tool', 'user']
  const claude = await askClaude().specOf({
    messages: [
      user,
      { role: 'assistant', content: ['1', '2'].map(id => ({ type: 'tool_use', id, name: 'f', input: {} })) },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Here are both:' },
          { type: 'tool_result', tool_use_id: '1', content: 'x' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'tool_result', tool_use_id: '2', content: 'y' },
          { type: 'text', text: 'Go on.' },
        ],
      },
    ],
  })
  assert.deepEqual(rolesOf(claude), said)
  assert.deepEqual((claude['messages'] as { content: unknown }[]).at(-1)!.content, [
    { type: 'text', text: 'Here are both:' },
    picture,
    { type: 'text', text: 'Go on.' },
  ])
  const chat = await askChat().specOf({
    messages: [
      user,
      { role: 'assistant', content: null, tool_calls: [chatCall('1'), chatCall('2')] },
      { role: 'tool', tool_call_id: '1', content: 'x' },
      { role: 'user', content: 'wait' },
      { role: 'tool', tool_call_id: '2', content: 'y' },
    ],
  })
  assert.deepEqual(rolesOf(chat), said)
  const responses = await askResponses().specOf({
    input: [
      user,
      { type: 'function_call', call_id: '1', name: 'f', arguments: '' },
      { type: 'function_call', call_id: '2', name: 'f', arguments: '' },
      { role: 'user', content: 'wait' },
      { type: 'function_call_output', call_id: '1', output: 'x' },
      { type: 'function_call_output', call_id: '2', output: 'y' },
    ],
  })
  assert.deepEqual(rolesOf(responses), said)
  const never = await askChat().specOf({
    messages: [
      user,
      { role: 'assistant', content: null, tool_calls: [chatCall('1')] },
      { role: 'user', content: 'never mind' },
      { role: 'assistant', content: 'as you wish' },
      user,
    ],
  })
  assert.deepEqual(rolesOf(never), ['user', 'assistant', 'user', 'assistant', 'user'])
})

test('what a result shows comes as the user’s, after the results of that turn', async () => {
  const url = { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}`, detail: 'high' } }
  const calls = { role: 'assistant', content: null, tool_calls: [chatCall('1'), chatCall('2')] }
  const results = [
    { role: 'tool', tool_call_id: '1', content: [{ type: 'text', text: 'x' }, url] },
    { role: 'tool', tool_call_id: '2', content: 'y' },
  ]
  const seen = [
    { role: 'tool', callId: '1', content: 'x' },
    { role: 'tool', callId: '2', content: 'y' },
  ]
  const alone = await askChat().specOf({ messages: [user, calls, ...results] })
  assert.deepEqual((alone['messages'] as unknown[]).slice(2), [...seen, { role: 'user', content: [picture] }])
  const followed = await askChat().specOf({ messages: [user, calls, ...results, user] })
  const both = { role: 'user', content: [picture, { type: 'text', text: 'hi' }] }
  assert.deepEqual((followed['messages'] as unknown[]).slice(2), [...seen, both])
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }
  const claude = await askClaude().specOf({
    messages: [
      user,
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1', content: [image] },
          { type: 'text', text: 'hi' },
        ],
      },
    ],
  })
  assert.deepEqual((claude['messages'] as unknown[]).slice(2), [{ role: 'tool', callId: '1', content: '' }, both])
  const responses = await askResponses().specOf({
    input: [
      user,
      { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: '1',
        output: [{ type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'low' }],
      },
      { role: 'user', content: 'hi' },
    ],
  })
  assert.deepEqual((responses['messages'] as unknown[]).slice(2), [{ role: 'tool', callId: '1', content: '' }, both])
})

test('an own answer that was cut inside a call can be sent back, in every API', async () => {
  const cut = '{"city":"Par'
  const whole = '{"city":"Par"}'
  const chat = await askChat().specOf({
    messages: [
      user,
      { role: 'assistant', content: null, tool_calls: [chatCall('1', cut), chatCall('2', ''), chatCall('3', 'Paris')] },
      ...['1', '2', '3'].map(id => ({ role: 'tool', tool_call_id: id, content: 'error' })),
    ],
  })
  const { toolCalls } = (chat['messages'] as { toolCalls: { arguments: string }[] }[])[1]!
  assert.deepEqual(
    toolCalls.map(one => one.arguments),
    [whole, '{}', '{"text":"Paris"}'],
  )
  const responses = await askResponses().specOf({
    input: [
      user,
      { type: 'function_call', call_id: '1', name: 'f', arguments: cut, status: 'incomplete' },
      { type: 'function_call_output', call_id: '1', output: 'error' },
    ],
  })
  assert.equal((responses['messages'] as { toolCalls: { arguments: string }[] }[])[1]!.toolCalls[0]!.arguments, whole)
})

test('what an engine refuses is named where its client wrote it, whatever became of the messages in between', async () => {
  const refusedAt = (param: string) => new HeddleError('bad_request', `${param}: no`, { cause: { param } })
  const chat = (param: string) =>
    askChat({ refuses: refusedAt(param) }).post({
      ...hello,
      messages: [
        user,
        { role: 'assistant', content: null, tool_calls: [chatCall('1')] },
        { role: 'system', content: 'held back' },
        { role: 'tool', tool_call_id: '1', content: 'x' },
      ],
      tools: [{ type: 'web_search' }, { type: 'function', function: { name: 'f', parameters: {} } }],
    })
  for (const [spec, client] of [
    ['messages.2.callId', 'messages[3].tool_call_id'],
    ['messages[3]', 'messages[2]'],
    ['messages.1.toolCalls.0.arguments', 'messages[1].tool_calls[0].function.arguments'],
    ['tools.0.parameters.properties.a', 'tools[1].function.parameters.properties.a'],
    ['maxCompletion', 'max_tokens'],
    ['toolChoice', 'tool_choice'],
  ] as const) {
    const error = errorOf(await chat(spec))
    assert.deepEqual([error['param'], (error['message'] as string).split(':')[0]], [client, client])
  }
  const leaked = new HeddleError('bad_request', 'spec.messages.2.callId: Invalid input.')
  const claude = await askClaude({ refuses: leaked }).post({
    ...claudeHello,
    messages: [
      user,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'tool_use', id: '1', name: 'f', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: '1' },
          { type: 'text', text: 'b' },
        ],
      },
      user,
    ],
  })
  const { error, heddle } = claude.json as { error: { message: string }; heddle: { param: string } }
  assert.doesNotMatch(error.message, /spec|callId/)
  assert.equal(heddle.param, 'messages[2].content[0].tool_use_id')
  const responses = await askResponses({ refuses: refusedAt('messages.1.toolCalls.1.arguments') }).post({
    model: 'toy',
    input: [
      user,
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'r' }] },
      { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' },
      { type: 'function_call', call_id: '2', name: 'f', arguments: '{}' },
    ],
  })
  assert.equal(errorOf(responses)['param'], 'input[3].arguments')
})

test('functions in a namespace are called by their own name, and answers say the namespace', async () => {
  const fn = (name: string) => ({ type: 'function', name, parameters: { type: 'object' } })
  const tools = [
    fn('run'),
    {
      type: 'namespace',
      name: 'agents',
      description: 'Helpers',
      tools: [fn('spawn'), fn('wait'), { type: 'custom', name: 'x' }],
    },
    { type: 'namespace', name: 'other', tools: [fn('wait')] },
  ]
  const deltas = [{ toolCall: { index: 0, id: 'a', name: 'agents__wait', arguments: '{}' } }]
  const { post, specOf } = askResponses({ deltas })
  const spec = await specOf({
    tools,
    tool_choice: { type: 'function', name: 'spawn', namespace: 'agents' },
    input: [
      user,
      { type: 'function_call', call_id: '1', namespace: 'other', name: 'wait', arguments: '{}' },
      { type: 'function_call_output', call_id: '1', output: 'x' },
    ],
  })
  assert.deepEqual(
    (spec['tools'] as { name: string; description?: string }[]).map(({ name, description }) => [name, description]),
    [
      ['run', undefined],
      ['spawn', 'Part of agents: Helpers'],
      ['agents__wait', 'Part of agents: Helpers'],
      ['other__wait', undefined],
    ],
  )
  assert.deepEqual(spec['toolChoice'], { name: 'spawn' })
  assert.equal((spec['messages'] as { toolCalls: { name: string }[] }[])[1]!.toolCalls[0]!.name, 'other__wait')
  const { json, headers } = await post({ model: 'toy', input: 'hi', tools })
  const [item] = (json as { output: { name: string; namespace: string }[] }).output
  assert.deepEqual([item!.name, item!.namespace], ['wait', 'agents'])
  assert.equal(headers['heddle-unused'], 'tools[1].tools[2]')
  const { text } = await post({ model: 'toy', input: 'hi', tools, stream: true })
  assert.match(text, /"name":"wait","namespace":"agents"/)
})

test('what other kinds of tools did in a conversation is told as calls and results', async () => {
  const { messages } = await askResponses().specOf({
    input: [
      user,
      { type: 'custom_tool_call', call_id: '1', name: 'apply_patch', input: '*** Begin' },
      { type: 'custom_tool_call_output', call_id: '1', output: 'Done' },
      { type: 'local_shell_call', call_id: '2', status: 'completed', action: { type: 'exec', command: ['ls'] } },
      { type: 'local_shell_call_output', id: '2', output: 'a' },
    ],
  })
  assert.deepEqual((messages as unknown[]).slice(1), [
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: '1', name: 'apply_patch', arguments: '{"input":"*** Begin"}' }],
    },
    { role: 'tool', callId: '1', content: 'Done' },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ id: '2', name: 'local_shell', arguments: '{"type":"exec","command":["ls"]}' }],
    },
    { role: 'tool', callId: '2', content: 'a' },
  ])
})

test('a call without arguments has empty ones, whole and streamed', async () => {
  const deltas = [
    { toolCall: { index: 0, id: 'a', name: 'f' } },
    { toolCall: { index: 1, id: 'b', name: 'g', arguments: '{"x":1}' } },
  ]
  const { json } = await askChat({ deltas }).post(hello)
  const { message } = (json as { choices: { message: { tool_calls: { function: { arguments: string } }[] } }[] })
    .choices[0]!
  assert.deepEqual(
    message.tool_calls.map(one => one.function.arguments),
    ['{}', '{"x":1}'],
  )
  const { text } = await askChat({ deltas }).post({ ...hello, stream: true })
  const told = new Map<number, string>()
  for (const [, data] of text.matchAll(/^data: (\{.*)$/gm)) {
    const { choices } = JSON.parse(data!) as {
      choices: { delta: { tool_calls?: { index: number; function: { arguments?: string } }[] } }[]
    }
    for (const {
      index,
      function: { arguments: more = '' },
    } of choices[0]?.delta.tool_calls ?? [])
      told.set(index, (told.get(index) ?? '') + more)
  }
  assert.deepEqual([...told.values()], ['{}', '{"x":1}'])
  const responses = await askResponses({ deltas }).post({ model: 'toy', input: 'hi', stream: true })
  assert.match(responses.text, /"name":"f","arguments":"\{\}"/)
})
