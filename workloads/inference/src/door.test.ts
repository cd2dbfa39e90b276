import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { openAiDoor } from './door.ts'
import { call, model, recordingHouse, settlement } from './testing/house.ts'

const hello = { model: 'toy', messages: [{ role: 'user', content: 'hi' }] }

function setup(script?: Parameters<typeof recordingHouse>[0]) {
  const { house, asked } = recordingHouse(script)
  const post = (body: unknown, signal?: AbortSignal) =>
    call(openAiDoor, house, 'POST', '/v1/chat/completions', body, signal)
  const get = (path: string) => call(openAiDoor, house, 'GET', path)
  return { post, get, asked }
}

/** The JSON events of a stream; the last one must be [DONE] where `done`. */
function eventsOf(text: string, done = true) {
  const events = text.split('\n\n').filter(Boolean)
  for (const event of events) assert.match(event, /^data: [^\n]+$/)
  if (done) assert.equal(events.pop(), 'data: [DONE]')
  return events.map(event => JSON.parse(event.slice(6)))
}

const errorOf = ({ json }: { json: unknown }) => (json as { error: Record<string, unknown> }).error

test('models, in a list and alone', async () => {
  const { get } = setup()
  const shown = {
    id: 'toy',
    object: 'model',
    created: 0,
    owned_by: 'heddle',
    heddle: { digest: model.digest, context: 400, prices: model.prices },
  }
  assert.deepEqual((await get('/v1/models')).json, { object: 'list', data: [shown] })
  assert.deepEqual((await get('/v1/models/toy')).json, shown)
  const unknown = await get('/v1/models/other')
  assert.equal(unknown.status, 404)
  assert.equal(errorOf(unknown)['code'], 'model_unknown')
})

test('a whole answer, with its usage, charge and receipt', async () => {
  const { post } = setup()
  const before = Math.floor(Date.now() / 1000)
  const { status, headers, json } = await post(hello)
  const { created, ...rest } = json as { created: number }
  assert.equal(status, 200)
  assert.ok(created >= before)
  assert.deepEqual(headers, { 'x-heddle-receipt': settlement.receipt })
  assert.deepEqual(rest, {
    id: `chatcmpl-${settlement.receipt.slice(2, 34)}`,
    object: 'chat.completion',
    model: 'toy',
    system_fingerprint: `fp_${model.digest.slice(2, 12)}`,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    heddle: { receipt: settlement.receipt, charge: '29', provider: settlement.provider },
  })
})

test('a streamed answer: role, text as it comes, finish, note, [DONE]', async () => {
  const { post } = setup({ settlement: { finish: 'length' } })
  const { status, headers, text, writes } = await post({ ...hello, stream: true })
  assert.equal(status, 200)
  assert.match(headers['content-type']!, /^text\/event-stream/)
  assert.equal(writes, 2)
  const events = eventsOf(text)
  assert.deepEqual(
    events.map(event => event.choices[0].delta),
    [{ role: 'assistant', content: '', refusal: null }, { content: 'Hel' }, { content: 'lo' }, {}],
  )
  assert.deepEqual(
    events.map(event => event.choices[0].finish_reason),
    [null, null, null, 'length'],
  )
  assert.deepEqual(events.at(-1).heddle, { receipt: settlement.receipt, charge: '29', provider: settlement.provider })
  for (const event of events) {
    assert.equal(event.object, 'chat.completion.chunk')
    assert.equal('usage' in event, false)
  }
})

test('usage comes in an event of its own when it is asked for', async () => {
  const { post } = setup()
  const events = eventsOf((await post({ ...hello, stream: true, stream_options: { include_usage: true } })).text)
  const last = events.pop()
  assert.deepEqual(last.choices, [])
  assert.deepEqual(last.usage, { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 })
  assert.equal(last.heddle.charge, '29')
  for (const event of events) assert.equal(event.usage, null)
})

test('an empty answer is still a whole stream', async () => {
  const { post } = setup({ deltas: [] })
  const events = eventsOf((await post({ ...hello, stream: true })).text)
  assert.deepEqual(
    events.map(event => event.choices[0].delta),
    [{ role: 'assistant', content: '', refusal: null }, {}],
  )
})

test('text arrives unchanged, wherever its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(40), async (text, at) => {
      const bytes = utf8(text)
      const { post } = setup({ deltas: [bytes.slice(0, at), bytes.slice(at)] })
      const expected = new TextDecoder().decode(bytes)
      const whole = (await post(hello)).json as { choices: { message: { content: string } }[] }
      assert.equal(whole.choices[0]!.message.content, expected)
      const events = eventsOf((await post({ ...hello, stream: true })).text)
      assert.equal(events.map(event => event.choices[0].delta.content ?? '').join(''), expected)
    }),
    { numRuns: 60 },
  )
})

test('the question is rebuilt in the words of the workload', async () => {
  const { post, asked } = setup()
  await post({
    model: 'toy',
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one' },
          { type: 'text', text: 'two' },
        ],
      },
      { role: 'assistant', content: 'three', refusal: null },
      { role: 'user', content: 'four' },
    ],
    max_completion_tokens: 9,
    temperature: 0.5,
    top_p: 0.9,
    stop: 'END',
    n: 1,
    frequency_penalty: 0,
    presence_penalty: null,
    logprobs: false,
  })
  assert.deepEqual(asked[0]!.question, {
    workload: 'inference',
    model: 'toy',
    spec: {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'one\ntwo' },
        { role: 'assistant', content: 'three' },
        { role: 'user', content: 'four' },
      ],
      maxCompletion: 9,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
    },
  })
})

