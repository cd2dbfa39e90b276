import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Door } from '@heddle/protocol'
import fc from 'fast-check'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { call, recordingHouse } from '../testing/house.ts'
import { inferenceSpecSchema } from '../workload.ts'

/** One valid body a route, with every kind of part that it can have. */
const bodies: [Door, string, object][] = [
  [
    openAiDoor,
    '/v1/chat/completions',
    {
      model: 'toy',
      messages: [
        { role: 'system', content: 'a' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'b' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'd', arguments: '{}' } }],
        },
        { role: 'system', content: [{ type: 'text', text: 'between', cache_control: { type: 'ephemeral' } }] },
        {
          role: 'tool',
          tool_call_id: 'c',
          content: [
            { type: 'text', text: 'e' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }], tool_calls: [] },
      ],
      chat_template_kwargs: { enable_thinking: false },
      reasoning: { effort: 'low', exclude: true },
      metadata: { a: 'b' },
      tools: [{ type: 'function', function: { name: 'd', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'd' } },
      response_format: { type: 'json_schema', json_schema: { name: 'f', schema: { type: 'object' } } },
      logit_bias: { '1': 1 },
      stop: ['g'],
      n: 2,
      logprobs: true,
      top_logprobs: 1,
      seed: 1,
      provider: { only: [`0x${'ab'.repeat(20)}`], max_price: { prompt: 1 } },
      models: ['toy'],
    },
  ],
  [openAiDoor, '/v1/completions', { model: 'toy', prompt: 'a', stop: 'b', logprobs: 1, n: 2, max_tokens: 3 }],
  [openAiDoor, '/v1/embeddings', { model: 'toy', input: ['a', 'b'] }],
  [
    openAiDoor,
    '/v1/responses',
    {
      model: 'toy',
      instructions: 'a',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'b' }] },
        { type: 'reasoning', id: 'r', summary: [], content: [{ type: 'reasoning_text', text: 'c' }] },
        { type: 'function_call', call_id: 'd', name: 'e', arguments: '{}' },
        {
          type: 'function_call_output',
          call_id: 'd',
          output: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
        },
        { type: 'custom_tool_call', call_id: 'g', name: 'h', input: 'i' },
        { type: 'custom_tool_call_output', call_id: 'g', output: 'j' },
        { type: 'web_search_call', id: 'k', action: {} },
      ],
      tools: [
        { type: 'function', name: 'e', parameters: {}, strict: false },
        { type: 'namespace', name: 'n', description: 'x', tools: [{ type: 'function', name: 'e' }] },
        { type: 'web_search' },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'e' }] },
      text: { format: { type: 'json_object' } },
      reasoning: { effort: 'low' },
      metadata: { a: 'b' },
      include: ['message.output_text.logprobs'],
    },
  ],
  [
    anthropicDoor,
    '/v1/messages',
    {
      model: 'toy',
      max_tokens: 2_000,
      system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'b' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'c', signature: '' },
            { type: 'tool_use', id: 'd', name: 'e', input: {} },
          ],
        },
        { role: 'system', content: 'between' },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'd',
              content: [
                { type: 'text', text: 'f' },
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
              ],
              is_error: true,
            },
          ],
        },
      ],
      tools: [
        { name: 'e', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'bash_20250124', name: 'bash' },
      ],
      tool_choice: { type: 'tool', name: 'e' },
      output_config: { effort: 'max' },
      thinking: { type: 'enabled', budget_tokens: 1_024 },
      stop_sequences: ['g'],
      metadata: { user_id: 'h' },
    },
  ],
]

/** Every place in a JSON value. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...keys.flatMap(key => placesOf((value as Record<string | number, unknown>)[key], [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string | number, unknown>
  copy[key] = replaced(copy[key], rest, by)
  return copy
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.constantFrom<unknown>(
    '',
    '\ud800',
    '\x1e{"text":"x"}\n',
    'x'.repeat(300_000),
    'é'.repeat(140_000),
    '__proto__',
    'toString',
    'https://127.0.0.1/x.png',
    'data:image/gif;base64,AAAA',
    -1,
    0,
    0.5,
    1e308,
    2 ** 53,
    null,
    [],
    {},
    Array(300).fill('x'),
    JSON.parse('{"__proto__":{"a":1}}') as unknown,
    // What cannot be made a text.
    { toString: 0 },
  ),
)

for (const [door, path, body] of bodies) {
  test(`${path}: whatever it is sent becomes a job that is one, or an error that names a field`, async () => {
    const places = placesOf(body)
    const { house, asked } = recordingHouse({ deltas: [] })
    // Embeddings of an answer without any are an error of the house's.
    const fine = path === '/v1/embeddings' ? 502 : 200
    assert.equal((await call(door, house, 'POST', path, body)).status, fine)
    const mutation = fc.tuple(fc.constantFrom(...places), odd, fc.option(fc.constantFrom('name', 'extra', 'type')))
    await fc.assert(
      fc.asyncProperty(mutation, async ([place, value, added]) => {
        asked.length = 0
        const more = added === null ? place : [...place.slice(0, -1), added]
        const changed = replaced(body, more, value)
        const { status, json } = await call(door, house, 'POST', path, changed)
        const [question] = asked
        if (question) {
          const { spec } = question.question
          assert.deepEqual(inferenceSpecSchema.parse(spec), spec)
          assert.equal(status, fine)
        } else {
          assert.ok(status === 400 || status === 404, `${status}: ${JSON.stringify(json)}`)
          const { error, heddle } = json as { error: { param?: string }; heddle?: { param: string } }
          assert.equal(typeof (heddle?.param ?? error.param), 'string')
        }
      }),
      { numRuns: 600 },
    )
  })
}

test('what cannot be made a text is refused wherever it stands, and is nobody’s fault', async () => {
  for (const [door, path, body] of bodies) {
    const { house } = recordingHouse({ deltas: [] })
    for (const place of placesOf(body)) {
      const { status } = await call(door, house, 'POST', path, replaced(body, place, { toString: 0 }))
      assert.notEqual(status, 500, `${path}: ${place.join('.')}`)
    }
  }
})
