import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Chunk, type Context, type Delta, digestOf, isHeddleError, type Log, utf8 } from '@heddle/protocol'
import { readPieces } from '../output.ts'
import { type EngineScript, startRecordingEngine, words } from '../testing/recording-engine.ts'
import { type InferenceSpec, type InferenceUnit, inferenceSpecSchema } from '../workload.ts'
import { createEngine } from './index.ts'
import { ENGINE_KINDS, type EngineKind, type EngineSettings } from './settings.ts'

const quiet: Log = { info() {}, warn() {}, error() {} }

async function setup(
  t: TestContext,
  kind: EngineKind,
  script: Partial<EngineScript> = {},
  settings: Partial<EngineSettings> = {},
) {
  const engine = await startRecordingEngine(kind, script)
  t.after(() => engine.stop().catch(() => undefined))
  const worker = await createEngine({ kind, url: engine.url, log: quiet, ...settings })
  t.after(() => worker.stop())
  return { engine, worker }
}

const chat = (over: Record<string, unknown> = {}): InferenceSpec =>
  inferenceSpecSchema.parse({
    task: 'chat',
    messages: [{ role: 'user', content: 'Weave me a short song, please.' }],
    maxCompletion: 100,
    temperature: 0,
    topP: 1,
    stop: [],
    ...over,
  })

type Worker = Awaited<ReturnType<typeof setup>>['worker']

/** Runs one job to its end; `onChunk` may stop it. */
async function run(worker: Worker, spec: InferenceSpec, signal = new AbortController().signal) {
  const [served] = worker.serves()
  const deltas: Delta<InferenceUnit>[] = []
  const chunks: Chunk<InferenceUnit>[] = []
  const context: Context<InferenceUnit> = { signal, clock: Date, log: quiet, deliver: delta => void deltas.push(delta) }
  const job = {
    id: digestOf(utf8('job')),
    spec,
    seed: digestOf(utf8('seed')),
    scope: 'payer',
    serves: { name: served!.name, digest: served!.digest },
    input: (async function* () {})(),
  }
  for await (const chunk of worker.execute(job, context)) chunks.push(chunk)
  const output = Buffer.concat(deltas.map(delta => delta.bytes))
  return { deltas, chunks, output, text: output.toString(), last: chunks.at(-1)!, pieces: readPieces(output) }
}

