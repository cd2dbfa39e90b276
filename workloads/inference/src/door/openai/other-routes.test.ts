import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAiDoor } from '../../door.ts'
import type { Piece } from '../../output.ts'
import { errorOf, note } from '../../testing/door.ts'
import { call, eventsOf, model, quote, recordingHouse, settlement } from '../../testing/house.ts'
import { inferenceSpecSchema } from '../../workload.ts'

function setup(script?: Parameters<typeof recordingHouse>[0]) {
  const { house, asked } = recordingHouse(script)
  const post = (path: string, body: unknown) => call(openAiDoor, house, 'POST', path, body)
  const get = (path: string, headers = {}) => call(openAiDoor, house, 'GET', path, undefined, { headers })
  return { post, get, asked }
}

test('models, in a list and alone', async () => {
  const { get } = setup()
  const shown = {
    id: 'toy',
    object: 'model',
    created: 0,
    owned_by: 'heddle',
    heddle: { digest: model.digest, context: 400, prices: model.prices, features: model.features },
  }
  assert.deepEqual((await get('/v1/models')).json, { object: 'list', data: [shown] })
  assert.deepEqual((await get('/v1/models/toy')).json, shown)
  const named = { ...model, id: 'org/name:8b' }
  assert.equal((await setup({ models: [named] }).get('/v1/models/org/name:8b')).status, 200)
  const unknown = await get('/v1/models/other')
  assert.equal(unknown.status, 404)
  assert.deepEqual([errorOf(unknown)['code'], errorOf(unknown)['heddle_code']], ['model_not_found', 'model_unknown'])
})

test("models in Anthropic's shape, for its clients", async () => {
  const { get } = setup()
  const headers = { 'anthropic-version': '2023-06-01' }
  const shown = {
    type: 'model',
    id: 'toy',
    display_name: 'toy',
    created_at: '1970-01-01T00:00:00Z',
    max_input_tokens: 400,
    heddle: { digest: model.digest, context: 400, prices: model.prices, features: model.features },
  }
  assert.deepEqual((await get('/v1/models', headers)).json, {
    data: [shown],
    has_more: false,
    first_id: 'toy',
    last_id: 'toy',
  })
  assert.deepEqual((await get('/v1/models/toy', headers)).json, shown)
  const unknown = await get('/v1/models/other', headers)
  assert.equal(unknown.status, 404)
  assert.equal(errorOf(unknown)['type'], 'not_found_error')
})

