import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { encodePiece, type Piece } from '../../output.ts'
import { askChat, errorOf, hello, note } from '../../testing/door.ts'
import { eventsOf, model, settlement } from '../../testing/house.ts'

type Part = { index: number; delta: Record<string, unknown>; logprobs: unknown; finish_reason: string | null }
const partsOf = (text: string): Part[] => eventsOf(text).flatMap(event => (event['choices'] as Part[]) ?? [])
const usage = {
  prompt_tokens: 7,
  completion_tokens: 3,
  total_tokens: 10,
  prompt_tokens_details: { cached_tokens: 2 },
  completion_tokens_details: { reasoning_tokens: 0 },
}

/** What a model that thinks, speaks and calls two tools writes. */
const rich: Piece[] = [
  { reasoning: 'Two ' },
  { reasoning: 'places.' },
  { text: 'Let me look.' },
  { toolCall: { index: 0, id: 'call_a', name: 'weather' } },
  { toolCall: { index: 0, arguments: '{"city":' } },
  { toolCall: { index: 0, arguments: '"Bern"}' } },
  { toolCall: { index: 1, id: 'call_b', name: 'time', arguments: '{}' } },
  { finish: 'tool_calls', reasoningTokens: 2 },
]

test('a whole answer, with its usage, charge and receipt', async () => {
  const { post } = askChat()
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
    service_tier: 'default',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
    heddle: note,
  })
})

test('a streamed answer: role, text as it comes, finish, note, [DONE]', async () => {
  const { post } = askChat({ settlement: { finish: 'length' } })
  const { status, headers, text, writes } = await post({ ...hello, stream: true })
  assert.equal(status, 200)
  assert.match(headers['content-type']!, /^text\/event-stream/)
  assert.equal(writes, 2, 'one write a delta, and the end')
  const events = eventsOf(text)
  assert.deepEqual(events.pop(), { done: true })
  assert.deepEqual(
    partsOf(text).map(part => part.delta),
    [{ role: 'assistant', content: '', refusal: null }, { content: 'Hel' }, { content: 'lo' }, {}],
  )
  assert.deepEqual(
    partsOf(text).map(part => part.finish_reason),
    [null, null, null, 'length'],
  )
  assert.deepEqual(events.at(-1)!['heddle'], note)
  for (const event of events) {
    assert.equal(event['object'], 'chat.completion.chunk')
    assert.equal('usage' in event, false)
  }
})

test('usage comes in an event of its own when it is asked for', async () => {
  const { post } = askChat()
  const { text } = await post({ ...hello, stream: true, stream_options: { include_usage: true } })
  const events = eventsOf(text).slice(0, -1)
  const last = events.pop()!
  assert.deepEqual(last['choices'], [])
  assert.deepEqual(last['usage'], usage)
  assert.deepEqual(last['heddle'], note)
  for (const event of events) assert.equal(event['usage'], null)
})

test('an empty answer is still a whole stream', async () => {
  const { text } = await askChat({ deltas: [] }).post({ ...hello, stream: true })
  assert.deepEqual(
    partsOf(text).map(part => part.delta),
    [{ role: 'assistant', content: '', refusal: null }, {}],
  )
})

test('reasoning and tool calls, whole', async () => {
  const { json } = await askChat({ deltas: rich }).post(hello)
  const { choices, usage } = json as { choices: unknown[]; usage: Record<string, unknown> }
  assert.deepEqual(choices, [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: 'Let me look.',
        refusal: null,
        reasoning_content: 'Two places.',
        reasoning: 'Two places.',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
          { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } },
        ],
      },
      logprobs: null,
      finish_reason: 'tool_calls',
    },
  ])
  assert.deepEqual(usage['completion_tokens_details'], { reasoning_tokens: 2 })
})

