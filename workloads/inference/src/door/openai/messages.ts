import { orderedText } from '@heddle/protocol'
import { z } from 'zod'
import { wholeArguments } from '../../arguments.ts'
import { boundedText } from '../../fields.ts'
import { MAX_MESSAGES, MAX_PARTS, MAX_TOOL_CALLS } from '../../limits.ts'
import type { Message } from '../../spec.ts'
import { calledId, calledName } from '../../tool-names.ts'
import { contentOf, type Part, type Picture, type Said, textOf } from '../shared/conversation.ts'
import { imageUrl } from '../shared/images.ts'
import { hint, optional, pick, refuse, refused, textOr } from '../shared/parse.ts'

const textPart = z.strictObject({ type: z.literal('text'), text: boundedText })
const objectText = z
  .custom<object>()
  .transform(value => orderedText(value))
  .pipe(boundedText)
/** What a model did not want to say, it said. */
const refusalPart = z
  .strictObject({ type: z.literal('refusal'), refusal: boundedText })
  .transform(({ refusal }) => ({ type: 'text' as const, text: refusal }))
const shownUrl = z.strictObject({ url: imageUrl, detail: hint(z.literal('auto')) }).transform(({ url }) => url)
/** Some clients write the address alone. */
const imagePart = z
  .strictObject({
    type: z.literal('image_url'),
    // How closely to look is the engine's own decision, which is what `auto` says.
    image_url: pick<Picture>(value => (typeof value === 'string' ? imageUrl : shownUrl)),
  })
  .transform(({ image_url }) => image_url)

const texts = textOr(
  boundedText,
  z.array(textPart).max(MAX_PARTS),
  'must be a string or a list of {type: "text", text}',
)
const saidTexts = textOr(
  boundedText,
  z.array(z.union([textPart, refusalPart])).max(MAX_PARTS),
  'must be a string or a list of {type: "text", text}',
)
const shownParts = textOr(
  boundedText,
  z.array(z.discriminatedUnion('type', [textPart, imagePart])).max(MAX_PARTS),
  'must be a string or a list of text and image_url parts',
)

/** Arguments are a text; who speaks to Ollama too sends the object itself. */
const callArguments = pick<string>(value =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? objectText : boundedText,
)
const functionCall = z.strictObject({
  id: calledId,
  type: optional(z.literal('function')),
  function: z.strictObject({ name: calledName, arguments: optional(callArguments) }),
  // Streamed calls carry it, and clients send answers back as they were.
  index: optional(z.int().min(0)),
})
const customCall = z.strictObject({
  id: calledId,
  type: z.literal('custom'),
  custom: z.strictObject({ name: calledName, input: boundedText }),
  index: optional(z.int().min(0)),
})
const toolCall = pick<z.infer<typeof functionCall> | z.infer<typeof customCall>>(value =>
  (value as { type?: unknown } | null)?.type === 'custom' ? customCall : functionCall,
)

const assistant = z.strictObject({
  role: z.literal('assistant'),
  content: optional(saidTexts),
  refusal: optional(boundedText),
  reasoning_content: optional(boundedText),
  reasoning: optional(boundedText),
  tool_calls: optional(z.array(toolCall).max(MAX_TOOL_CALLS)),
  // Answers carry these, empty.
  annotations: hint(z.array(z.never())),
  audio: refused('is not supported: nothing is said aloud here'),
  function_call: refused('is not supported: send the call in tool_calls'),
  prefix: refused('is not supported: an answer is not begun for the model'),
})

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: texts }),
  z.strictObject({ role: z.literal('developer'), content: texts }),
  z.strictObject({ role: z.literal('user'), content: shownParts }),
  assistant,
  z.strictObject({ role: z.literal('tool'), tool_call_id: calledId, content: optional(shownParts) }),
])
type ChatMessage = z.infer<typeof message>

export const messagesSchema = z.array(message).min(1).max(MAX_MESSAGES)

/** Chat messages in the words of the workload. Throws `bad_request` for one that contradicts itself. */
export const readMessages = (messages: readonly ChatMessage[]): Said[] =>
  messages.map((one, index) => {
    const at = `messages[${index}]`
    if (one.role === 'assistant') return readAssistant(one, at)
    if (one.role === 'tool') return readResult(one, at)
    const content = one.role === 'user' ? readContent(one.content) : textOf(one.content)
    const names = { '': at, content: `${at}.content` }
    if (one.role === 'user') return { message: { role: 'user', content }, names }
    return { message: { role: 'system', content: content as string }, names }
  })

const readContent = (content: string | readonly Part[]) => (typeof content === 'string' ? content : contentOf(content))

function readResult({ tool_call_id: id, content }: Extract<ChatMessage, { role: 'tool' }>, at: string): Said {
  const parts = typeof content === 'string' || content == null ? [] : content
  const pictures = parts.filter((part): part is Picture => part.type === 'image')
  const said = parts.flatMap(part => (part.type === 'text' ? [part] : []))
  const message: Message = { role: 'tool', callId: id, content: typeof content === 'string' ? content : textOf(said) }
  return { message, names: { '': at, callId: `${at}.tool_call_id`, content: `${at}.content` }, pictures }
}

function readAssistant(one: z.infer<typeof assistant>, at: string): Said {
  const { reasoning_content: long, reasoning: short, refusal } = one
  const calls = one.tool_calls ?? []
  if (long != null && short != null && long !== short) throw refuse(`${at}.reasoning`, 'contradicts reasoning_content')
  const reasoning = long ?? short
  if (one.content == null && calls.length === 0 && refusal == null && reasoning == null)
    throw refuse(`${at}.content`, 'is missing, and so are tool_calls')
  const names: Record<string, string> = { '': at, content: `${at}.content` }
  const toolCalls = calls.map((call, index) => {
    const place = `${at}.tool_calls[${index}]`
    const isCustom = 'custom' in call
    names[`toolCalls.${index}`] = place
    names[`toolCalls.${index}.name`] = `${place}.${isCustom ? 'custom' : 'function'}.name`
    names[`toolCalls.${index}.arguments`] = `${place}.${isCustom ? 'custom.input' : 'function.arguments'}`
    if (isCustom)
      return { id: call.id, name: call.custom.name, arguments: JSON.stringify({ input: call.custom.input }) }
    return { id: call.id, name: call.function.name, arguments: wholeArguments(call.function.arguments ?? '') }
  })
  const message: Message = {
    role: 'assistant',
    content: textOf(one.content ?? refusal ?? ''),
    ...(reasoning && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
  return { message, names }
}
