import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Digest, isHeddleError, type Usage } from '@heddle/protocol'
import { digestOfWeights } from '../models/weights.ts'
import { temporary } from '../testing/files.ts'
import { type Asked, answerOf, digestOfText, jobOf, recorder, tinyPath, tinyWorker } from '../testing/fixtures.ts'
import type { InferenceWorker } from '../worker.ts'
import {
  CHUNK_TOKENS,
  type ChatSpec,
  type CompletionSpec,
  type InferenceUnit,
  type Message,
  type Piece,
  readPieces,
} from '../workload.ts'

const user = (content: string): Message[] => [{ role: 'user', content }]
const story = user('Tell me a long story.')
const completion = (prompt: string, more: Partial<CompletionSpec> = {}): CompletionSpec => ({
  task: 'completion',
  prompt,
  maxCompletion: 20,
  temperature: 0,
  topP: 1,
  stop: [],
  ...more,
})
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', maxLength: 12 }, unit: { enum: ['C', 'F'] } },
    required: ['city'],
  },
}
const clock = { name: 'get_time' }
const textOfChoice = (pieces: readonly Piece[], choice: number) =>
  pieces.map(piece => ((piece.choice ?? 0) === choice ? (piece.text ?? '') : '')).join('')
const callOf = (pieces: readonly Piece[]) => ({
  id: pieces.find(piece => piece.toolCall?.id)?.toolCall?.id,
  name: pieces.find(piece => piece.toolCall?.name)?.toolCall?.name,
  arguments: pieces.map(piece => piece.toolCall?.arguments ?? '').join(''),
  finish: pieces.at(-1)?.finish,
})
const refusal = (code: Parameters<typeof isHeddleError>[1], cause: unknown) => (error: unknown) => {
  assert.ok(isHeddleError(error, code), String(error))
  assert.deepEqual(error.cause, cause)
  return true
}