for (const kind of ENGINE_KINDS) {
  test(`${kind}: a plain chat is rebuilt, streamed, and counted by the engine`, async t => {
    const { engine, worker } = await setup(t, kind)
    const { text, last } = await run(worker, chat())
    assert.equal(text, 'wov '.repeat(5))
    assert.deepEqual(last, { used: { prompt: 7n, cached: 0n, completion: 5n }, finish: 'stop' })
    const [question] = engine.questions()
    assert.equal((question!.body as { model: string }).model, 'toy:1b')
    assert.deepEqual((question!.body as { messages: unknown }).messages, [
      { role: 'user', content: 'Weave me a short song, please.' },
    ])
  })

  test(`${kind}: no chunk counts more than 64 tokens, however they arrive, and nothing is read without permission`, async t => {
    const { worker } = await setup(t, kind, { tokens: words(300), together: 50 })
    const { chunks, text, deltas } = await run(worker, chat({ maxCompletion: 300 }))
    let before = 0n
    for (const { used } of chunks) {
      assert.ok(used.completion - before <= 64n, `${used.completion} after ${before}`)
      before = used.completion
    }
    for (const { used } of deltas) assert.ok(used.completion <= 300n)
    assert.equal(before, 300n)
    assert.equal(text, 'wov '.repeat(300))
    assert.ok(chunks.length >= 5)
  })

  test(`${kind}: an abort ends the request in the engine`, async t => {
    const { engine, worker } = await setup(t, kind, { tokens: words(100), between: 20 })
    const leave = new AbortController()
    const running = run(worker, chat(), leave.signal)
    while (engine.questions().length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    leave.abort()
    await assert.rejects(running, error => isHeddleError(error, 'aborted'))
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: an engine that dies mid-answer is down, and comes back by itself`, async t => {
    const { engine, worker } = await setup(t, kind, { dieAt: 4 }, { patience: { pollMs: 100, freshMs: 0 } })
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'engine_down') && error.retryable)
    await engine.stop()
    while (worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    assert.match(String(worker.status()['engineDown']), /engine/)
    engine.script = { tokens: words(3) }
    await engine.start()
    while (!worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    assert.equal((await run(worker, chat())).text, 'wov wov wov ')
    assert.equal(worker.status()['engineRestarts'], 1)
  })

  test(`${kind}: what it claims beyond what can be is not charged`, async t => {
    const { worker } = await setup(t, kind, { usage: { prompt: 1_000_000, completion: 1_000_000 } })
    const { last, text } = await run(worker, chat())
    const { prompt, completion } = last.used
    assert.ok(completion <= BigInt(text.length + 64) && completion <= 100n, String(completion))
    assert.ok(prompt <= 250n, String(prompt))
    assert.equal(worker.status()['refused'], 1)
  })

  test(`${kind}: an engine that never ends is cut at what was asked for`, async t => {
    const { engine, worker } = await setup(t, kind, { endless: true })
    const { last } = await run(worker, chat({ maxCompletion: 70 }))
    assert.deepEqual([last.finish, last.used.completion], ['length', 70n])
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: garbage ends the job with a code, and the next question is answered`, async t => {
    const { engine, worker } = await setup(t, kind)
    const line = kind === 'ollama' ? (text: string) => `${text}\n` : (text: string) => `data: ${text}\n\n`
    for (const raw of [line('{"choices":'), line('[]'), line('"x"'), line('{'.repeat(2_000)), 'x'.repeat(3 << 20)]) {
      engine.script = { tokens: [], raw }
      await assert.rejects(run(worker, chat()), error =>
        ['engine_malformed', 'engine_down'].includes((error as { code: string }).code),
      )
    }
    engine.script = { tokens: words(2) }
    assert.equal((await run(worker, chat())).text, 'wov wov ')
  })

  test(`${kind}: an engine that is silent is engine_slow`, async t => {
    const { worker } = await setup(t, kind, { between: 60_000 }, { patience: { firstTokenMs: 100, stallMs: 100 } })
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'engine_slow'))
  })

  test(`${kind}: its own words about an error stay with its operator`, async t => {
    const { engine, worker } = await setup(t, kind, { status: 500, error: '/home/secret/path' })
    await assert.rejects(run(worker, chat()), error => {
      assert.ok(isHeddleError(error, 'engine_down'))
      return !JSON.stringify(error).includes('secret')
    })
    engine.script = { tokens: [], status: 400, error: 'the request exceeds the available context size' }
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'context_exceeded'))
  })

  test(`${kind}: one connection serves answer after answer, and one that goes on after its end is given up`, async t => {
    const { engine, worker } = await setup(t, kind, { lingers: 20 })
    const made = engine.connections()
    for (let i = 0; i < 8; i++) {
      assert.equal((await run(worker, chat())).text, 'wov '.repeat(5))
      while (engine.answering() > 0) await new Promise(resolve => setTimeout(resolve, 5))
    }
    // The server has ended an answer a moment before the client has read its end.
    assert.ok(engine.connections() <= made + 2, `${engine.connections()} connections, ${made} before`)
    assert.equal(engine.cut(), 0)
    engine.script = { tokens: words(5), lingers: 'for ever' }
    assert.equal((await run(worker, chat())).last.finish, 'stop')
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: jobs beyond its places wait for one; where no more can wait they are refused`, async t => {
    const { engine, worker } = await setup(t, kind, { between: 5 }, { concurrency: 2, queue: 3 })
    const running = Array.from({ length: 4 }, () => run(worker, chat()))
    running.push(run(worker, chat()))
    assert.equal(worker.ready(), true, 'a full engine is not down')
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'busy'))
    for (const { text } of await Promise.all(running)) assert.equal(text, 'wov '.repeat(5))
    assert.equal(engine.questions().length, 5)
  })

  test(`${kind}: tool calls come out in pieces, with a finish of their own`, async t => {
    const features = ['chat', 'tools', 'reasoning', 'logprobs'] as const
    const script = { tokens: [], toolCalls: [{ name: 'look', arguments: '{"at":"loom"}' }] }
    const { engine, worker } = await setup(t, kind, script, { features })
    const tools = [{ name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } }]
    const { pieces } = await run(worker, chat({ tools }))
    const calls = pieces.flatMap(piece => (piece.toolCall ? [piece.toolCall] : []))
    assert.equal(calls[0]?.name, 'look')
    assert.equal(calls.map(call => call.arguments).join(''), '{"at":"loom"}')
    assert.equal(pieces.at(-1)?.finish, 'tool_calls')
    const sent = engine.questions()[0]!.body as { tools: { function: { name: string } }[] }
    assert.equal(sent.tools[0]?.function.name, 'look')
  })

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

test('strict tools go to who was said to keep them, and the word goes with them', async t => {
  const tools = [{ name: 'look', parameters: { type: 'object' }, strict: true }, { name: 'rest' }]
  const features = ['chat', 'tools', 'strict'] as const
  for (const kind of ['llama-server', 'vllm', 'openai'] as const) {
    const { engine, worker } = await setup(t, kind, {}, { features })
    await run(worker, chat({ tools }))
    const sent = engine.questions()[0]!.body as { tools: { function: { strict?: boolean } }[] }
    assert.deepEqual(
      sent.tools.map(tool => tool.function.strict),
      [true, undefined],
    )
  }
  for (const kind of ENGINE_KINDS) {
    const { worker } = await setup(t, kind)
    await assert.rejects(run(worker, chat({ tools })), error => isHeddleError(error, 'unsupported_by_model'))
  }
})

test('a call is forced where the engine can be told to, each in the words that it knows', async t => {
  const tools = [{ name: 'look' }, { name: 'rest' }]
  const named = { tools, toolChoice: { name: 'rest' }, parallelTools: false }
  const features = ['chat', 'tools', 'tool_choice'] as const
  const sentTo = async (kind: EngineKind, over: Record<string, unknown>) => {
    const { engine, worker } = await setup(t, kind, {}, kind === 'llama-server' ? {} : { features })
    await run(worker, chat(over))
    return engine.questions()[0]!.body as Record<string, unknown> & { tools: { function: { name: string } }[] }
  }
  const vllm = await sentTo('vllm', named)
  assert.deepEqual(vllm['tool_choice'], { type: 'function', function: { name: 'rest' } })
  assert.equal(vllm['parallel_tool_calls'], false)
  assert.equal(vllm.tools.length, 2)
  // llama-server knows three words, and takes anything else for "auto".
  const llama = await sentTo('llama-server', named)
  assert.equal(llama['tool_choice'], 'required')
  assert.deepEqual(
    llama.tools.map(tool => tool.function.name),
    ['rest'],
  )
  assert.equal((await sentTo('llama-server', { tools, toolChoice: 'required' })).tools.length, 2)
  const { worker } = await setup(t, 'ollama')
  for (const over of [named, { tools, toolChoice: 'required' }, { tools, parallelTools: false }])
    await assert.rejects(run(worker, chat(over)), error => isHeddleError(error, 'unsupported_by_model'))
})

test('a choice of tools that cannot be is refused before the engine hears of it', async t => {
  const { engine, worker } = await setup(t, 'vllm', {}, { features: ['chat', 'tools', 'tool_choice'] })
  for (const over of [
    { tools: [{ name: 'look' }], toolChoice: { name: 'rest' } },
    { toolChoice: 'required' },
    { tools: [{ name: 'look' }, { name: 'look' }] },
  ])
    await assert.rejects(run(worker, chat(over)), error => isHeddleError(error, 'bad_request'))
  assert.deepEqual(engine.questions(), [])
})

test('an engine whose calls go on after the next has begun is malformed: calls follow each other', async t => {
  const call = (index: number, more: object) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: more }] } }] })}\n\n`
  const raw = call(0, { name: 'a' }) + call(1, { name: 'b' }) + call(0, { arguments: '{}' })
  const { worker } = await setup(t, 'vllm', { raw }, { features: ['chat', 'tools'] })
  await assert.rejects(run(worker, chat({ tools: [{ name: 'a' }, { name: 'b' }] })), error =>
    isHeddleError(error, 'engine_malformed'),
  )
})
