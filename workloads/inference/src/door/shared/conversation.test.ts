import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { MAX_PARTS } from '../../limits.ts'
import { arrange, type Picture, type Said } from './conversation.ts'

const picture: Picture = { type: 'image', media: 'image/png', data: 'aaaa' }
const called: Said[] = [
  { message: { role: 'user', content: 'look' }, names: {} },
  { message: { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'see', arguments: '{}' }] }, names: {} },
]
const shown = (many: number): Said => ({
  message: { role: 'tool', callId: 'a', content: 'seen' },
  names: { '': 'messages[2]' },
  pictures: Array.from({ length: many }, () => picture),
})
const said: Said = { message: { role: 'user', content: 'And?' }, names: { '': 'messages[3]' } }

test("what a tool's result shows comes with what the user says next, all of it", () => {
  const { messages } = arrange([...called, shown(3), said], 'messages')
  assert.deepEqual(messages.at(-1), {
    role: 'user',
    content: [picture, picture, picture, { type: 'text', text: 'And?' }],
  })
})

test('more pictures than a message holds are refused where they stand; none is dropped without a word', () => {
  const refused = (conversation: Said[]) =>
    assert.throws(
      () => arrange(conversation, 'messages'),
      error => isHeddleError(error, 'bad_request') && error.message.includes('messages[2]'),
    )
  refused([...called, shown(MAX_PARTS), said])
  refused([...called, shown(MAX_PARTS + 1)])
  const { messages } = arrange([...called, shown(MAX_PARTS)], 'messages')
  assert.equal(messages.at(-1)?.content?.length, MAX_PARTS)
})