test('reasoning and tool calls, streamed', async () => {
  const { text } = await askChat({ deltas: rich }).post({ ...hello, stream: true })
  assert.deepEqual(
    partsOf(text).map(part => part.delta),
    [
      { role: 'assistant', content: '', refusal: null },
      { reasoning_content: 'Two ', reasoning: 'Two ' },
      { reasoning_content: 'places.', reasoning: 'places.' },
      { content: 'Let me look.' },
      { tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] },
      { tool_calls: [{ index: 1, id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } }] },
      {},
    ],
  )
  assert.equal(partsOf(text).at(-1)!.finish_reason, 'tool_calls')
})

test('an answer that only calls has no content', async () => {
  const { json } = await askChat({ deltas: rich.slice(3) }).post(hello)
  assert.equal((json as { choices: { message: { content: unknown } }[] }).choices[0]!.message.content, null)
})

test('logprobs, whole and streamed', async () => {
  const token = (text: string, logprob: number) => ({ token: text, logprob, bytes: [...utf8(text)] })
  const deltas: Piece[] = [
    { text: 'a', logprobs: [{ ...token('a', -0.5), top: [token('a', -0.5), token('b', -1)] }] },
    { text: '', logprobs: [{ ...token('c', -2), top: [] }] },
  ]
  const asks = { ...hello, logprobs: true, top_logprobs: 2 }
  const wanted = [
    { ...token('a', -0.5), top_logprobs: [token('a', -0.5), token('b', -1)] },
    { ...token('c', -2), top_logprobs: [] },
  ]
  const { json } = await askChat({ deltas }).post(asks)
  assert.deepEqual((json as { choices: Part[] }).choices[0]!.logprobs, { content: wanted, refusal: null })
  const { text } = await askChat({ deltas }).post({ ...asks, stream: true })
  const streamed = partsOf(text).flatMap(part => (part.logprobs as { content: unknown[] } | null)?.content ?? [])
  assert.deepEqual(streamed, wanted)
})

test('several choices, each with its own text and finish', async () => {
  const deltas: Piece[] = [
    { text: 'a' },
    { choice: 1, text: 'b' },
    { choice: 1, finish: 'length' },
    { text: 'c' },
    { finish: 'stop' },
  ]
  const { json } = await askChat({ deltas }).post({ ...hello, n: 2 })
  const { choices } = json as { choices: { message: { content: string }; finish_reason: string }[] }
  assert.deepEqual(
    choices.map(one => [one.message.content, one.finish_reason]),
    [
      ['ac', 'stop'],
      ['b', 'length'],
    ],
  )
  const parts = partsOf((await askChat({ deltas }).post({ ...hello, n: 2, stream: true })).text)
  for (const [index, content, reason] of [
    [0, 'ac', 'stop'],
    [1, 'b', 'length'],
  ]) {
    const own = parts.filter(part => part.index === index)
    assert.equal(own.map(part => part.delta['content'] ?? '').join(''), content)
    assert.equal(own[0]!.delta['role'], 'assistant')
    assert.deepEqual(own.map(part => part.finish_reason).filter(Boolean), [reason])
  }
})

test('text arrives unchanged, wherever its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(40), async (text, at) => {
      const bytes = utf8(encodePiece({ text }))
      const { post } = askChat({ deltas: [bytes.slice(0, at), bytes.slice(at)] })
      const whole = (await post(hello)).json as { choices: { message: { content: string } }[] }
      const parts = partsOf((await post({ ...hello, stream: true })).text)
      // A lone surrogate has no bytes of its own: outside a record it became U+FFFD when it was encoded.
      const expected = text.includes('\x1e') ? text : text.toWellFormed()
      assert.equal(whole.choices[0]!.message.content, expected)
      assert.equal(parts.map(part => part.delta['content'] ?? '').join(''), expected)
    }),
    { numRuns: 60 },
  )
})

test('what no worker writes is never passed on', async () => {
  const cases: Piece[][] = [
    [{ choice: 1, text: 'not asked for' }],
    [{ toolCall: { index: 0, arguments: '{}' } }],
    [{ toolCall: { index: 1, id: 'b', name: 'b' } }],
    [
      { toolCall: { index: 0, id: 'a', name: 'a' } },
      { toolCall: { index: 1, id: 'b', name: 'b' } },
      { toolCall: { index: 0, arguments: '{}' } },
    ],
  ]
  for (const deltas of cases) {
    const whole = await askChat({ deltas }).post(hello)
    assert.equal(whole.status, 502)
    assert.equal(errorOf(whole)['code'], 'receipt_mismatch')
    const { text } = await askChat({ deltas }).post({ ...hello, stream: true })
    assert.equal((eventsOf(text).at(-1)!['error'] as { code: string }).code, 'receipt_mismatch')
  }
})

