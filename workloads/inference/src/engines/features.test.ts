import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, quiet, run, setup } from '../testing/engine-worker.ts'
import { words } from '../testing/recording-engine.ts'
import { inferenceSpecSchema } from '../workload.ts'
import { createEngine } from './index.ts'
import { ENGINE_KINDS } from './settings.ts'

for (const kind of ENGINE_KINDS) {
  test(`${kind}: reasoning is kept apart, and counted`, async t => {
    const features = ['chat', 'reasoning'] as const
    const { worker } = await setup(t, kind, { reasoning: ['hm ', 'so '], tokens: ['yes'] }, { features })
    const { pieces, last } = await run(worker, chat({ reasoning: 'high' }))
    assert.equal(pieces.map(piece => piece.reasoning ?? '').join(''), 'hm so ')
    assert.equal(pieces.map(piece => piece.text ?? '').join(''), 'yes')
    assert.equal(pieces.at(-1)?.reasoningTokens, 2)
    assert.equal(last.used.completion, 3n)
  })
}

test('llama-server and vLLM say what a prompt costs before it runs, and what was remembered of it', async t => {
  for (const kind of ['llama-server', 'vllm'] as const) {
    const { worker } = await setup(t, kind, { usage: { prompt: 20, cached: 12 } })
    const [serves] = worker.serves()
    const counted = await worker.count!({ spec: chat(), serves: serves! }, new AbortController().signal)
    assert.deepEqual(counted, { prompt: 4n, cached: 0n, completion: 0n })
    assert.deepEqual((await run(worker, chat())).last.used, { prompt: 8n, cached: 12n, completion: 5n })
  }
})

test('several choices are kept apart by their number, and counted together', async t => {
  const { worker } = await setup(t, 'vllm', { tokens: words(40) })
  const { pieces, chunks } = await run(worker, chat({ choices: 3 }))
  for (const choice of [0, 1, 2]) {
    const own = pieces.filter(piece => (piece.choice ?? 0) === choice)
    assert.equal(own.map(piece => piece.text ?? '').join(''), 'wov '.repeat(40))
  }
  assert.equal(chunks.at(-1)?.used.completion, 120n)
  let before = 0n
  for (const { used } of chunks) {
    assert.ok(used.completion - before <= 64n)
    before = used.completion
  }
})

test('embeddings come back as floats, one for each text', async t => {
  for (const [kind, features] of [
    ['ollama', undefined],
    ['vllm', ['embedding']],
  ] as const) {
    const { engine, worker: first } = await setup(t, kind, {}, features ? { features } : {})
    let worker = first
    if (kind === 'ollama') {
      engine.models[0]!.capabilities = ['embedding']
      worker = await createEngine({ kind, url: engine.url, log: quiet })
      t.after(() => worker.stop())
    }
    const { pieces, last } = await run(worker, { task: 'embedding', input: ['one', 'two'] })
    const floats = pieces.map(({ embedding }) => Buffer.from(embedding!.data, 'base64').readFloatLE(8))
    assert.deepEqual(floats, [0, 1])
    assert.deepEqual(last, { used: { prompt: 3n, cached: 0n, completion: 0n }, finish: 'stop' })
  }
})

test('what a model cannot do is refused before the engine hears of it', async t => {
  const { engine, worker } = await setup(t, 'openai')
  for (const spec of [
    chat({ tools: [{ name: 'look' }] }),
    chat({ logprobs: 2 }),
    chat({ choices: 2 }),
    chat({ topK: 5 }),
    { task: 'embedding' as const, input: ['x'] },
  ]) {
    await assert.rejects(run(worker, spec), error => isHeddleError(error, 'unsupported_by_model'))
  }
  assert.deepEqual(engine.questions(), [])
})

test('every sampling field is said to the engine, so that its own defaults never decide', async t => {
  const spec = chat({ temperature: 0.5, topP: 0.9, topK: 7, seed: 42, stop: ['END'], frequencyPenalty: 1 })
  const ollama = await setup(t, 'ollama')
  await run(ollama.worker, spec)
  assert.deepEqual((ollama.engine.questions()[0]!.body as { options: unknown }).options, {
    num_ctx: 4_096,
    num_predict: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 7,
    min_p: 0,
    typical_p: 1,
    repeat_penalty: 1,
    frequency_penalty: 1,
    presence_penalty: 0,
    seed: 42,
    stop: ['END'],
  })
  const vllm = await setup(t, 'vllm')
  await run(vllm.worker, spec)
  const { cache_salt, ...body } = vllm.engine.questions()[0]!.body as Record<string, unknown>
  assert.match(String(cache_salt), /^[0-9a-f-]{36}$/)
  assert.deepEqual(body, {
    model: 'toy:1b',
    messages: [{ role: 'user', content: 'Weave me a short song, please.' }],
    max_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 7,
    frequency_penalty: 1,
    seed: 42,
    stop: ['END'],
    stream: true,
    stream_options: { include_usage: true, continuous_usage_stats: true },
  })
})

test("a plain completion's likelihoods are the same in every server's shape", async t => {
  const spec = inferenceSpecSchema.parse({
    ...{ task: 'completion', prompt: 'once', maxCompletion: 9, temperature: 0, topP: 1, stop: [] },
    logprobs: 2,
  })
  const asked = { 'llama-server': { n_probs: 2 }, vllm: { logprobs: 2 }, openai: { logprobs: 2 } }
  for (const kind of ['llama-server', 'vllm', 'openai'] as const) {
    const features = kind === 'openai' ? { features: ['completion', 'logprobs'] as const } : {}
    const { engine, worker } = await setup(t, kind, { tokens: words(4), together: 2 }, features)
    const { pieces, last } = await run(worker, spec)
    const told = pieces.flatMap(piece => piece.logprobs ?? [])
    assert.equal(pieces.map(piece => piece.text).join(''), 'wov '.repeat(4))
    assert.deepEqual(
      told.map(({ token, logprob, top }) => [token, logprob, top.map(one => one.logprob)]),
      // Where the drawn token is listed too, it is one of the likeliest.
      words(4).map(token => [token, -0.5, kind === 'llama-server' ? [-0.25, -2] : [-0.25, -0.5]]),
    )
    assert.equal(last.used.completion, 4n)
    const [question] = engine.questions()
    for (const [field, value] of Object.entries(asked[kind]))
      assert.equal((question!.body as Record<string, unknown>)[field], value)
  }
})

test('no more likelihoods are handed on than were asked for', async t => {
  const { worker } = await setup(t, 'llama-server')
  const { pieces } = await run(worker, chat({ logprobs: 0 }))
  const told = pieces.flatMap(piece => piece.logprobs ?? [])
  assert.equal(told.length, 5)
  assert.ok(told.every(one => one.top.length === 0))
})