test('a plain completion, whole', async () => {
  const { post, asked } = setup()
  const { json, headers } = await post('/v1/completions', { model: 'toy', prompt: 'Once', stop: ['.'], seed: 3 })
  const { created: _, ...rest } = json as { created: number }
  assert.deepEqual(rest, {
    id: `cmpl-${settlement.receipt.slice(2, 34)}`,
    object: 'text_completion',
    model: 'toy',
    system_fingerprint: `fp_${model.digest.slice(2, 12)}`,
    choices: [{ index: 0, text: 'Hello', logprobs: null, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
    heddle: note,
  })
  assert.equal(headers['x-heddle-receipt'], settlement.receipt)
  const { spec } = asked[0]!.question
  assert.deepEqual(inferenceSpecSchema.parse(spec), spec)
  assert.deepEqual(spec, {
    task: 'completion',
    prompt: 'Once',
    maxCompletion: 16,
    temperature: 1,
    topP: 1,
    stop: ['.'],
    seed: 3,
  })
})

test('a plain completion, streamed, with the older form of logprobs', async () => {
  const token = (text: string, logprob: number) => ({ token: text, logprob, bytes: null })
  const deltas: Piece[] = [
    { text: 'ab', logprobs: [{ ...token('ab', -1), top: [token('ab', -1), token('x', -2)] }] },
    { choice: 1, text: 'z' },
    { text: 'c', logprobs: [{ ...token('c', -3), top: [] }] },
  ]
  const body = { model: 'toy', prompt: ['Once'], logprobs: 2, n: 2, stream: true }
  const { text } = await setup({ deltas }).post('/v1/completions', body)
  type Part = { index: number; text: string; logprobs: Record<string, unknown[]> | null; finish_reason: string | null }
  const parts = eventsOf(text).flatMap(event => (event['choices'] as Part[]) ?? [])
  const own = parts.filter(part => part.index === 0)
  assert.equal(own.map(part => part.text).join(''), 'abc')
  assert.deepEqual(
    own.map(part => part.logprobs).filter(one => one !== null),
    [
      { tokens: ['ab'], token_logprobs: [-1], top_logprobs: [{ ab: -1, x: -2 }], text_offset: [0] },
      { tokens: ['c'], token_logprobs: [-3], top_logprobs: [{}], text_offset: [2] },
    ],
  )
  assert.deepEqual(parts.map(part => part.finish_reason).filter(Boolean), ['stop', 'stop'])
  assert.deepEqual(eventsOf(text).at(-2)!['heddle'], note)
})

test('a plain completion: what is not honoured is refused by name', async () => {
  const { post, asked } = setup()
  const cases: [object, string, string][] = [
    [{ suffix: 'end' }, 'suffix', 'unsupported_field'],
    [{ echo: true }, 'echo', 'unsupported_field'],
    [{ best_of: 2 }, 'best_of', 'bad_request'],
    [{ logprobs: 6 }, 'logprobs', 'bad_request'],
    [{ prompt: ['a', 'b'] }, 'prompt', 'bad_request'],
    [{ prompt: [1, 2] }, 'prompt', 'bad_request'],
    [{ messages: [{}] }, 'messages', 'unsupported_field'],
  ]
  for (const [body, param, code] of cases) {
    const answer = await post('/v1/completions', { model: 'toy', prompt: 'x', ...body })
    assert.equal(answer.status, 400)
    assert.equal(errorOf(answer)['code'], code, param)
    assert.ok((errorOf(answer)['param'] as string).startsWith(param), errorOf(answer)['param'] as string)
  }
  assert.equal(asked.length, 0)
})

test('embeddings, as numbers and as base64', async () => {
  const data = (...values: number[]) => Buffer.from(new Float32Array(values).buffer).toString('base64')
  const deltas: Piece[] = [
    { embedding: { index: 1, data: data(0.5, -2) } },
    { embedding: { index: 0, data: data(1, 0.25) } },
  ]
  const { post, asked } = setup({ deltas })
  const { json, headers } = await post('/v1/embeddings', { model: 'toy', input: ['a', 'b'] })
  assert.deepEqual(json, {
    object: 'list',
    model: 'toy',
    data: [
      { object: 'embedding', index: 0, embedding: [1, 0.25] },
      { object: 'embedding', index: 1, embedding: [0.5, -2] },
    ],
    usage: { prompt_tokens: 7, total_tokens: 7 },
    heddle: note,
  })
  assert.equal(headers['x-heddle-receipt'], settlement.receipt)
  assert.deepEqual(asked[0]!.question.spec, { task: 'embedding', input: ['a', 'b'] })
  const raw = await post('/v1/embeddings', { model: 'toy', input: ['a', 'b'], encoding_format: 'base64' })
  assert.equal((raw.json as { data: { embedding: string }[] }).data[1]!.embedding, data(0.5, -2))
  const short = await post('/v1/embeddings', { model: 'toy', input: ['a', 'b', 'c'] })
  assert.deepEqual([short.status, errorOf(short)['code']], [502, 'receipt_mismatch'])
  for (const [body, param] of [
    [{ dimensions: 8 }, 'dimensions'],
    [{ input: [[1, 2]] }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: '' }, 'input'],
  ] as const) {
    const refused = await post('/v1/embeddings', { model: 'toy', input: 'a', ...body })
    assert.equal(refused.status, 400)
    assert.ok((errorOf(refused)['param'] as string).startsWith(param))
  }
})

test('a quote says what an answer would cost, and asks nothing', async () => {
  const { post, asked } = setup()
  const { json } = await post('/v1/quote', { model: 'toy', messages: [{ role: 'user', content: 'hi' }], stream: true })
  assert.deepEqual(json, {
    object: 'quote',
    model: 'toy',
    provider: quote.provider,
    own: false,
    prices: model.prices,
    input: { usage: { prompt: 7, cached: 0, completion: 0 }, exact: true },
    most: { usage: { prompt: 7, cached: 0, completion: 100 }, charge: '514', hed: '0.000000000000000514' },
    latency: 12,
  })
  assert.equal((asked[0]!.question.spec as { maxCompletion: number }).maxCompletion, 100)
})
