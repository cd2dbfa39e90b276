import type { Message } from '../spec.ts'

/** A message as an engine gets it, and the place in the job of what it begins with. */
export type Turn = { message: Message; at: number }

type User = Extract<Message, { role: 'user' }>
type Content = User['content']

/**
 * A conversation as every chat template can bear it: one system message, at its beginning, and no two of a user's in a
 * row. Many templates know nothing else, and an engine does not say what its own knows. What a system says later is told in
 * its place, in words, as the user's; nothing is left out, and the order stays.
 *
 * @example
 * ```ts
 * // sketch
 * turnsOf([user('Say hi'), system('Two agents are there.')]) // one message: 'Say hi\n\nSystem: Two agents are there.'
 * ```
 */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = []
  for (const [at, message] of messages.entries()) {
    const before = turns.at(-1)
    if (message.role === 'system' && turns.every(turn => turn.message.role === 'system')) {
      if (before?.message.role === 'system') before.message = joined(before.message, message.content)
      else turns.push({ message, at })
      continue
    }
    const turn: Message = message.role === 'system' ? { role: 'user', content: `System: ${message.content}` } : message
    if (turn.role === 'user' && before?.message.role === 'user')
      before.message = { role: 'user', content: together(before.message.content, turn.content) }
    else turns.push({ message: turn, at })
  }
  return turns
}

const joined = (system: Extract<Message, { role: 'system' }>, more: string): Message => ({
  role: 'system',
  content: `${system.content}\n\n${more}`,
})

function together(first: Content, second: Content): Content {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`
  return [...partsOf(first), ...partsOf(second)]
}

const partsOf = (content: Content): Exclude<Content, string> =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content