test('what is not said has a default: a quarter of the context, temperature 1', async () => {
  const { post, asked } = setup()
  await post(hello)
  const spec = asked[0]!.question.spec as Record<string, unknown>
  assert.deepEqual([spec['maxCompletion'], spec['temperature'], spec['topP'], spec['stop']], [100, 1, 1, []])
})

test('nothing is dropped silently: what is not honoured is refused by name', async () => {
  const { post, asked } = setup()
  const cases: [object, string][] = [
    [{ ...hello, seed: 1 }, 'seed'],
    [{ ...hello, user: 'me' }, 'user'],
    [{ ...hello, tools: [] }, 'tools'],
    [{ ...hello, keep_alive: -1 }, 'keep_alive'],
    [{ ...hello, messages: [{ role: 'user', content: 'hi', name: 'me' }] }, 'messages[0].name'],
    [{ ...hello, stream: true, stream_options: { other: 1 } }, 'stream_options.other'],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    assert.equal(answer.status, 400)
    assert.deepEqual(errorOf(answer), {
      message: `the field "${param}" is not supported. Leave the named field out.`,
      type: 'invalid_request_error',
      param,
      code: 'unsupported_field',
    })
  }
  assert.equal(asked.length, 0)
})

test('a field with a value that cannot be is refused by name', async () => {
  const { post, asked } = setup()
  const cases: [unknown, string][] = [
    [null, 'body'],
    [[], 'body'],
    [{ ...hello, messages: [] }, 'messages'],
    [{ ...hello, messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [
      { ...hello, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content',
    ],
    [{ ...hello, messages: [{ role: 'user', content: '\ud800' }] }, 'messages[0].content'],
    [{ ...hello, n: 2 }, 'n'],
    [{ ...hello, frequency_penalty: 0.5 }, 'frequency_penalty'],
    [{ ...hello, max_tokens: 0 }, 'max_tokens'],
    [{ ...hello, max_tokens: 5, max_completion_tokens: 6 }, 'max_tokens'],
    [{ ...hello, temperature: 3 }, 'temperature'],
    [{ ...hello, top_p: 0 }, 'top_p'],
    [{ ...hello, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ ...hello, stream: 'yes' }, 'stream'],
    [{ ...hello, stream_options: {} }, 'stream_options'],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    assert.equal(answer.status, 400, JSON.stringify(body))
    assert.equal(errorOf(answer)['code'], 'bad_request', JSON.stringify(body))
    assert.equal(errorOf(answer)['param'], param, JSON.stringify(body))
  }
  assert.equal(errorOf(await post({ ...hello, model: 'other' }))['code'], 'model_unknown')
  assert.equal(asked.length, 0)
})

test('an error before the first token is an HTTP error, streamed or not', async () => {
  for (const stream of [false, true]) {
    const refused = await setup({ refuses: new HeddleError('busy', 'all places are taken') }).post({ ...hello, stream })
    assert.equal(refused.status, 429)
    assert.deepEqual(refused.headers, { 'retry-after': '1' })
    assert.equal(errorOf(refused)['type'], 'rate_limit_error')
    const early = await setup({ deltas: [new HeddleError('engine_down')] }).post({ ...hello, stream })
    assert.equal(early.status, 503)
    assert.equal(errorOf(early)['code'], 'engine_down')
    assert.equal(early.text, '')
  }
})

test('an error after the first token ends the stream with an error event', async () => {
  const { text, status } = await setup({ deltas: ['Hel', new HeddleError('engine_down')] }).post({
    ...hello,
    stream: true,
  })
  assert.equal(status, 200)
  const events = eventsOf(text, false)
  assert.equal(events.at(-2).choices[0].delta.content, 'Hel')
  assert.equal(events.at(-1).error.code, 'engine_down')
  assert.doesNotMatch(text, /DONE/)
})

test('an interrupted answer is never passed off as a whole one', async () => {
  const script = { settlement: { finish: 'interrupted' as const } }
  assert.equal((await setup(script).post(hello)).status, 502)
  const events = eventsOf((await setup(script).post({ ...hello, stream: true })).text, false)
  assert.equal(events.at(-1).error.code, 'interrupted')
})

test('what went wrong inside stays inside', async () => {
  const answer = await setup({ refuses: new Error('password=1234') }).post(hello)
  assert.equal(answer.status, 500)
  assert.doesNotMatch(JSON.stringify(answer.json), /1234/)
})

test('a client that goes away takes its signal to the house, and hears nothing more', async () => {
  const away = new AbortController()
  const { post, asked } = setup({ deltas: ['a', 'b', 'c'] })
  const answered = post({ ...hello, stream: true }, away.signal)
  away.abort(new HeddleError('aborted'))
  const { text } = await answered
  assert.equal(asked[0]!.signal, away.signal)
  assert.doesNotMatch(text, /error|DONE/)
})
