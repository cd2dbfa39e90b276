import { z } from 'zod'
import { boundedText, callId, imageData, imageMedia, toolName } from '../../fields.ts'
import { MAX_MESSAGES } from '../../limits.ts'
import type { Message } from '../../spec.ts'
import { optional, refuse } from '../shared/parse.ts'

/** What may be remembered of a common beginning is kept for a while, not for an hour. */
export const cacheControl = optional(z.strictObject({ type: z.literal('ephemeral'), ttl: optional(z.literal('5m')) }))
const nothing = z.null().optional()

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text: boundedText,
  cache_control: cacheControl,
  citations: nothing,
})
const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.strictObject({
    type: z.literal('base64', 'must be base64: nothing is fetched, and no files are kept'),
    media_type: imageMedia,
    data: imageData,
  }),
  cache_control: cacheControl,
})
const thinkingBlock = z.strictObject({ type: z.literal('thinking'), thinking: boundedText, signature: z.string() })
const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: callId,
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
  // Answers carry it: a model's own call, not that of a program it wrote.
  caller: optional(z.strictObject({ type: z.literal('direct') })),
  toolset_name: nothing,
})
const blocks = <T extends z.ZodType>(block: T) =>
  z.union([boundedText, z.array(block).min(1).max(64)], { error: 'must be a string or a list of blocks' })

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: callId,
  content: optional(blocks(textBlock)),
  is_error: optional(z.boolean()),
  cache_control: cacheControl,
  toolset_name: nothing,
})

const message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    content: blocks(z.discriminatedUnion('type', [textBlock, imageBlock, toolResultBlock])),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: blocks(z.discriminatedUnion('type', [textBlock, thinkingBlock, toolUseBlock])),
  }),
])
type AnthropicMessage = z.infer<typeof message>

export const messagesSchema = z.array(message).min(1).max(MAX_MESSAGES)
export const systemSchema = blocks(textBlock)

type Content = string | readonly { text: string }[]
export const textOf = (content: Content): string =>
  typeof content === 'string' ? content : content.map(block => block.text).join('\n')

/** Messages in the words of the workload: each result of a tool becomes a message of its own. */
export function readMessages(messages: readonly AnthropicMessage[], system: Content | null | undefined): Message[] {
  if (messages.at(-1)?.role === 'assistant')
    throw refuse(`messages[${messages.length - 1}]`, 'must be from the user: an answer is not begun for the model')
  const start: Message[] = system ? [{ role: 'system', content: textOf(system) }] : []
  return start.concat(
    messages.flatMap(one => (one.role === 'user' ? readUser(one.content) : readAssistant(one.content))),
  )
}

type UserContent = Extract<AnthropicMessage, { role: 'user' }>['content']
type Said = Extract<Message, { role: 'user' }>

function readUser(content: UserContent): Message[] {
  if (typeof content === 'string') return [{ role: 'user', content }]
  const messages: Message[] = []
  let parts: Exclude<Said['content'], string> = []
  const say = (): void => {
    const texts = parts.filter(part => part.type === 'text')
    if (parts.length > 0)
      messages.push({ role: 'user', content: texts.length === parts.length ? textOf(texts) : parts })
    parts = []
  }
  for (const block of content) {
    if (block.type === 'text') parts.push({ type: 'text', text: block.text })
    else if (block.type === 'image')
      parts.push({ type: 'image', media: block.source.media_type, data: block.source.data })
    else {
      say()
      const text = textOf(block.content ?? '')
      // A failed call says so in words: chat templates have no other place for it.
      messages.push({ role: 'tool', callId: block.tool_use_id, content: block.is_error ? `Error: ${text}` : text })
    }
  }
  say()
  return messages
}

function readAssistant(content: Extract<AnthropicMessage, { role: 'assistant' }>['content']): Message[] {
  if (typeof content === 'string') return [{ role: 'assistant', content }]
  const reasoning = content.flatMap(block => (block.type === 'thinking' ? [block.thinking] : [])).join('\n')
  const calls = content.flatMap(block =>
    block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input) }] : [],
  )
  return [
    {
      role: 'assistant',
      content: textOf(content.filter(block => block.type === 'text')),
      ...(reasoning && { reasoning }),
      ...(calls.length > 0 && { toolCalls: calls }),
    },
  ]
}

/** Whether a request marks anything as worth remembering. */
export function marksCache(
  messages: readonly AnthropicMessage[],
  system: z.infer<typeof systemSchema> | null | undefined,
) {
  const marked = (content: unknown): boolean =>
    Array.isArray(content) && content.some(block => (block as { cache_control?: unknown }).cache_control != null)
  return marked(system) || messages.some(one => marked(one.content))
}