describe('the built-in engine', { timeout: 120_000 }, () => {
  let worker: InferenceWorker
  before(async () => {
    worker = await tinyWorker({ context: 1024 })
  })
  after(() => worker.stop())
  const ask = (asked: Asked, seed?: string) => answerOf(worker, asked, seed)
  const count = (asked: Asked) => worker.count!(jobOf(asked), new AbortController().signal)

  test('several choices are the answers of consecutive seeds, and their tokens add up, 64 a chunk', async () => {
    const spec = { messages: story, temperature: 1, maxCompletion: 50 }
    const alone = []
    for (const seed of [7, 8, 9]) alone.push(await ask({ ...spec, seed }))
    const { pieces, used, last, chunks } = await ask({ ...spec, seed: 7, choices: 3 })
    assert.deepEqual(
      [0, 1, 2].map(choice => textOfChoice(pieces, choice)),
      alone.map(({ text }) => text),
    )
    const tokens = alone.reduce((sum, one) => sum + one.used.completion, 0n)
    assert.deepEqual(used, { prompt: alone[0]!.used.prompt, cached: 0n, completion: tokens })
    assert.deepEqual(
      pieces.filter(piece => piece.finish).map(({ choice = 0, finish }) => [choice, finish]),
      alone.map((one, choice) => [choice, one.last.finish]),
    )
    assert.equal(last.finish, alone.some(one => one.last.finish === 'length') ? 'length' : 'stop')
    let before = 0n
    for (const chunk of chunks) {
      assert.ok(chunk.used.completion - before <= BigInt(CHUNK_TOKENS))
      before = chunk.used.completion
    }
  })

  test("the consumer's seed goes before the job's", async () => {
    const spec = { messages: story, temperature: 1, maxCompletion: 30 }
    assert.equal((await ask({ ...spec, seed: 5 }, 'a')).text, (await ask({ ...spec, seed: 5 }, 'b')).text)
    assert.notEqual((await ask({ ...spec, seed: 5 })).text, (await ask({ ...spec, seed: 6 })).text)
  })

  test('topK 1 is greedy at any temperature', async () => {
    const spec = { messages: story, maxCompletion: 30 }
    assert.equal((await ask({ ...spec, temperature: 2, topK: 1 })).text, (await ask({ ...spec, temperature: 0 })).text)
  })

  test('a bias is added to a logit: enough of it is the whole answer, and takes it away', async () => {
    const { text } = await ask({ messages: story, logitBias: { '300': 100 }, maxCompletion: 8 })
    assert.equal(text, text.slice(0, text.length / 8).repeat(8))
    const without = await ask({ messages: story, logitBias: { '300': -100 }, temperature: 2, maxCompletion: 40 })
    assert.ok(!without.text.includes(text.slice(0, text.length / 8)))
    await assert.rejects(ask({ logitBias: { '999999': 1 } }), refusal('bad_request', { param: 'logitBias.999999' }))
  })

  test('penalties are subtracted from the logits of what the answer has already: by once, and by each time', async () => {
    // Always the one token, far above another; what lies between their logits shows what was subtracted.
    const spec = { messages: story, logitBias: { '300': 80, '301': 30 }, logprobs: 2, maxCompletion: 6 }
    const gaps = async (penalties: Partial<ChatSpec>) => {
      const { pieces } = await ask({ ...spec, ...penalties })
      const told = pieces.flatMap(piece => piece.logprobs ?? [])
      assert.deepEqual(new Set(told.map(one => one.token)).size, 1)
      return told.map(({ top: [first, second] }) => first!.logprob - second!.logprob)
    }
    const plain = await gaps({})
    const penalised = await gaps({ frequencyPenalty: 1.5, presencePenalty: 2 })
    for (const [position, gap] of penalised.entries()) {
      const expected = plain[position]! - 1.5 * position - (position > 0 ? 2 : 0)
      assert.ok(Math.abs(gap - expected) < 1e-3, `${gap} at ${position}, not ${expected}`)
    }
  })

  test('a text goes on as it is, without a template, and nothing in it is a special token', async () => {
    const { text, used } = await ask(completion('Once upon a time'))
    assert.match(text, /^ there was/)
    assert.equal(used.prompt, (await count(completion('Once upon a time'))).prompt)
    const marks = await count(completion('<|im_start|>'))
    assert.ok(marks.prompt > 4n, 'one special token would be counted as one')
    assert.ok(used.prompt < (await count({ messages: user('Once upon a time') })).prompt)
  })

  test('an answer in JSON is JSON of the schema, unless it had to end before it was done', async () => {
    const properties = { name: { type: 'string', maxLength: 12 }, age: { type: 'integer', minimum: 0, maximum: 99 } }
    const schema = { type: 'object', properties, required: ['name', 'age'], additionalProperties: false }
    for (const temperature of [0, 1, 2]) {
      const format = { type: 'schema' as const, schema }
      const { text, last } = await ask({ messages: user('A cat.'), format, temperature })
      assert.equal(last.finish, 'stop')
      const value = JSON.parse(text) as { name: string; age: number }
      assert.deepEqual(Object.keys(value), ['name', 'age'])
      assert.ok(value.name.length <= 12 && Number.isInteger(value.age) && value.age >= 0 && value.age <= 99, text)
      const any = await ask({ messages: user('A cat.'), format: { type: 'json' }, temperature, maxCompletion: 300 })
      if (any.last.finish === 'stop') assert.equal(typeof JSON.parse(any.text), 'object')
      const cut = await ask({ messages: user('A cat.'), format, temperature, maxCompletion: 3 })
      assert.equal(cut.last.finish, 'length')
    }
  })

  test('a schema that could not be kept is refused before anything runs, naming the keyword', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string', pattern: '^a' } } }
    const param = 'format.schema.properties.name.pattern'
    await assert.rejects(ask({ format: { type: 'schema', schema } }), refusal('unsupported_field', { param }))
  })

  test('a forced call comes as a call, with arguments of the schema, and the same id when it is run again', async () => {
    const spec: Partial<ChatSpec> = { messages: user('Weather?'), tools: [weather, clock], temperature: 1 }
    const named = await ask({ ...spec, toolChoice: { name: 'get_weather' } })
    const call = callOf(named.pieces)
    assert.deepEqual([call.name, call.finish, named.text, named.last.finish], ['get_weather', 'tool_calls', '', 'stop'])
    const { city, unit = 'C', ...rest } = JSON.parse(call.arguments) as Record<string, string>
    assert.ok(typeof city === 'string' && city.length <= 12 && ['C', 'F'].includes(unit), call.arguments)
    assert.deepEqual(rest, {})
    assert.deepEqual(callOf((await ask({ ...spec, toolChoice: { name: 'get_weather' } })).pieces), call)
    const required = callOf((await ask({ ...spec, toolChoice: 'required' })).pieces)
    assert.ok(['get_weather', 'get_time'].includes(required.name!))
    assert.equal(typeof JSON.parse(required.arguments), 'object')
    assert.deepEqual(callOf((await ask({ ...spec, toolChoice: { name: 'get_time' } })).pieces).arguments, '{}')
  })

  test('arguments of a strict tool are what its parameters say, every keyword of them', async () => {
    const point = { type: 'object', properties: { x: { $ref: '#/$defs/small' } }, required: ['x'] }
    const parameters = {
      type: 'object',
      properties: { points: { type: 'array', items: point, minItems: 2, maxItems: 3 } },
      required: ['points'],
      additionalProperties: false,
      $defs: { small: { type: 'integer', minimum: 10, maximum: 12 } },
    }
    const tools = [{ name: 'draw', parameters, strict: true as const }]
    for (const seed of [1, 2, 3]) {
      const { pieces } = await ask({ tools, toolChoice: { name: 'draw' }, temperature: 1.5, seed })
      const call = callOf(pieces)
      assert.equal(call.finish, 'tool_calls')
      const { points, ...rest } = JSON.parse(call.arguments) as { points: { x: number }[] }
      assert.deepEqual(rest, {})
      assert.ok(points.length >= 2 && points.length <= 3 && points.every(({ x }) => [10, 11, 12].includes(x)))
    }
  })

  test('a strict tool that could not be kept is refused before anything runs; the same tool, not strict, is not', async () => {
    const parameters = { type: 'object', properties: { name: { type: 'string', pattern: '^a' } } }
    const tools = [clock, { name: 'find', parameters, strict: true as const }]
    const param = 'tools.1.parameters.properties.name.pattern'
    await assert.rejects(ask({ tools }), refusal('unsupported_field', { param }))
    const { strict: _, ...relaxed } = tools[1] as (typeof tools)[1] & { strict: true }
    const { used } = await ask({ tools: [relaxed], toolChoice: 'required', maxCompletion: 8 })
    assert.ok(used.completion > 0n)
    const list = { name: 'list', parameters: { type: 'array', items: { type: 'string' } }, strict: true as const }
    await assert.rejects(ask({ tools: [list] }), refusal('unsupported_field', { param: 'tools.0.parameters.type' }))
  })

  test('a call that had to end before it was done is no call to be made', async () => {
    const tools = { tools: [weather], toolChoice: { name: 'get_weather' } }
    const { pieces, last } = await ask({ ...tools, maxCompletion: 2 })
    assert.deepEqual([last.finish, pieces.some(piece => piece.finish === 'tool_calls')], ['length', false])
  })

  test('results are read, and who may not call writes text', async () => {
    const call = { id: 'c1', name: 'get_weather', arguments: '{"city":"Oslo"}' }
    const messages: Message[] = [
      ...user('Weather in Oslo?'),
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', callId: 'c1', content: 'rain' },
    ]
    const spec: Partial<ChatSpec> = { messages, tools: [weather], toolChoice: 'none', maxCompletion: 30 }
    const { text, pieces } = await ask(spec)
    assert.ok(text.length > 0 && pieces.every(piece => !piece.toolCall))
    const longer = messages.with(2, { role: 'tool', callId: 'c1', content: 'rain, and a little wind' })
    assert.ok((await count({ ...spec, messages: longer })).prompt > (await count(spec)).prompt)
    await assert.rejects(
      ask({ ...spec, messages: messages.slice(0, 2) }),
      refusal('bad_request', { param: 'messages' }),
    )
    await assert.rejects(
      ask({ toolChoice: { name: 'none' }, tools: [weather] }),
      refusal('bad_request', { param: 'toolChoice' }),
    )
  })

  test('log-probabilities are of the whole vocabulary, of the tokens that make the text', async () => {
    const spec = { messages: story, maxCompletion: 20 }
    const greedy = await ask({ ...spec, logprobs: 20 })
    const told = greedy.pieces.flatMap(piece => piece.logprobs ?? [])
    assert.equal(greedy.text, (await ask(spec)).text)
    assert.equal(told.length, 20)
    assert.equal(told.map(one => one.token).join(''), greedy.text)
    for (const { top, ...drawn } of told) {
      assert.deepEqual(top[0], drawn)
      const share = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)
      assert.ok(top.length === 20 && share > 0.3 && share < 1.000_1, `${share}`)
      assert.deepEqual(Buffer.from(drawn.bytes!).toString(), drawn.token)
    }
    const warm = { ...spec, temperature: 1.5, logprobs: 0, seed: 3 }
    const [a, b, c] = [await ask(warm), await ask(warm), await ask({ ...warm, seed: 4 })]
    assert.equal(a.text, b.text)
    assert.notEqual(a.text, c.text)
    assert.ok(a.pieces.every(piece => piece.logprobs?.every(one => one.top.length === 0 && one.logprob <= 0) ?? true))
  })

  test('log-probabilities leave with their text, also where a stop string cuts it', async () => {
    const whole = await ask({ messages: story, maxCompletion: 30 })
    const stop = whole.text.slice(20, 24)
    const { text, pieces } = await ask({ messages: story, maxCompletion: 30, stop: [stop], logprobs: 1 })
    const tokens = pieces.flatMap(piece => piece.logprobs ?? []).map(one => one.token)
    assert.ok(tokens.join('').startsWith(text) && !tokens.slice(0, -1).join('').includes(stop))
  })

  test('embeddings have length 1, are the same for the same text, and are counted by their tokens', async () => {
    const asked = { task: 'embedding' as const, input: ['The capital of Norway is Oslo.', 'A cat.', 'A cat.'] }
    const { pieces, used, last } = await ask(asked)
    assert.equal(last.finish, 'stop')
    const vectors = pieces.map(({ embedding }, index) => {
      assert.equal(embedding?.index, index)
      const bytes = Buffer.from(embedding!.data, 'base64')
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
    })
    assert.deepEqual(
      vectors.map(vector => vector.length),
      [128, 128, 128],
    )
    for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5)
    assert.deepEqual(vectors[1], vectors[2])
    assert.notDeepEqual(vectors[0], vectors[1])
    assert.deepEqual(used, await count(asked))
    assert.ok(used.prompt > 10n && used.completion === 0n)
    await assert.rejects(
      ask({ task: 'embedding', input: ['a', 'word '.repeat(2_000)] }),
      refusal('context_exceeded', { param: 'input.1' }),
    )
  })

  test('with a tag the common beginning is remembered, for this tag alone; the answer is the same', async () => {
    const tags = ['aa', 'bb'].map(two => two.repeat(16)) as [string, string]
    const first = await ask({ messages: story, cache: tags[0], maxCompletion: 10 })
    assert.equal(first.used.cached, 0n)
    const again = await ask({ messages: story, cache: tags[0], maxCompletion: 10 })
    assert.deepEqual([again.used.cached, again.used.prompt], [first.used.prompt - 1n, 1n])
    assert.equal(again.text, first.text)
    const longer: Message[] = [...story, { role: 'assistant', content: first.text }, ...user('Go on.')]
    const next = await ask({ messages: longer, cache: tags[0], maxCompletion: 5 })
    assert.ok(next.used.cached >= first.used.prompt && next.used.prompt > 0n)
    for (const cache of [tags[1], undefined]) {
      const other = await ask({ messages: story, ...(cache && { cache }), maxCompletion: 5 })
      assert.deepEqual([other.used.cached, other.used.prompt], [0n, first.used.prompt])
    }
  })

  test('a tag means nothing to another payer: what one asked is never within the reach of the next', async () => {
    const cache = 'dd'.repeat(16)
    await answerOf(worker, { messages: story, cache, maxCompletion: 5 }, 'seed', 'one payer')
    const other = await answerOf(worker, { messages: story, cache, maxCompletion: 5 }, 'seed', 'another payer')
    assert.equal(other.used.cached, 0n)
  })

  test('what is kept gives way to jobs: every place is taken, and nothing of a tag is left', async () => {
    const cache = 'cc'.repeat(16)
    await ask({ messages: story, cache, maxCompletion: 5 })
    await Promise.all([1, 2].map(seed => ask({ messages: story, seed, maxCompletion: 120 })))
    assert.equal((await ask({ messages: story, cache, maxCompletion: 5 })).used.cached, 0n)
  })

  test('a count is what a job then uses, and refuses what it would refuse', async () => {
    const specs: Asked[] = [{ messages: story }, { messages: story, tools: [weather] }, { format: { type: 'json' } }]
    for (const asked of specs) {
      const { used } = await ask({ ...asked, maxCompletion: 1 } as Asked)
      assert.deepEqual(await count(asked), { ...used, completion: 0n })
    }
    await assert.rejects(count({ messages: user('word '.repeat(2_000)) }), refusal('context_exceeded', undefined))
  })

  test('what the model cannot do, and what is not served, is refused by name', async () => {
    const image = { type: 'image' as const, media: 'image/png' as const, data: 'AAAA' }
    await assert.rejects(
      ask({ messages: [{ role: 'user', content: [image] }] }),
      refusal('unsupported_by_model', { feature: 'images' }),
    )
    await assert.rejects(ask({ reasoning: 'high' }), refusal('unsupported_by_model', { feature: 'reasoning' }))
    const job = { ...jobOf({}), serves: { name: 'other', digest: digestOfText('other') as Digest } }
    await assert.rejects(
      async () => {
        await worker.execute(job, recorder().context)[Symbol.asyncIterator]().next()
      },
      refusal('model_unknown', undefined),
    )
  })
})

