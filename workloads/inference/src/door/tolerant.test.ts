import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Door } from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { askDoor } from '../testing/door.ts'
import { model } from '../testing/house.ts'

/** What each API's clients send beside what is asked, and how it is named when it is passed over. */
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const tool = (more: object = {}) => ({ type: 'function', function: { name: 'f', parameters: {}, ...more } })

type Sent = [body: object, unused: string[]]
type Api = { path: string; door: Door; hello: object; sent: Sent[] }

const labels: Sent[] = [
  [{ metadata: { a: 'b' } }, ['metadata']],
  [{ service_tier: 'flex' }, ['service_tier']],
  [{ service_tier: 'auto' }, []],
  [{ a_field_of_tomorrow: [1] }, ['a_field_of_tomorrow']],
  [{ a_field_of_tomorrow: null }, []],
]
const openAi: Sent[] = [
  ...labels,
  [{ user: 'me', safety_identifier: 'x' }, ['user', 'safety_identifier']],
  [{ store: true }, ['store']],
  [{ store: false }, []],
  [
    { prompt_cache_retention: '24h', prompt_cache_options: { mode: 'x' } },
    ['prompt_cache_retention', 'prompt_cache_options'],
  ],
  [
    { stream: true, stream_options: { include_obfuscation: true, other: 1 } },
    ['stream_options.include_obfuscation', 'stream_options.other'],
  ],
]

const apis: Api[] = [
  {
    path: '/v1/chat/completions',
    door: openAiDoor,
    hello: { model: 'toy', ...user('hi') },
    sent: [
      ...openAi,
      [{ verbosity: 'low', prediction: { type: 'content', content: 'x' } }, ['verbosity', 'prediction']],
      [{ web_search_options: {}, moderation: { model: 'x' } }, ['web_search_options', 'moderation']],
      [{ transforms: ['middle-out'], plugins: [{ id: 'web' }], route: 'fallback' }, ['transforms', 'plugins', 'route']],
      [{ usage: { include: true }, reasoning: { exclude: true } }, ['reasoning.exclude']],
      [{ keep_alive: -1, think: true }, ['keep_alive', 'think']],
      [{ min_p: 0, repetition_penalty: 1, typical_p: 1, n: 1, audio: null, functions: [] }, []],
      [{ stream_options: { include_usage: true } }, ['stream_options']],
      [
        user([{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }]),
        ['messages[0].content[0].cache_control'],
      ],
      [{ messages: [{ role: 'user', name: 'bob', content: 'hi' }] }, ['messages[0].name']],
      [
        { messages: [{ role: 'assistant', content: 'a', annotations: [{}], thinking_blocks: [] }] },
        ['messages[0].thinking_blocks', 'messages[0].annotations'],
      ],
      [{ tools: [tool({ extra: 1 }), { type: 'web_search' }] }, ['tools[0].function.extra', 'tools[1]']],
      [{ tools: [{ type: 'custom', custom: { name: 'x' } }], tool_choice: 'auto' }, ['tools[0]']],
      [{ tools: [], tool_choice: 'none', parallel_tool_calls: true }, []],
      [{ stop: null, seed: -1, top_k: 0, top_p: 0, max_tokens: -1 }, []],
      [{ stop: '' }, []],
      [{ stop: [] }, []],
      [{ reasoning_effort: 'as you like' }, ['reasoning_effort']],
    ],
  },
  {
    path: '/v1/completions',
    door: openAiDoor,
    hello: { model: 'toy', prompt: 'hi' },
    sent: [
      ...openAi.filter(([body]) => !('store' in body) && !('service_tier' in body)),
      [{ store: true }, ['store']],
      [{ best_of: 1, echo: false, suffix: '' }, []],
    ],
  },
  {
    path: '/v1/responses',
    door: openAiDoor,
    hello: { model: 'toy', input: 'hi' },
    sent: [
      ...openAi,
      [{ client_metadata: { turn_id: '1' }, truncation: 'auto' }, ['client_metadata', 'truncation']],
      [{ include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] }, ['include[0]']],
      [
        { reasoning: { summary: 'auto', effort: 'low' }, text: { verbosity: 'low' } },
        ['reasoning.summary', 'text.verbosity'],
      ],
      [{ context_management: [{ type: 'compaction' }], max_tool_calls: 3 }, ['context_management', 'max_tool_calls']],
      [{ background: false, previous_response_id: null, conversation: null, prompt: null }, []],
      [{ input: [{ role: 'user', phase: 'x', content: 'hi' }] }, ['input[0].phase']],
      [
        {
          input: [
            { role: 'user', content: 'hi' },
            { type: 'reasoning', summary: [], encrypted_content: 'x' },
          ],
        },
        ['input[1]'],
      ],
      [
        {
          input: [
            { role: 'user', content: 'hi' },
            { type: 'web_search_call', id: 'x', action: {} },
          ],
        },
        ['input[1]'],
      ],
      [
        {
          tools: [
            { type: 'web_search', external_web_access: false },
            { type: 'namespace', name: 'a', tools: [] },
          ],
        },
        ['tools[0]', 'tools[1]'],
      ],
      [
        { tools: [{ type: 'custom', name: 'x', format: { type: 'text' } }, { type: 'local_shell' }, { type: 'mcp' }] },
        ['tools[0]', 'tools[1]', 'tools[2]'],
      ],
    ],
  },
  {
    path: '/v1/messages',
    door: anthropicDoor,
    hello: { model: 'toy', max_tokens: 10, ...user('hi') },
    sent: [
      ...labels,
      [{ service_tier: 'priority', speed: 'fast', container: 'x' }, ['container', 'service_tier', 'speed']],
      [{ context_management: { edits: [] }, mcp_servers: [{ name: 'x' }] }, ['context_management', 'mcp_servers']],
      [{ thinking: { type: 'adaptive', display: 'omitted' } }, ['thinking.display']],
      [{ thinking: { type: 'between_tools' } }, ['thinking']],
      [
        user([{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h', scope: 'global' } }]),
        ['messages[0].content[0].cache_control.scope', 'messages[0].content[0].cache_control.ttl'],
      ],
      [{ system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '5m' }, citations: null }] }, []],
      [
        {
          tools: [
            { name: 'f', input_schema: {}, eager_input_streaming: true },
            { type: 'bash_20250124', name: 'bash' },
          ],
        },
        ['tools[0].eager_input_streaming', 'tools[1]'],
      ],
      [
        {
          messages: [
            ...user('hi').messages,
            {
              role: 'assistant',
              content: [
                { type: 'redacted_thinking', data: 'x' },
                { type: 'text', text: 'a' },
              ],
            },
            ...user('b').messages,
          ],
        },
        ['messages[1].content[0]'],
      ],
      [
        {
          messages: [
            ...user('hi').messages,
            { role: 'assistant', content: [{ type: 'text', text: 'a', citations: [{}] }] },
            ...user('b').messages,
          ],
        },
        ['messages[1].content[0].citations'],
      ],
    ],
  },
]

