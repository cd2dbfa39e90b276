import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inferenceSpecSchema } from '../workload.ts'
import type { EngineEvent } from './event.ts'
import { openAiReader } from './read-openai.ts'
import { startRepeats } from './repeats.ts'

const spec = inferenceSpecSchema.parse({
  ...{ task: 'chat', messages: [{ role: 'user', content: 'hi' }] },
  ...{ maxCompletion: 9, temperature: 0, topP: 1, stop: [] },
})
const reader = () => openAiReader(spec as Extract<typeof spec, { task: 'chat' }>)

/** What a message says, or that it is refused. */
function outcome(read: (message: string) => EngineEvent, message: string): unknown {
  try {
    return read(message)
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('a stream reads as its messages do one by one, whatever repeats in it', () => {
  const text = fc.oneof(
    fc.constantFrom('a', ',', ':', 'stop', 'content', '"', '\\', '"}', 'delta', '\u2028', '\u00e9'),
    fc.string(),
  )
  const message = fc
    .record({
      content: text,
      more: fc.constantFrom({}, { name: 'a' }, { reasoning: 'r' }),
      reason: fc.constantFrom(null, 'stop'),
    })
    .map(({ content, more, reason }) =>
      JSON.stringify({
        id: 'a',
        choices: [{ index: 0, delta: { content, ...more }, finish_reason: reason }],
        model: 'stop',
      }),
    )
  // Changed in one place: a bracket, a quote, another value where the text was.
  const broken = fc
    .tuple(message, fc.nat(), fc.constantFrom('"', '{', '}', ',', '1', 'null', '\\', '"x":', ''), fc.nat({ max: 9 }))
    .map(([one, at, other, length]) => one.slice(0, at % one.length) + other + one.slice((at % one.length) + length))
  fc.assert(
    fc.property(fc.array(fc.oneof({ weight: 3, arbitrary: message }, broken), { maxLength: 12 }), messages => {
      const read = reader()
      for (const one of messages) assert.deepEqual(outcome(read, one), outcome(reader(), one), one)
    }),
    { numRuns: 1_000 },
  )
})

test('only a message that is alike but for one string is read by comparison', () => {
  const textOf = (message: string) => (JSON.parse(message) as { text?: string }).text
  const repeats = startRepeats(textOf)
  assert.equal(repeats.textIn('{"text":"a"}'), undefined)
  repeats.learn('{"text":"a"}', 'a')
  assert.equal(repeats.textIn('{"text":"b\\n\\u00e9"}'), 'b\n\u00e9')
  for (const other of [
    '{"text":1}',
    '{"text":null}',
    '{"text":"b","error":"x"}',
    '{"text":"b"',
    '{"text":"b"}}',
    '{"text":}',
  ])
    assert.equal(repeats.textIn(other), undefined, other)
  // Two strings' ends look like this one.
  repeats.learn('{"a":"b","text":","}', ',')
  assert.equal(repeats.textIn('{"a":"b","text":"c"}'), undefined)
  // The first `"text"` is the key; what stands there is not the text.
  repeats.learn('{"text":"text"}', 'text')
  assert.equal(repeats.textIn('{"text":"text"}'), undefined)
})
