import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Piece } from '../output.ts'
import { type AnswerOptions, startAnswer } from './answer.ts'
import { startCalls } from './calls.ts'
import { startText } from './text.ts'

const form = { mark: '||call:', lead: ' ', open: () => '(', close: () => ')', end: '' }

type Setup = Partial<Omit<AnswerOptions, 'text' | 'calls'>> & { tools?: boolean; lengths?: readonly number[] }

/** What comes of an answer whose tokens are this text, cut into pieces of these lengths; the last goes for the rest. */
function answerOf(text: string, { tools = false, lengths = [1], ...options }: Setup = {}) {
  const tokens: string[] = []
  for (let at = 0; at < text.length; at += tokens.at(-1)!.length)
    tokens.push(text.slice(at, at + (lengths[tokens.length] ?? lengths.at(-1)!)))
  const stream = startText({ decode: ids => ids.map(id => tokens[id]).join(''), before: [] })
  const reader = startCalls({ form, tools: [{ name: 'look' }], parallel: true, id: index => `call_${index}` })
  const calls = tools ? { calls: { mark: form.mark, reader } } : {}
  const answer = startAnswer({ text: stream, stop: [], ends: [], opens: 'text', ...calls, ...options })
  const steps = []
  for (const id of tokens.keys()) {
    steps.push(answer.push(id))
    if (steps.at(-1)!.finish) break
  }
  if (!steps.at(-1)?.finish) steps.push(answer.end())
  const pieces = steps.flatMap(step => step.pieces)
  const join = (field: 'text' | 'reasoning') => pieces.map(piece => piece[field] ?? '').join('')
  return { steps, pieces, answer, tokens, text: join('text'), reasoning: join('reasoning'), last: steps.at(-1)! }
}

const named = (pieces: readonly Piece[]) => pieces.flatMap(piece => piece.toolCall?.name ?? [])
const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 40 })

test('text, reasoning and calls are told apart however the tokens cut them', () => {
  const reasoning = { open: '<think>', close: '</think>' }
  fc.assert(
    fc.property(cuts, places => {
      const text = '<think>\nHm. ||call: no.</think>\n\nLet me look. ||call: look({"a":"<think>"})'
      const out = answerOf(text, { tools: true, reasoning, lengths: places })
      assert.equal(out.reasoning, '\nHm. ||call: no.')
      assert.equal(out.text, 'Let me look. ')
      assert.deepEqual(named(out.pieces), ['look'])
      assert.equal(out.pieces.map(piece => piece.toolCall?.arguments ?? '').join(''), '{"a":"<think>"}')
      assert.equal(out.last.finish, 'tool_calls')
      assert.ok(out.answer.reasoningTokens > 0)
    }),
  )
})

test('counts never go down, and are all tokens in the end', () => {
  const parts = fc.constantFrom('a', ' ', '||call:', ' look(', '{}', '||', '<think>', '</think>', 'END')
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), cuts, (words, places) => {
      const options = { tools: true, reasoning: { open: '<think>', close: '</think>' }, lengths: places }
      const { steps, tokens, answer } = answerOf(words.join(''), options)
      let before = 0
      for (const { completion } of steps) {
        assert.ok(completion >= before && completion <= tokens.length)
        before = completion
      }
      if (answer.mode !== 'call') assert.equal(before, tokens.length)
    }),
  )
})

test('nothing that begins a call leaves as text, and what only looks like one does', () => {
  for (const [text, expected] of [
    ['Let me see ||call: look({', 'Let me see '],
    ['Let me see ||ca', 'Let me see ||ca'],
  ] as const)
    assert.equal(answerOf(text, { tools: true }).text, expected)
  const form = 'The form is ||call: name'
  assert.equal(answerOf(form, { tools: true, lengths: [16, 20] }).text, form)
})

test('a stop string ends the text before it, and is told; an end of the template is not', () => {
  const stopped = answerOf('one END two', { stop: ['END'] })
  assert.equal(stopped.text, 'one ')
  assert.deepEqual(stopped.last, { pieces: [], completion: 4, finish: 'stop', stopped: 'END' })
  const ended = answerOf('one END two', { ends: ['END'] })
  assert.deepEqual([ended.text, ended.last.finish, ended.last.stopped], ['one ', 'stop', undefined])
})

test('stop strings stop text alone', () => {
  const reasoning = { open: '<think>', close: '</think>' }
  const {
    text,
    reasoning: thought,
    pieces,
  } = answerOf('<think>a"b</think>c||call: look({"x":1})', {
    tools: true,
    reasoning,
    stop: ['"'],
  })
  assert.deepEqual([thought, text, named(pieces)], ['a"b', 'c', ['look']])
})

test('an answer can begin within its reasoning, or within a call', () => {
  const thinking = answerOf('Hm.</think>Yes.', { reasoning: { close: '</think>' }, opens: 'reasoning' })
  assert.deepEqual([thinking.reasoning, thinking.text], ['Hm.', 'Yes.'])
  const calling = answerOf('look({})', { tools: true, opens: 'call' })
  assert.deepEqual(named(calling.pieces), ['look'])
  const called = answerOf('{"a":1})', { tools: true, opens: 'call', name: 'look' })
  assert.deepEqual(called.pieces.slice(0, 2), [
    { toolCall: { index: 0, id: 'call_0', name: 'look' } },
    { toolCall: { index: 0, arguments: '{' } },
  ])
})
