import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Message } from '../spec.ts'
import { turnsOf } from './turns.ts'

const system = (content: string): Message => ({ role: 'system', content })
const user = (content: string): Message => ({ role: 'user', content })
const assistant = (content: string): Message => ({ role: 'assistant', content })
const messagesOf = (messages: Message[]) => turnsOf(messages).map(({ message }) => message)

test('what a system says first is one message', () => {
  assert.deepEqual(messagesOf([system('a'), system('b'), user('c')]), [system('a\n\nb'), user('c')])
  assert.deepEqual(messagesOf([system('a')]), [system('a')])
})

test('what it says later is told in its place', () => {
  assert.deepEqual(messagesOf([system('a'), user('b'), system('c'), assistant('d'), system('e'), user('f')]), [
    system('a'),
    user('b\n\nSystem: c'),
    assistant('d'),
    user('System: e\n\nf'),
  ])
  const picture = { type: 'image' as const, media: 'image/png' as const, data: 'AAAA' }
  assert.deepEqual(messagesOf([{ role: 'user', content: [picture] }, user('b')]), [
    { role: 'user', content: [picture, { type: 'text', text: 'b' }] },
  ])
})

const message = fc.oneof(
  fc
    .constantFrom('system', 'user', 'assistant')
    .chain(role => fc.record({ role: fc.constant(role), content: fc.string() })),
  fc.record({ role: fc.constant('tool'), callId: fc.constant('a'), content: fc.string() }),
) as fc.Arbitrary<Message>

test('whatever was said: one system message at most, at the beginning, no two turns of a user, and every word in order', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), messages => {
      const turns = turnsOf(messages)
      const roles = turns.map(turn => turn.message.role)
      assert.ok(roles.lastIndexOf('system') <= 0)
      for (const [i, role] of roles.entries()) assert.ok(!(role === 'user' && roles[i - 1] === 'user'))
      const said = turns.map(turn => turn.message.content as string).join('\n')
      let from = 0
      for (const { content } of messages) {
        const at = said.indexOf(content as string, from)
        assert.ok(at >= 0, `${JSON.stringify(content)} in ${JSON.stringify(said)}`)
        from = at + (content as string).length
      }
      for (const { at, message } of turns) if (message.role === messages[at]!.role) assert.ok(at >= 0)
    }),
    { numRuns: 1_000 },
  )
})
