import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../spec.ts'
import { historyOf, instruct } from './conversation.ts'
import { Refused } from './refused.ts'

const user = (content: string): Message => ({ role: 'user', content })
const calls = (...ids: string[]): Message => ({
  role: 'assistant',
  content: 'Let me see.',
  toolCalls: ids.map(id => ({ id, name: 'look', arguments: `{"at":"${id}"}` })),
})
const result = (callId: string, content = callId): Message => ({ role: 'tool', callId, content })
const read = (...messages: Message[]) => historyOf(messages, { thoughts: false })

test('a conversation ends with the answer to be written', () => {
  assert.deepEqual(read({ role: 'system', content: 'Be kind.' }, user('Hi')), [
    { type: 'system', text: 'Be kind.' },
    { type: 'user', text: 'Hi' },
    { type: 'model', response: [] },
  ])
})

test('results belong to their calls, whatever their order, and the answer goes on after them', () => {
  const call = (at: string, first: boolean) => ({
    type: 'functionCall',
    name: 'look',
    params: { at },
    result: at,
    ...(first && { startsNewChunk: true }),
  })
  const answered = [user('Where?'), calls('a', 'b'), result('b'), result('a')]
  const model = { type: 'model', response: ['Let me see.', call('a', true), call('b', false)] }
  assert.deepEqual(read(...answered), [{ type: 'user', text: 'Where?' }, model])
  const said: Message = { role: 'assistant', content: 'There.' }
  assert.deepEqual(read(...answered, said, user('Thanks')).slice(1, 3), [
    { type: 'model', response: [...model.response, 'There.'] },
    { type: 'user', text: 'Thanks' },
  ])
})

test('parts are one text, and a result that is JSON is what it says', () => {
  const parts: Message = {
    role: 'user',
    content: [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
  }
  assert.deepEqual(read(parts)[0], { type: 'user', text: 'ab' })
  const [, model] = read(user('?'), calls('a'), result('a', '{"is":[1]}'))
  assert.deepEqual((model as { response: { result?: unknown }[] }).response[1]?.result, { is: [1] })
})

test('reasoning of earlier answers is kept where the template has a place for it', () => {
  const thought: Message = { role: 'assistant', content: 'Yes.', reasoning: 'Hm.' }
  const segment = { type: 'segment', segmentType: 'thought', text: 'Hm.', ended: true }
  assert.deepEqual(historyOf([thought, user('?')], { thoughts: true })[0], {
    type: 'model',
    response: [segment, 'Yes.'],
  })
  assert.deepEqual(read(thought, user('?'))[0], { type: 'model', response: ['Yes.'] })
})

test('calls without results, results without calls and broken arguments are refused, naming the field', () => {
  const broken: Message = { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{' }] }
  const wrong: [Message[], string][] = [
    [[user('?'), calls('a')], 'messages'],
    [[user('?'), calls('a'), user('!')], 'messages.2'],
    [[user('?'), result('a')], 'messages.1.callId'],
    [[user('?'), calls('a'), result('a'), result('a')], 'messages.3.callId'],
    [[user('?'), calls('a', 'a')], 'messages.1.toolCalls.1.id'],
    [[user('?'), broken], 'messages.1.toolCalls.0.arguments'],
  ]
  for (const [messages, param] of wrong) {
    assert.throws(
      () => read(...messages),
      error => error instanceof Refused && error.code === 'bad_request' && error.param === param,
      param,
    )
  }
})

test('words for the model end the system message, or are one', () => {
  assert.deepEqual(instruct([user('Hi')], 'Be brief.'), [{ role: 'system', content: 'Be brief.' }, user('Hi')])
  assert.deepEqual(instruct([{ role: 'system', content: 'Be kind.' }, user('Hi')], 'Be brief.')[0], {
    role: 'system',
    content: 'Be kind.\n\nBe brief.',
  })
  assert.deepEqual(instruct([user('Hi')], ''), [user('Hi')])
})
