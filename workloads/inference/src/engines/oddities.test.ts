import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, run, setup } from '../testing/engine-worker.ts'

/**
 * Engines that speak oddly: a table of what they send, and what comes of it. What is whole is told as whole, what is
 * broken never is, and nothing is lost on the way.
 */

type Chunk = Record<string, unknown>
const chunk = (delta: object, finish: unknown = null, more: object = {}): Chunk => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
})
const events = (...all: unknown[]): string => all.map(one => `data: ${JSON.stringify(one)}\n\n`).join('')
const DONE = 'data: [DONE]\n\n'
const hello = chunk({ content: 'Hello' })
const stop = chunk({}, 'stop')
const usage = (prompt: number, completion: number) => ({
  choices: [],
  usage: { prompt_tokens: prompt, completion_tokens: completion },
})

/** Asks an engine that sends this, and gives what came: text, end and counts, or the code of an error. */
async function told(t: Parameters<typeof setup>[0], raw: string | Uint8Array, over: Record<string, unknown> = {}) {
  const { worker } = await setup(t, 'openai', { raw }, { features: ['chat', 'tools', 'choices', 'logprobs'] })
  try {
    const { text, last, pieces } = await run(worker, chat(over))
    return { text, finish: last.finish, used: last.used, pieces }
  } catch (error) {
    assert.ok(isHeddleError(error))
    return { code: error.code, cause: error.cause }
  }
}

test('an error that says nothing is none', async t => {
  for (const error of [null, '', {}, false]) {
    const { text, finish } = await told(t, events({ ...hello, error }, { ...stop, error }) + DONE)
    assert.deepEqual([text, finish], ['Hello', 'stop'], JSON.stringify(error))
  }
})

test('an answer that goes on after what was asked ends there, and that is what is charged', async t => {
  const many = Array.from({ length: 200 }, (_, i) => chunk({ content: `w${i} ` }))
  for (const maxCompletion of [1, 10, 100]) {
    const { text, finish, used } = await told(t, events(...many, stop) + DONE, { maxCompletion })
    assert.equal(text?.split(' ').length, maxCompletion + 1)
    assert.deepEqual([finish, used?.completion], ['length', BigInt(maxCompletion)])
  }
})

test('what an engine does not count is reckoned: its prompt, and messages of more than one token', async t => {
  const messages = [{ role: 'user', content: 'word '.repeat(120) }]
  const { used } = await told(t, events(hello, stop) + DONE, { messages })
  assert.deepEqual(used, { prompt: 100n, cached: 0n, completion: 1n })
  const { used: long } = await told(t, events(chunk({ content: 'word '.repeat(60) }), stop) + DONE)
  assert.equal(long?.completion, 50n)
  const { used: own } = await told(t, events(hello, stop, usage(7, 2)) + DONE, { messages })
  assert.deepEqual(own, { prompt: 7n, cached: 0n, completion: 2n }, 'its own counts go before')
})

test('why an answer ended is told in the words of the network; where its engine gave up it is never told as whole', async t => {
  const ends: [unknown, string | undefined, string | undefined][] = [
    ...['stop', 'eos', 'eos_token', 'end_turn', 'stop_sequence', 'STOP'].map(
      one => [one, 'stop', undefined] as [unknown, string, undefined],
    ),
    ...['length', 'max_tokens', 'MAX_TOKENS', 'model_length', { type: 'length', length: 5 }].map(
      one => [one, 'length', undefined] as [unknown, string, undefined],
    ),
    ['content_filter', 'stop', 'filtered'],
    ['SAFETY', 'stop', 'filtered'],
    ...['error', 'abort', 'cancelled', 'timeout', 'insufficient_system_resource', { type: 'abort' }].map(
      one => [one, undefined, undefined] as [unknown, undefined, undefined],
    ),
  ]
  for (const [said, finish, told_] of ends) {
    const came = await told(t, events(hello, chunk({}, said)) + DONE)
    const words = JSON.stringify(said)
    if (finish === undefined) assert.equal(came.code, 'engine_refused', words)
    else assert.deepEqual([came.text?.split('\x1e')[0], came.finish], ['Hello', finish], words)
    if (told_) assert.equal(came.pieces?.at(-1)?.finish, told_, words)
  }
})

