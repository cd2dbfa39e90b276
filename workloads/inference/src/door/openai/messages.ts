import { z } from 'zod'
import { boundedText, callId, toolName } from '../../fields.ts'
import { MAX_MESSAGES, MAX_TOOL_CALLS } from '../../limits.ts'
import type { Message } from '../../spec.ts'
import { imageUrl } from '../shared/images.ts'
import { optional, refuse } from '../shared/parse.ts'

const textPart = z.strictObject({ type: z.literal('text'), text: boundedText })
const imagePart = z.strictObject({
  type: z.literal('image_url'),
  // How closely to look is the engine's own decision, which is what `auto` says.
  image_url: z.strictObject({ url: imageUrl, detail: optional(z.literal('auto')) }),
})

const texts = z.union([boundedText, z.array(textPart).min(1).max(64)], {
  error: 'must be a string or a list of {type: "text", text}',
})
const userContent = z.union(
  [
    boundedText,
    z
      .array(z.discriminatedUnion('type', [textPart, imagePart]))
      .min(1)
      .max(64),
  ],
  { error: 'must be a string or a list of text and image_url parts' },
)

const toolCall = z.strictObject({
  id: callId,
  type: optional(z.literal('function')),
  function: z.strictObject({ name: toolName, arguments: boundedText }),
  // Streamed calls carry it, and clients send answers back as they were.
  index: optional(z.int().min(0)),
})

const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: optional(texts),
  reasoning_content: optional(boundedText),
  reasoning: optional(boundedText),
  tool_calls: optional(z.array(toolCall).min(1).max(MAX_TOOL_CALLS)),
  // Answers carry these, empty.
  refusal: z.null().optional(),
  audio: z.null().optional(),
  function_call: z.null().optional(),
  annotations: optional(z.array(z.never()).max(0)),
})

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: texts }),
  z.strictObject({ role: z.literal('developer'), content: texts }),
  z.strictObject({ role: z.literal('user'), content: userContent }),
  assistant,
  z.strictObject({ role: z.literal('tool'), tool_call_id: callId, content: texts }),
])
type ChatMessage = z.infer<typeof message>

export const messagesSchema = z.array(message).min(1).max(MAX_MESSAGES)

/** Chat messages in the words of the workload. Throws `bad_request` for one that contradicts itself. */
export const readMessages = (messages: readonly ChatMessage[]): Message[] =>
  messages.map((one, at) => {
    if (one.role === 'user') return { role: 'user', content: readContent(one.content) }
    if (one.role === 'assistant') return readAssistant(one, at)
    if (one.role === 'tool') return { role: 'tool', callId: one.tool_call_id, content: join(one.content) }
    return { role: 'system', content: join(one.content) }
  })

type TextPart = z.infer<typeof textPart>

const join = (content: string | readonly { text: string }[]): string =>
  typeof content === 'string' ? content : content.map(part => part.text).join('\n')

function readContent(content: string | readonly (TextPart | z.infer<typeof imagePart>)[]) {
  if (typeof content === 'string') return content
  if (content.every(part => part.type === 'text')) return join(content)
  return content.map(part => (part.type === 'text' ? part : part.image_url.url))
}

function readAssistant(one: z.infer<typeof assistant>, at: number): Message {
  const { reasoning_content: long, reasoning: short, tool_calls: calls } = one
  if (long != null && short != null && long !== short)
    throw refuse(`messages[${at}].reasoning`, 'contradicts reasoning_content')
  if (one.content == null && !calls) throw refuse(`messages[${at}].content`, 'is missing, and so are tool_calls')
  const reasoning = long ?? short
  return {
    role: 'assistant',
    content: join(one.content ?? ''),
    ...(reasoning && { reasoning }),
    ...(calls && {
      toolCalls: calls.map(({ id, function: { name, arguments: json } }) => ({ id, name, arguments: json })),
    }),
  }
}
