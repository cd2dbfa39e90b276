import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUsage, canonical, type Offer } from '@heddle/protocol'
import fc from 'fast-check'
import { type ChatSpec, type InferenceSpec, type InferenceUnit, inference, promptBound } from './workload.ts'

const offerOf = (limits: Record<string, number>) => ({ limits }) as unknown as Offer
const none = { prompt: 0n, cached: 0n, completion: 0n }

const sampling = { maxCompletion: 100, temperature: 0, topP: 1, stop: [] }
const spec: ChatSpec = { task: 'chat', messages: [{ role: 'user', content: 'hi' }], ...sampling }

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/)
const callId = fc.stringMatching(/^[\x21-\x7e]{1,20}$/)
const base64 = fc.base64String({ minLength: 4, maxLength: 40 })
const schema = fc
  .dictionary(
    fc.string({ maxLength: 4 }).filter(key => key !== '__proto__'),
    fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 3 },
  )
  .map(value => JSON.stringify(value))
const image = fc.record({
  type: fc.constant('image' as const),
  media: fc.constantFrom('image/png' as const, 'image/jpeg' as const),
  data: base64,
})
const part = fc.oneof(fc.record({ type: fc.constant('text' as const), text }), image)
const message = fc.oneof(
  fc.record({ role: fc.constant('system' as const), content: text }),
  fc.record({
    role: fc.constant('user' as const),
    content: fc.oneof(text, fc.array(part, { minLength: 1, maxLength: 3 })),
  }),
  fc.record(
    {
      role: fc.constant('assistant' as const),
      content: text,
      reasoning: text,
      toolCalls: fc.array(fc.record({ id: callId, name, arguments: text }), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record({ role: fc.constant('tool' as const), callId, content: text }),
)
const samplingFields = {
  maxCompletion: fc.integer({ min: 1, max: 1000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
  stop: fc.array(fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }), { maxLength: 4 }),
  topK: fc.integer({ min: 1, max: 1000 }),
  frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  seed: fc.integer({ min: 0, max: 0xffff_fffe }),
  choices: fc.integer({ min: 2, max: 8 }),
  logprobs: fc.integer({ min: 0, max: 20 }),
  logitBias: fc.dictionary(fc.nat(49_151).map(String), fc.integer({ min: -100, max: 100 }), { maxKeys: 3 }),
  cache: fc.stringMatching(/^[0-9a-f]{16,64}$/),
}
const required = ['task', 'maxCompletion', 'temperature', 'topP', 'stop'] as const
const chat = fc.record(
  {
    task: fc.constant('chat' as const),
    messages: fc.array(message, { minLength: 1, maxLength: 5 }),
    tools: fc.array(fc.record({ name, description: text, parameters: schema }, { requiredKeys: ['name'] }), {
      minLength: 1,
      maxLength: 3,
    }),
    toolChoice: fc.oneof(fc.constantFrom('auto', 'none', 'required'), fc.record({ name })),
    parallelTools: fc.constant(false),
    format: fc.oneof(fc.record({ type: fc.constant('json') }), fc.record({ type: fc.constant('schema'), schema })),
    reasoning: fc.constantFrom('none', 'low', 'medium', 'high'),
    ...samplingFields,
  },
  { requiredKeys: [...required, 'messages'] },
)
const completion = fc.record(
  { task: fc.constant('completion' as const), prompt: text, ...samplingFields },
  { requiredKeys: [...required, 'prompt'] },
)
const embedding = fc.record({
  task: fc.constant('embedding' as const),
  input: fc.array(
    text.filter(it => it !== ''),
    { minLength: 1, maxLength: 4 },
  ),
})
const arbitrarySpec = fc.oneof(chat, completion, embedding) as fc.Arbitrary<InferenceSpec>

test('a spec survives JSON and its canonical form', () => {
  fc.assert(
    fc.property(arbitrarySpec, value => {
      const parsed = inference.spec.parse(value)
      assert.equal(canonical(inference.spec.parse(JSON.parse(canonical(parsed)))), canonical(parsed))
      assert.equal(canonical(parsed), canonical(value))
    }),
    { numRuns: 300 },
  )
})

test('a spec is refused for what it should not hold', () => {
  const says = (...messages: unknown[]) => ({ ...spec, messages })
  const tool = (schema: unknown) => ({
    ...spec,
    tools: [{ name: 'a', parameters: typeof schema === 'string' ? schema : JSON.stringify(schema) }],
  })
  const image = (data: string, media = 'image/png') => says({ role: 'user', content: [{ type: 'image', media, data }] })
  const cases: [string, object][] = [
    ['no task', { ...spec, task: undefined }],
    ['an unknown task', { ...spec, task: 'paint' }],
    ['an unknown field', { ...spec, keep_alive: 1 }],
    ['a field of another task', { ...spec, prompt: 'x' }],
    ['a field inside a message', says({ role: 'user', content: 'hi', name: 'x' })],
    ['no message', says()],
    ['a role that is no one', says({ role: 'developer', content: 'hi' })],
    ['a result of no call', says({ role: 'tool', content: 'hi' })],
    ['a call id with a line feed', says({ role: 'tool', callId: 'a\nb', content: 'hi' })],
    ['half a character', says({ role: 'user', content: '\ud83d' })],
    ['half a character in a stop', { ...spec, stop: ['\ud83d'] }],
    ['half a character in a schema', tool({ title: '\ud83d' })],
    ['half a character in a name of a schema', tool({ ['\ud83d']: 1 })],
    ['a prototype in a schema', tool(JSON.parse('{"a":{"__proto__":{}}}'))],
    ['a schema that is a list', tool([])],
    ['a schema with spaces', tool('{ "type":"object"}')],
    ['a schema that is no JSON', tool('{"type"')],
    ['a schema that nests too deep', tool(`${'{"not":'.repeat(65)}1${'}'.repeat(65)}`)],
    ['a schema that is too long', tool({ title: 'x'.repeat(65_536) })],
    ['a schema that is too long in bytes', tool({ title: 'é'.repeat(40_000) })],
    ['a tool with a space in its name', { ...spec, tools: [{ name: 'a b' }] }],
    ['an empty list of tools', { ...spec, tools: [] }],
    ['more bytes than a message may have', says({ role: 'user', content: 'é'.repeat(131_073) })],
    [
      'more bytes than all messages may have',
      says(...Array.from({ length: 3 }, () => ({ role: 'user', content: 'x'.repeat(200_000) }))),
    ],
    ['an image that is none', image('not base64!')],
    ['an image of another kind', image('AA==', 'image/svg+xml')],
    [
      'too many images',
      says({ role: 'user', content: Array(17).fill({ type: 'image', media: 'image/png', data: 'AA==' }) }),
    ],
    ['nothing to complete', { ...spec, maxCompletion: 0 }],
    ['a topP of 0', { ...spec, topP: 0 }],
    ['a temperature above 2', { ...spec, temperature: 2.1 }],
    ['seventeen stops', { ...spec, stop: Array(17).fill('a') }],
    ['an empty stop', { ...spec, stop: [''] }],
    ['one choice, said', { ...spec, choices: 1 }],
    ['a token that is a word', { ...spec, logitBias: { word: 1 } }],
    ['one token, said in two ways', { ...spec, logitBias: { '07': 1 } }],
    ['a cache named in words', { ...spec, cache: 'my conversation' }],
    ['an empty text to embed', { task: 'embedding', input: [''] }],
    ['sampling of an embedding', { task: 'embedding', input: ['a'], temperature: 0 }],
  ]
  for (const [what, value] of cases) assert.equal(inference.spec.safeParse(value).success, false, what)
})

test('bound: first the prompt and 64, then 64 at a time, then what is left', () => {
  const offer = offerOf({ context: 2048, maxCompletion: 1000 })
  const bound = (prompt: bigint, completion: bigint, cached = 0n) =>
    inference.bound(spec, offer, { prompt, cached, completion })
  assert.deepEqual(bound(0n, 0n), { prompt: 146n, cached: 0n, completion: 64n })
  assert.deepEqual(bound(20n, 30n), { prompt: 0n, cached: 0n, completion: 64n })
  assert.deepEqual(bound(20n, 64n), { prompt: 0n, cached: 0n, completion: 36n })
  assert.deepEqual(bound(20n, 100n), { prompt: 0n, cached: 0n, completion: 0n })
  assert.deepEqual(bound(0n, 64n, 20n), { prompt: 0n, cached: 0n, completion: 36n }, 'all of it remembered')
  assert.deepEqual(inference.total(spec, offer), { prompt: 146n, cached: 0n, completion: 100n })
})

test("bound: an offer's context and completion limit cap it", () => {
  const offer = offerOf({ context: 32, maxCompletion: 8 })
  assert.deepEqual(inference.bound(spec, offer, none), { prompt: 32n, cached: 0n, completion: 8n })
  assert.deepEqual(inference.total(spec, offer), { prompt: 32n, cached: 0n, completion: 8n })
})

test('bound: several choices are several answers, and an embedding is none', () => {
  const offer = offerOf({ context: 2048, maxCompletion: 1000 })
  assert.equal(inference.total({ ...spec, choices: 3 }, offer).completion, 300n)
  const embed: InferenceSpec = { task: 'embedding', input: ['ab', 'c'] }
  assert.deepEqual(inference.total(embed, offer), { prompt: 35n, cached: 0n, completion: 0n })
  assert.deepEqual(inference.bound(embed, offer, none), { prompt: 35n, cached: 0n, completion: 0n })
})

test('bound: chunk by chunk never adds up to more than total', () => {
  fc.assert(
    fc.property(
      arbitrarySpec,
      fc.integer({ min: 1, max: 4096 }),
      fc.integer({ min: 1, max: 900 }),
      (value, context, cap) => {
        const offer = offerOf({ context, maxCompletion: cap })
        let used: Record<InferenceUnit, bigint> = none
        const total = inference.total(value, offer)
        for (let chunk = 0; chunk < 130; chunk++) {
          used = addUsage(used, inference.bound(value, offer, used))
          assert.ok(used.prompt <= total.prompt && used.completion <= total.completion)
        }
        assert.deepEqual(used, total)
      },
    ),
  )
})

test('the bound of a prompt covers every byte of what was written, up to the context', () => {
  const written = (value: InferenceSpec): number => {
    const strings: string[] = []
    JSON.stringify(
      value.task === 'chat' ? { ...value.messages } : value.task === 'completion' ? value.prompt : value.input,
      (key, inner) => {
        if (typeof inner === 'string' && !['role', 'type', 'media', 'data'].includes(key)) strings.push(inner)
        return inner
      },
    )
    return strings.reduce((sum, one) => sum + Buffer.byteLength(one), 0)
  }
  fc.assert(
    fc.property(arbitrarySpec, value => {
      assert.ok(promptBound(value, 1_000_000) >= written(value))
      assert.ok(promptBound(value, 8) <= 8 * (value.task === 'embedding' ? value.input.length : 1))
    }),
  )
})

test('what a payer believes: a token is a byte at least, and a prompt no longer than its bound', () => {
  const offer = offerOf({ context: 2048, maxCompletion: 1000 })
  const believes = (used: Partial<Record<InferenceUnit, bigint>>, bytes: number) =>
    inference.plausible(spec, offer, { ...none, ...used }, bytes)
  assert.equal(believes({ prompt: 146n, completion: 70n }, 6), true)
  assert.equal(believes({ prompt: 146n, completion: 71n }, 6), false)
  assert.equal(believes({ prompt: 147n }, 6), false)
  assert.equal(believes({ prompt: 100n, cached: 46n }, 6), true)
  assert.equal(believes({ prompt: 100n, cached: 47n }, 6), false)
  assert.equal(believes({ completion: 101n }, 10_000), false)
})

test('there is room for whatever a worker reads of its engine for the job, and an end to it', () => {
  const offer = offerOf({ context: 4_096, maxCompletion: 1_000 })
  const limited = offerOf({ context: 4_096, maxCompletion: 10 })
  const tokens = (count: number): number => (1 << 20) + count * 2_048
  assert.equal(inference.room(spec, offer), tokens(100))
  assert.equal(inference.room({ ...spec, maxCompletion: 4 }, offer), tokens(4))
  assert.equal(inference.room(spec, limited), tokens(10), 'the offer gives no more')
  assert.equal(inference.room({ ...spec, choices: 3 }, offer), tokens(300))
  assert.equal(inference.room({ ...spec, logprobs: 20 }, offer), tokens(100) + 100 * 20 * 512)
  const embedding: InferenceSpec = { task: 'embedding', input: ['a', 'b'] }
  const vector = JSON.stringify({ embedding: { index: 255, data: 'A'.repeat((16_384 * 16) / 3 + 4) } })
  assert.ok(inference.room(embedding, offer) >= 2 * (vector.length + 2))
})