for (const { path, door, hello, sent } of apis) {
  test(`${path}: what only hints is passed over and named, in the answer and in a header`, async () => {
    for (const [body, unused] of sent) {
      const what = JSON.stringify(body)
      const { post } = askDoor(door, path, hello)
      const { status, json, text, headers } = await post({ ...hello, ...body })
      assert.equal(status, 200, `${what} gave ${JSON.stringify(json)}`)
      assert.deepEqual(headers['heddle-unused']?.split(', ').toSorted() ?? [], unused.toSorted(), what)
      const said = /"unused":(\["[^\n]*?"\])/.exec(text || JSON.stringify(json))?.[1] ?? '[]'
      assert.deepEqual((JSON.parse(said) as string[]).toSorted(), unused.toSorted(), what)
    }
  })

  test(`${path}: who wants nothing passed over is told what would be`, async () => {
    const strict = { 'heddle-strict': 'true' }
    for (const [body, unused] of sent) {
      const what = JSON.stringify(body)
      const { post, asked } = askDoor(door, path, hello, body)
      // A length that is cut to what fits is refused too.
      const answer = await post(
        { ...hello, ...body, ...('max_tokens' in body && { max_tokens: 1 }) },
        undefined,
        strict,
      )
      if (unused.length === 0) {
        assert.equal(answer.status, 200, `${what} gave ${JSON.stringify(answer.json)}`)
        continue
      }
      const { error, heddle } = answer.json as { error: Record<string, string>; heddle?: Record<string, string> }
      assert.equal(answer.status, 400, what)
      assert.equal(heddle?.['code'] ?? error['code'], 'unsupported_field')
      assert.ok(unused.includes((heddle ?? error)['param']!), `${what} was refused as ${JSON.stringify(answer.json)}`)
      assert.equal(asked.length, 0)
    }
  })
}

test('a key can want it for all that it asks', async () => {
  const { house, ...rest } = await import('../testing/house.ts').then(({ recordingHouse, call }) => ({
    ...recordingHouse(),
    call,
  }))
  const ask = (headers: Record<string, string>) =>
    rest.call(
      openAiDoor,
      { ...house, strict: true },
      'POST',
      '/v1/embeddings',
      { model: 'toy', input: 'a', user: 'me' },
      { headers },
    )
  for (const headers of [{}, { 'heddle-strict': 'false' }])
    assert.equal((await ask(headers as Record<string, string>)).status, 400)
})

