import { orderedText } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText, imageData, imageMedia } from '../../fields.ts'
import { MAX_MESSAGES, MAX_PARTS } from '../../limits.ts'
import type { Message } from '../../spec.ts'
import { calledId, calledName } from '../../tool-names.ts'
import { contentOf, type Part, type Picture, type Said, textOf } from '../shared/conversation.ts'
import { hint, nameIn, optional, pick, refuse, textOr } from '../shared/parse.ts'

/** What may be remembered of a common beginning is kept for a while, not for an hour. */
export const cacheControl = hint(z.strictObject({ type: z.literal('ephemeral'), ttl: hint(z.literal('5m')) }))

const textBlock = z.strictObject({ type: z.literal('text'), text: boundedText, cache_control: cacheControl })
const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.strictObject({
    type: z.literal('base64', 'must be base64: nothing is fetched, and no files are kept'),
    media_type: imageMedia,
    data: imageData,
  }),
  cache_control: cacheControl,
})
const thinkingBlock = z.strictObject({
  type: z.literal('thinking'),
  thinking: boundedText,
  // Answers carry it, and nobody signs a thought here.
  signature: optional(z.string()),
  cache_control: cacheControl,
})
/** What another house sealed: it says nothing that an engine would read. */
const passedBlock = z.looseObject({ type: z.string() }).transform(() => ({ type: 'passed' as const }))
type Passed = z.infer<typeof passedBlock>
/** What Anthropic's servers ran, and found: their answer says it in words. */
const PASSED = new Set([
  'redacted_thinking',
  'server_tool_use',
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'mcp_tool_use',
  'mcp_tool_result',
  'container_upload',
  'compaction',
])

/** A tool that was looked for and found: all of them are told to a model from the beginning, so its name is all that is new. */
const referenceBlock = z
  .strictObject({ type: z.literal('tool_reference'), tool_name: calledName, cache_control: cacheControl })
  .transform(({ tool_name: name }) => ({ type: 'text' as const, text: `Tool: ${name}`, cache_control: undefined }))

type ResultBlock = z.infer<typeof textBlock> | z.infer<typeof imageBlock> | z.infer<typeof referenceBlock>

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: calledId,
  name: calledName,
  input: z
    .custom<object>(value => typeof value === 'object' && value !== null && !Array.isArray(value), 'must be an object')
    .refine(isSound, 'holds half a character, or __proto__'),
  cache_control: cacheControl,
  // Answers carry it: a model's own call, not that of a program it wrote.
  caller: hint(z.strictObject({ type: z.literal('direct') })),
})

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: calledId,
  content: optional(blocks<ResultBlock>({ text: textBlock, image: imageBlock, tool_reference: referenceBlock })),
  is_error: optional(z.boolean()),
  cache_control: cacheControl,
})

/** A text, or blocks of these types; one of another type means something that would be lost. */
function blocks<T>(kinds: Readonly<Record<string, z.ZodType<T>>>) {
  const names = Object.keys(kinds)
  const wrong = z.strictObject({ type: z.enum(names, { error: `must be one of ${names.join(', ')}` }) })
  const block = pick<T | Passed>(value => {
    const type = nameIn((value as { type?: unknown } | null)?.type)
    if (Object.hasOwn(kinds, type)) return kinds[type]!
    return (PASSED.has(type) ? passedBlock : wrong) as unknown as z.ZodType<T | Passed>
  })
  return textOr(boundedText, z.array(block).max(MAX_PARTS), 'must be a string or a list of blocks')
}

const text = blocks({ text: textBlock })
type UserBlock = z.infer<typeof textBlock> | z.infer<typeof imageBlock> | z.infer<typeof toolResultBlock>
type AssistantBlock = z.infer<typeof textBlock> | z.infer<typeof thinkingBlock> | z.infer<typeof toolUseBlock>

const message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    content: blocks<UserBlock>({ text: textBlock, image: imageBlock, tool_result: toolResultBlock }),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: blocks<AssistantBlock>({ text: textBlock, thinking: thinkingBlock, tool_use: toolUseBlock }),
  }),
  z.strictObject({ role: z.literal('system'), content: text }),
])
type AnthropicMessage = z.infer<typeof message>

export const messagesSchema = z.array(message).min(1).max(MAX_MESSAGES)
export const systemSchema = text

function isSound(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => key !== '__proto__' && key.isWellFormed() && isSound(inner))
}

type Words = { said: Said[]; unused: string[] }
type Texts = z.infer<typeof text>