test('[DONE] ends what has spoken; without it, or with nothing said, an answer is not whole', async t => {
  assert.deepEqual((await told(t, events(hello) + DONE)).finish, 'stop')
  const call = { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] }
  const called = await told(t, events(chunk(call)) + DONE, { tools: [{ name: 'f' }] })
  assert.equal(called.pieces?.at(-1)?.finish, 'tool_calls')
  assert.notEqual((await told(t, events(hello))).code, undefined)
  assert.notEqual((await told(t, DONE)).code, undefined)
})

test('what is said in parts is said: text, and thoughts under every name', async t => {
  const parts = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
    { type: 'text', text: 'Hello' },
  ]
  const { pieces } = await told(t, events(chunk({ content: parts }), stop) + DONE)
  assert.deepEqual(pieces?.slice(0, 2), [{ reasoning: 'Hm.' }, { text: 'Hello' }])
  for (const thought of [
    { reasoning: 'Hm.' },
    { reasoning: { text: 'Hm.' } },
    { reasoning_content: 'Hm.' },
    {
      reasoning_details: [
        { type: 'reasoning.text', text: 'Hm.' },
        { type: 'reasoning.encrypted', data: 'AAAA' },
      ],
    },
  ]) {
    const thinking = await told(t, events(chunk(thought), hello, stop) + DONE)
    assert.equal(thinking.pieces?.[0]?.reasoning, 'Hm.', JSON.stringify(thought))
  }
  const picture = chunk({ content: [{ type: 'image_url', image_url: {} }] })
  assert.equal(
    (await told(t, events(picture, stop) + DONE)).code,
    'engine_malformed',
    'what cannot be told on is not left out',
  )
})

test('numbers that JSON has no words for are read where they stand beside the answer, and in it', async t => {
  const raw = 'data: {"choices":[{"index":0,"delta":{"content":"NaN: \\"Infinity\\""}}],"score":NaN}\n\n'
  assert.equal((await told(t, raw + events(stop) + DONE)).text, 'NaN: "Infinity"')
  const likely =
    'data: {"choices":[{"index":"0","delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-Infinity}]}}]}\n\n'
  const { pieces } = await told(t, likely + events(stop) + DONE, { logprobs: 0 })
  assert.equal(pieces?.[0]?.logprobs?.[0]?.logprob, -9_999)
})

test('a server that passes over "stream" has answered all the same; one that fails with 200 says why', async t => {
  const message = { role: 'assistant', content: 'Hello' }
  const body = JSON.stringify({ ...usage(7, 2), choices: [{ index: 0, message, finish_reason: 'stop' }] }, null, 2)
  const { text, finish, used } = await told(t, body)
  assert.deepEqual([text, finish, used?.prompt], ['Hello', 'stop', 7n])
  for (const raw of [
    JSON.stringify({ error: { message: 'model crashed', type: 'server_error' } }),
    JSON.stringify({ object: 'error', message: 'bad thing', code: 40_001 }),
    JSON.stringify({ detail: 'boom' }),
    'event: error\ndata: {"message":"boom"}\n\n',
    events(hello, { error: 'boom' }),
  ]) {
    const { code, cause } = await told(t, raw)
    assert.equal(code, 'engine_refused', raw)
    assert.match(JSON.stringify(cause), /crashed|bad thing|boom/)
  }
  assert.equal((await told(t, '<html><body>nginx</body></html>')).code, 'engine_malformed')
})

test('zeros in place of counts say nothing of an answer that is there', async t => {
  const zeros = { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } }
  const many = Array.from({ length: 30 }, (_, i) => ({ ...chunk({ content: `w${i} ` }), ...zeros }))
  const { used } = await told(t, events(...many, { ...stop, ...zeros }) + DONE)
  assert.equal(used?.completion, 30n)
  assert.ok(used!.prompt > 0n)
})

test('a call that ran out of tokens is cut, whatever its engine calls the end', async t => {
  const call = (json: string) =>
    chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: json } }] }, 'tool_calls')
  const ask = { tools: [{ name: 'f' }], maxCompletion: 50 }
  const ended = async (json: string, completion: number) =>
    (await told(t, events(call(json), usage(7, completion)) + DONE, ask)).finish
  assert.equal(await ended('{"a":"long te', 50), 'length')
  assert.equal(await ended('{"a":"long"}', 50), 'stop')
  assert.equal(await ended('{"a":"long te', 20), 'stop')
})

test('half a character at the end of a message waits for its other half', async t => {
  const halves = ['a\\ud83d', '\\ude00b'].map(
    text => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`,
  )
  assert.equal((await told(t, halves.join('') + events(stop) + DONE)).text, 'a😀b')
})
