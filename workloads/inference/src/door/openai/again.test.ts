import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '@heddle/protocol'
import fc from 'fast-check'
import { openAiDoor } from '../../door.ts'
import { call, recordingHouse } from '../../testing/house.ts'
import { type InferenceSpec, inferenceSpecSchema } from '../../workload.ts'
import { answerIn, continuing, goesOnFrom, requestFor } from './again.ts'
import { cacheTag } from './sampling.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(value => value.isWellFormed())
const name = fc.stringMatching(/^[a-z]{1,8}$/)
const schema = fc.constantFrom('{"type":"object"}', '{"type":"object","properties":{"b":{},"a":{},"1":{}}}')
const call_ = fc.record({ id: name, name, arguments: fc.constant('{}') }, { noNullPrototype: true })
const part = fc.oneof(
  fc.record({ type: fc.constant('text'), text }, { noNullPrototype: true }),
  fc.record(
    { type: fc.constant('image'), media: fc.constantFrom('image/png', 'image/jpeg'), data: fc.constant('AAAA') },
    { noNullPrototype: true },
  ),
)
const message = fc.oneof(
  fc.record({ role: fc.constant('system'), content: text }, { noNullPrototype: true }),
  fc.record(
    { role: fc.constant('user'), content: fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 })) },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      role: fc.constant('assistant'),
      content: text,
      reasoning: text,
      toolCalls: fc.array(call_, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['role', 'content'], noNullPrototype: true },
  ),
  fc.record({ role: fc.constant('tool'), callId: name, content: text }, { noNullPrototype: true }),
)
const sampling = {
  maxCompletion: fc.integer({ min: 1, max: 4_096 }),
  temperature: fc.constantFrom(0, 0.25, 1, 2),
  topP: fc.constantFrom(0.5, 1),
  topK: fc.integer({ min: 1, max: 1_000 }),
  frequencyPenalty: fc.constantFrom(-2, 0.5),
  presencePenalty: fc.constantFrom(-1, 1.5),
  seed: fc.nat(),
  stop: fc.array(fc.constantFrom('END', '\n'), { maxLength: 2 }),
  choices: fc.constantFrom(2, 3),
  logprobs: fc.integer({ min: 0, max: 5 }),
  logitBias: fc.constant({ '7': -100 }),
  cache: fc.constant('0123456789abcdef'),
}
const requiredKeys = ['task', 'maxCompletion', 'temperature', 'topP', 'stop'] as const
const chat = fc.record(
  {
    task: fc.constant('chat'),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    tools: fc.uniqueArray(
      fc.record(
        { name, description: text, parameters: schema, strict: fc.constant(true) },
        { requiredKeys: ['name'], noNullPrototype: true },
      ),
      { minLength: 1, maxLength: 2, selector: one => one.name },
    ),
    toolChoice: fc.oneof(fc.constantFrom('auto', 'none', 'required'), fc.record({ name }, { noNullPrototype: true })),
    parallelTools: fc.constant(false),
    format: fc.oneof(
      fc.constant({ type: 'json' }),
      fc.record(
        { type: fc.constant('schema'), name, schema },
        { requiredKeys: ['type', 'schema'], noNullPrototype: true },
      ),
    ),
    reasoning: fc.constantFrom('none', 'low', 'medium', 'high'),
    ...sampling,
  },
  { requiredKeys: [...requiredKeys, 'messages'], noNullPrototype: true },
)
const completion = fc.record(
  { task: fc.constant('completion'), prompt: text, ...sampling },
  { requiredKeys: [...requiredKeys, 'prompt'], noNullPrototype: true },
)

/** What the door makes of a request. */
async function askedBy(request: { path: string; body: object }): Promise<InferenceSpec> {
  const { house, asked } = recordingHouse({ deltas: ['ok'] })
  const { status, json } = await call(openAiDoor, house, 'POST', request.path, request.body)
  // An engine that gives one answer where several were asked for is another matter.
  assert.ok(asked.length === 1, `${status}: ${JSON.stringify(json)}`)
  return asked[0]!.question.spec as InferenceSpec
}