test('a hint that no model here can heed is passed over; one that somebody can is a need', async () => {
  const chat = { path: '/v1/chat/completions', hello: { model: 'toy', ...user('hi') }, door: openAiDoor }
  const simple = { ...model, features: ['chat', 'tools'] }
  const cases: Sent[] = [
    [{ reasoning_effort: 'high' }, ['reasoning_effort']],
    [{ reasoning: { effort: 'high' } }, ['reasoning']],
    [{ chat_template_kwargs: { enable_thinking: true } }, ['chat_template_kwargs']],
    [{ prompt_cache_key: 'k' }, ['prompt_cache_key']],
    [{ tools: [tool({ strict: true })] }, ['tools[0].function.strict']],
    [{ tools: [tool()], parallel_tool_calls: false }, ['parallel_tool_calls']],
  ]
  for (const [body, unused] of cases) {
    const lacking = await askDoor(chat.door, chat.path, chat.hello, { models: [simple] }).post({
      ...chat.hello,
      ...body,
    })
    assert.deepEqual([lacking.status, lacking.headers['heddle-unused']], [200, unused.join(', ')], JSON.stringify(body))
    const having = await askDoor(chat.door, chat.path, chat.hello).post({ ...chat.hello, ...body })
    assert.deepEqual([having.status, having.headers['heddle-unused']], [200, undefined], JSON.stringify(body))
  }
  const hello = { model: 'toy', max_tokens: 2_000, ...user('hi') }
  const claude = askDoor(anthropicDoor, '/v1/messages', hello, { models: [simple] })
  const thinks = { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }
  assert.equal((await claude.post({ ...hello, ...thinks })).headers['heddle-unused'], 'thinking, output_config.effort')
  const marked = { system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] }
  assert.equal((await claude.post({ ...hello, ...marked })).headers['heddle-unused'], 'system[0].cache_control')
  assert.equal((await claude.post({ ...hello, thinking: { type: 'disabled' } })).headers['heddle-unused'], undefined)
})

test('null is the same as leaving a field out, wherever it stands', async () => {
  const chat = askDoor(openAiDoor, '/v1/chat/completions', { model: 'toy', ...user('hi') })
  const nothing = { name: null, description: null, strict: null, parameters: null }
  const spec = await chat.specOf({
    ...Object.fromEntries(
      ['temperature', 'tools_of_tomorrow', 'modalities', 'logit_bias', 'provider', 'reasoning'].map(name => [
        name,
        null,
      ]),
    ),
    messages: [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: null }], name: null }],
    tools: [{ type: null, function: { ...nothing, name: 'f', parameters: { default: null } } }],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'x', strict: null, description: null, schema: { enum: [null] } },
    },
  })
  assert.deepEqual(spec['tools'], [{ name: 'f', parameters: '{"default":null}' }])
  assert.deepEqual(spec['format'], { type: 'schema', name: 'x', schema: '{"enum":[null]}' })
  const claude = askDoor(anthropicDoor, '/v1/messages', { model: 'toy', max_tokens: 9, ...user('hi') })
  const call = { type: 'tool_use', id: 'a', name: 'f', input: { city: null }, cache_control: null, caller: null }
  const result = { type: 'tool_result', tool_use_id: 'a', content: null, is_error: null }
  const { messages } = await claude.specOf({
    system: null,
    messages: [...user('hi').messages, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }],
    tools: [{ type: null, name: 'f', description: null, input_schema: {}, strict: null }],
    tool_choice: { type: 'auto', disable_parallel_tool_use: null },
  })
  assert.deepEqual((messages as object[])[1], {
    role: 'assistant',
    content: '',
    toolCalls: [{ id: 'a', name: 'f', arguments: '{"city":null}' }],
  })
})

test('names in a header cannot end it, and there are not too many of them', async () => {
  const chat = askDoor(openAiDoor, '/v1/chat/completions', { model: 'toy', ...user('hi') })
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`field_${i}`, 1]))
  const { headers, json } = await chat.post({
    model: 'toy',
    ...user('hi'),
    'a\r\nset-cookie: b': 1,
    'é, ü': 1,
    '\ud800': 1,
    ...many,
  })
  const header = headers['heddle-unused']!
  assert.match(header, /^[\x20-\x7e]{1,2000}$/)
  assert.ok(header.startsWith('a%0D%0Aset-cookie:%20b, %C3%A9%2C%20%C3%BC, '), header)
  const { unused } = (json as { heddle: { unused: string[] } }).heddle
  assert.deepEqual([unused.length, unused.at(-1)], [65, '… and 439 more'])
})