test('an error before the first token is an HTTP error, streamed or not', async () => {
  for (const stream of [false, true]) {
    const refused = await askChat({ refuses: new HeddleError('busy', 'all places are taken') }).post({
      ...hello,
      stream,
    })
    assert.equal(refused.status, 429)
    assert.deepEqual(refused.headers, { 'retry-after': '1', 'retry-after-ms': '1000', 'x-should-retry': 'true' })
    assert.equal(errorOf(refused)['type'], 'rate_limit_error')
    const early = await askChat({ deltas: [new HeddleError('engine_down')] }).post({ ...hello, stream })
    assert.equal(early.status, 503)
    assert.equal(errorOf(early)['code'], 'engine_down')
    assert.equal(early.text, '')
  }
})

test('who asks too often is told when to come back', async () => {
  const refuses = new HeddleError('rate_limited', undefined, { cause: { retryAfter: 17 } })
  const { headers } = await askChat({ refuses }).post(hello)
  assert.deepEqual(headers, { 'retry-after': '17', 'retry-after-ms': '17000', 'x-should-retry': 'true' })
  const { headers: never } = await askChat({ refuses: new HeddleError('model_withdrawn') }).post(hello)
  assert.equal(never['x-should-retry'], 'true')
  const { headers: final } = await askChat({ refuses: new HeddleError('cap_reached') }).post(hello)
  assert.deepEqual(final, { 'x-should-retry': 'false' })
})

test('an error after the first token ends the stream with an error event', async () => {
  const { text, status } = await askChat({ deltas: ['Hel', new HeddleError('engine_down')] }).post({
    ...hello,
    stream: true,
  })
  assert.equal(status, 200)
  assert.equal(partsOf(text).at(-1)!.delta['content'], 'Hel')
  assert.equal((eventsOf(text).at(-1)!['error'] as { code: string }).code, 'engine_down')
  assert.doesNotMatch(text, /DONE/)
})

test('an interrupted answer is never passed off as a whole one', async () => {
  const script = { settlement: { finish: 'interrupted' as const } }
  assert.equal((await askChat(script).post(hello)).status, 502)
  const { text } = await askChat(script).post({ ...hello, stream: true })
  assert.equal((eventsOf(text).at(-1)!['error'] as { code: string }).code, 'interrupted')
})

test('what went wrong inside stays inside', async () => {
  const answer = await askChat({ refuses: new Error('password=1234') }).post(hello)
  assert.equal(answer.status, 500)
  assert.doesNotMatch(JSON.stringify(answer.json), /1234/)
})

test('a client that goes away takes its signal to the house, and hears nothing more', async () => {
  const away = new AbortController()
  const { post, asked } = askChat({ deltas: ['a', 'b', 'c'] })
  const answered = post({ ...hello, stream: true }, away.signal)
  away.abort(new HeddleError('aborted'))
  const { text } = await answered
  assert.equal(asked[0]!.signal, away.signal)
  assert.doesNotMatch(text, /error|DONE/)
})

test('labels that go nowhere are named in the answer, and in its header', async () => {
  const labelled = { ...hello, user: 'me', safety_identifier: 'x' }
  const { json, headers } = await askChat().post(labelled)
  assert.equal(headers['heddle-unused'], 'user, safety_identifier')
  assert.deepEqual((json as { heddle: object }).heddle, { ...note, unused: ['user', 'safety_identifier'] })
  const { text, headers: streamed } = await askChat().post({ ...labelled, stream: true })
  assert.equal(streamed['heddle-unused'], 'user, safety_identifier')
  assert.deepEqual(eventsOf(text).at(-2)!['heddle'], { ...note, unused: ['user', 'safety_identifier'] })
})