test('a request made from a spec becomes that spec and no other; only its cache tag is made anew', async () => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(chat, completion), async value => {
      const spec = inferenceSpecSchema.parse(value)
      const request = requestFor(spec, 'toy')
      if (!request) return
      made++
      const { cache, ...rest } = (await askedBy(request)) as Record<string, unknown>
      const { cache: before, ...wanted } = spec as Record<string, unknown>
      assert.equal(canonical(rest), canonical(wanted))
      assert.equal(cache, before === undefined ? undefined : cacheTag(String(before)))
    }),
    { numRuns: 500 },
  )
  assert.ok(made > 100, `${made}`)
})

test('what people ask through this API can be asked again, whatever they set', async () => {
  const bodies: [path: string, body: object][] = [
    ['/v1/chat/completions', { messages: [{ role: 'user', content: 'hi' }] }],
    [
      '/v1/chat/completions',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'one' },
          { role: 'assistant', content: 'two', tool_calls: [{ id: 'c', function: { name: 'd', arguments: '{}' } }] },
          { role: 'tool', tool_call_id: 'c', content: 'e' },
        ],
        tools: [{ type: 'function', function: { name: 'd', parameters: { type: 'object' } } }],
        tool_choice: { type: 'function', function: { name: 'd' } },
        response_format: { type: 'json_schema', json_schema: { name: 'f', schema: { type: 'object' } } },
        stop: 'END',
        seed: 7,
        n: 2,
        logprobs: true,
        top_logprobs: 3,
        logit_bias: { '1': 1 },
        frequency_penalty: 0.5,
        prompt_cache_key: 'mine',
      },
    ],
    ['/v1/completions', { prompt: 'Once', top_k: 40, max_tokens: 5, logprobs: 1 }],
  ]
  for (const [path, body] of bodies) {
    const spec = await askedBy({ path, body: { model: 'toy', ...body } })
    const request = requestFor(spec, 'toy')
    assert.equal(request?.path, path)
    assert.equal(canonical({ ...(await askedBy(request!)), cache: 0 }), canonical({ ...spec, cache: 0 }))
  }
})

test('what this API has no words for is not asked again', () => {
  const base = { task: 'chat', maxCompletion: 5, temperature: 0, topP: 1, stop: [] }
  const user = [{ role: 'user', content: 'hi' }]
  for (const spec of [
    { task: 'embedding', input: ['a'] },
    { ...base, messages: user, format: { type: 'schema', schema: {} } },
    { ...base, messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] },
    { ...base, messages: user, toolChoice: 'required' },
    { ...base, messages: [] },
    'nothing',
  ])
    assert.equal(requestFor(spec, 'toy'), undefined, JSON.stringify(spec))
})

test('a later turn goes on from the answers of now, and examples stay what they were', () => {
  const say = (...texts: string[]) =>
    texts.map((content, i) => ({ role: i % 2 ? ('assistant' as const) : ('user' as const), content }))
  const [one, two, three] = [say('a'), say('a', 'old 1', 'b'), say('a', 'old 1', 'b', 'old 2', 'c')].map(messages => ({
    task: 'chat',
    messages,
  }))
  assert.deepEqual(
    [goesOnFrom(two, one), goesOnFrom(three, one), goesOnFrom(one, one), goesOnFrom(one, two)],
    [true, true, false, false],
  )
  assert.equal(goesOnFrom({ messages: say('a', 'old 1', 'b') }, { messages: say('other') }), false)
  assert.equal(goesOnFrom({ prompt: 'a b' }, { prompt: 'a' }), false)
  const turns = [
    { spec: one, answer: 'new 1' },
    { spec: two, answer: 'new 2' },
  ]
  assert.deepEqual(continuing(three, turns), { task: 'chat', messages: say('a', 'new 1', 'b', 'new 2', 'c') })
  assert.deepEqual(continuing(three, turns.slice(1)), { task: 'chat', messages: say('a', 'old 1', 'b', 'new 2', 'c') })
  assert.equal(continuing(three, []), three)
})

test('only an answer that is nothing but text is gone on from', () => {
  assert.equal(answerIn({ choices: [{ message: { content: 'yes' } }] }), 'yes')
  assert.equal(answerIn({ choices: [{ text: 'yes' }] }), 'yes')
  assert.equal(answerIn({ choices: [{ message: { content: '', tool_calls: [{}] } }] }), undefined)
  assert.equal(answerIn({ choices: [{ message: { content: 'yes', reasoning_content: 'hm' } }] }), undefined)
  assert.equal(answerIn({ choices: [{ text: 'a' }, { text: 'b' }] }), undefined)
  assert.equal(answerIn({}), undefined)
})