/** The tiny model with another template of the same length: one with a place for reasoning. */
async function thinkingModel(folder: string) {
  const bytes = readFileSync(tinyPath())
  const name = 'tokenizer.chat_template'
  const at = bytes.indexOf(name) + name.length + 4
  const length = Number(bytes.readBigUInt64LE(at))
  const turn = '{% for m in messages %}{{m.role}}: {{m.content}}<|im_end|>\n{% endfor %}'
  const template = `${turn}{% if add_generation_prompt %}assistant: {% endif %}{#<think></think>#}`
  bytes.write(template.replace('{#', `{#${' '.repeat(length - template.length)}`), at + 8)
  const path = join(folder, 'thinking.gguf')
  await writeFile(path, bytes)
  return { name: 'thinking', path, digest: await digestOfWeights(path) }
}

test(
  'a model that reasons says so, thinks before it answers, and not at all when asked not to',
  { timeout: 60_000 },
  async t => {
    const model = await thinkingModel(await temporary(t))
    const worker = await tinyWorker({ model, context: 1024 })
    t.after(() => worker.stop())
    assert.ok(worker.serves()[0]!.features.includes('reasoning'))
    const ask = async (reasoning: ChatSpec['reasoning']) => {
      const { context, delivered } = recorder()
      const job = { ...jobOf({ messages: story, ...(reasoning && { reasoning }) }), serves: model }
      let used: Usage<InferenceUnit> | undefined
      for await (const chunk of worker.execute(job, context)) used = chunk.used
      return { used: used!, pieces: readPieces(delivered.output) }
    }
    const { pieces, used } = await ask('high')
    const first = pieces.findIndex(piece => piece.text !== undefined)
    const last = pieces.findLastIndex(piece => piece.reasoning !== undefined)
    assert.ok(last >= 0 && last < first, JSON.stringify(pieces))
    const { reasoningTokens = 0, finish } = pieces.at(-1)!
    assert.equal(finish, 'stop')
    assert.ok(reasoningTokens > 0 && BigInt(reasoningTokens) < used.completion)
    for (const piece of pieces) assert.ok(!/<\/?think>/.test(`${piece.text}${piece.reasoning}`))
    assert.ok((await ask('none')).pieces.every(piece => piece.reasoning === undefined))
  },
)

test('the process of the engine loads llama.cpp and nothing else', () => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  function walk(url: URL): void {
    if (seen.has(url.href)) return
    seen.add(url.href)
    for (const [, names, from] of readFileSync(url, 'utf8').matchAll(/^(?:import|export) ([^'"]*?)from '([^']+)'/gms)) {
      const onlyTypes = /^type\b/.test(names!) || /^\{(\s*type [\w ]+,?)+\s*\}\s*$/.test(names!)
      if (onlyTypes) continue
      if (from!.startsWith('.')) walk(new URL(from!, url))
      else packages.add(from!)
    }
  }
  walk(new URL('./child.ts', import.meta.url))
  assert.ok(seen.size > 10)
  assert.deepEqual([...packages].toSorted(), ['node-llama-cpp', 'node:crypto'])
})
