import { MAX_MESSAGES, MAX_PARTS } from '../../limits.ts'
import type { Message } from '../../spec.ts'
import type { Names } from './names.ts'
import { refuse } from './parse.ts'

const MANY = `shows, with what is said beside it, more than ${MAX_PARTS} parts`

type User = Extract<Message, { role: 'user' }>
export type Part = Exclude<User['content'], string>[number]
export type Picture = Extract<Part, { type: 'image' }>

/** One message as an API's reader found it. */
export type Said = {
  message: Message
  /** How the client calls its parts, by the part's name in the spec; `''` is all of it. */
  names: Readonly<Record<string, string>>
  /** What a tool's result shows: a result is text everywhere behind the doors. */
  pictures?: readonly Picture[]
}

/**
 * A conversation in an order that every engine can read. The results of calls follow their calls: what a system or a
 * user said in between comes after them. What they show comes as the user's, with the next message or in one of its own. Throws
 * `bad_request` for one that is too long, and for more pictures than one message holds.
 *
 * @example
 * ```ts
 * // sketch
 * const { messages, names } = arrange(said, 'messages')
 * names.get('messages.2.callId') // 'messages[1].content[0].tool_use_id'
 * ```
 */
export function arrange(said: readonly Said[], field: string): { messages: Message[]; names: Names } {
  const messages: Message[] = []
  const names = new Map<string, string>()
  const waiting = new Set<string>()
  let held: Said[] = []
  let shown: { pictures: Picture[]; at: string } | undefined

  const push = ({ message, names: own }: Said): void => {
    for (const [part, name] of Object.entries(own)) names.set(`messages.${messages.length}${part && `.${part}`}`, name)
    messages.push(message)
  }
  const release = (): void => {
    for (const one of held) push(one.message.role === 'user' ? show(one)! : one)
    held = []
  }
  const show = (next?: Said): Said | undefined => {
    if (!shown) return next
    const { pictures, at } = shown
    shown = undefined
    if (next?.message.role !== 'user') {
      if (pictures.length > MAX_PARTS) throw refuse(at, MANY)
      push({ message: { role: 'user', content: pictures }, names: { '': at } })
      return next
    }
    const message = withPictures(next.message, pictures)
    if (message.content.length > MAX_PARTS) throw refuse(at, MANY)
    return { ...next, message }
  }

  for (const one of said) {
    const { message } = one
    if (message.role === 'tool') {
      push(one)
      waiting.delete(message.callId)
      if (one.pictures?.length)
        shown = { pictures: [...(shown?.pictures ?? []), ...one.pictures], at: shown?.at ?? one.names['']! }
    } else if (message.role !== 'assistant' && waiting.size > 0) held.push(one)
    else {
      release()
      push(show(one)!)
      waiting.clear()
      if (message.role === 'assistant') for (const { id } of message.toolCalls ?? []) waiting.add(id)
    }
  }
  release()
  show()
  if (messages.length > MAX_MESSAGES) throw refuse(field, `has more than ${MAX_MESSAGES} messages`)
  return { messages, names }
}

function withPictures(message: User, pictures: readonly Picture[]): User & { content: Part[] } {
  const said: Part[] =
    typeof message.content !== 'string'
      ? message.content
      : message.content === ''
        ? []
        : [{ type: 'text', text: message.content }]
  return { ...message, content: [...pictures, ...said] }
}

/** Several texts of one message as one. */
export const textOf = (content: string | readonly { text: string }[]): string =>
  typeof content === 'string' ? content : content.map(part => part.text).join('\n')

/** Parts as they stand in a user's message: where nothing is shown, they are one text. */
export function contentOf(parts: readonly Part[]): User['content'] {
  const texts = parts.filter(part => part.type === 'text')
  return texts.length === parts.length ? textOf(texts) : [...parts]
}