/** Messages in the words of the workload: each result of a tool becomes a message of its own. */
export function readMessages(messages: readonly AnthropicMessage[], system: Texts | null | undefined): Words {
  const last = messages.findLast(one => one.role !== 'system')
  if (last?.role === 'assistant')
    throw refuse(
      `messages[${messages.lastIndexOf(last)}]`,
      'must be from the user: an answer is not begun for the model',
    )
  const unused: string[] = []
  const passed = (content: string | readonly { type: string }[], at: string): void => {
    if (typeof content === 'string') return
    for (const [i, { type }] of content.entries()) if (type === 'passed') unused.push(`${at}[${i}]`)
  }
  const said = system == null ? [] : readSystem(system, 'system', 'system')
  if (system != null) passed(system, 'system')
  for (const [index, one] of messages.entries()) {
    const at = `messages[${index}]`
    passed(one.content, `${at}.content`)
    if (one.role === 'system') said.push(...readSystem(one.content, at, `${at}.content`))
    else if (one.role === 'user') said.push(...readUser(one.content, at))
    else said.push(readAssistant(one.content, at))
  }
  return { said, unused }
}

function readSystem(content: Texts, at: string, field: string): Said[] {
  const words = wordsOf(content)
  return words === '' ? [] : [{ message: { role: 'system', content: words }, names: { '': at, content: field } }]
}

const wordsOf = (content: Texts): string =>
  typeof content === 'string' ? content : textOf(content.flatMap(block => (block.type === 'text' ? [block] : [])))

type UserContent = Extract<AnthropicMessage, { role: 'user' }>['content']

function readUser(content: UserContent, at: string): Said[] {
  if (typeof content === 'string')
    return [{ message: { role: 'user', content }, names: { '': at, content: `${at}.content` } }]
  // Results follow their calls, whatever the user says beside them, and before them.
  const said: Said[] = []
  const parts: Part[] = []
  for (const [i, block] of content.entries()) {
    if (block.type === 'text') parts.push({ type: 'text', text: block.text })
    else if (block.type === 'image') parts.push(pictureOf(block))
    else if (block.type === 'tool_result') said.push(resultOf(block, `${at}.content[${i}]`))
  }
  if (parts.length > 0)
    said.push({ message: { role: 'user', content: contentOf(parts) }, names: { '': at, content: `${at}.content` } })
  // A message that says nothing is still a turn.
  return said.length > 0 ? said : [{ message: { role: 'user', content: '' }, names: { '': at } }]
}

const pictureOf = ({ source }: z.infer<typeof imageBlock>): Picture => ({
  type: 'image',
  media: source.media_type,
  data: source.data,
})

function resultOf(block: z.infer<typeof toolResultBlock>, at: string): Said {
  const { content, tool_use_id: callId, is_error: failed } = block
  const inner = typeof content === 'string' || content == null ? [] : content
  const words = typeof content === 'string' ? content : textOf(inner.flatMap(one => (one.type === 'text' ? [one] : [])))
  const pictures = inner.flatMap(one => (one.type === 'image' ? [pictureOf(one)] : []))
  // A failed call says so in words: chat templates have no other place for it.
  const message: Message = { role: 'tool', callId, content: failed ? `Error: ${words}` : words }
  return { message, names: { '': at, callId: `${at}.tool_use_id`, content: `${at}.content` }, pictures }
}

function readAssistant(content: Extract<AnthropicMessage, { role: 'assistant' }>['content'], at: string): Said {
  const names: Record<string, string> = { '': at, content: `${at}.content` }
  if (typeof content === 'string') return { message: { role: 'assistant', content }, names }
  const reasoning = content.flatMap(block => (block.type === 'thinking' ? [block.thinking] : [])).join('\n')
  const toolCalls: { id: string; name: string; arguments: string }[] = []
  for (const [i, block] of content.entries()) {
    if (block.type !== 'tool_use') continue
    const place = `${at}.content[${i}]`
    names[`toolCalls.${toolCalls.length}`] = place
    names[`toolCalls.${toolCalls.length}.arguments`] = `${place}.input`
    toolCalls.push({ id: block.id, name: block.name, arguments: orderedText(block.input) })
  }
  const message: Message = {
    role: 'assistant',
    content: textOf(content.flatMap(block => (block.type === 'text' ? [block] : []))),
    ...(reasoning && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
  }
  return { message, names }
}

/** Where a request marks something as worth remembering: the paths of its marks. */
export function cacheMarks(body: unknown): string[] {
  const marks: string[] = []
  const look = (value: unknown, at: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return
    for (const [key, inner] of Object.entries(value)) {
      const path = Array.isArray(value) ? `${at}[${key}]` : at ? `${at}.${key}` : key
      if (key === 'cache_control' && inner !== null) marks.push(path)
      else if (HOLDERS.has(key) || Array.isArray(value)) look(inner, path, depth + 1)
    }
  }
  look(body, '', 0)
  return marks
}

/** Where marks can stand, and nothing of the client's own data. */
const HOLDERS = new Set(['system', 'messages', 'content', 'tools'])
