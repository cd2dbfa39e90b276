import { z } from 'zod'
import { boundedText, callId, toolName } from '../../../fields.ts'
import { MAX_MESSAGES } from '../../../limits.ts'
import type { Message } from '../../../spec.ts'
import { imageUrl } from '../../shared/images.ts'
import { optional } from '../../shared/parse.ts'

// What answers carry, and clients send back as they were: it says nothing that an engine would read.
const echoed = {
  id: optional(z.string().max(128)),
  status: optional(z.enum(['in_progress', 'completed', 'incomplete'])),
}
const nothing = optional(z.array(z.unknown()).max(0))

const inputText = z.strictObject({ type: z.literal('input_text'), text: boundedText })
const outputText = z.strictObject({
  type: z.literal('output_text'),
  text: boundedText,
  annotations: nothing,
  logprobs: optional(z.array(z.unknown())),
})
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: imageUrl,
  detail: optional(z.literal('auto')),
  file_id: z.null().optional(),
})

const parts = <T extends z.ZodType>(part: T) =>
  z.union([boundedText, z.array(part).min(1).max(64)], { error: 'must be a string or a list of parts' })
const messageFields = { type: optional(z.literal('message')), ...echoed, phase: z.null().optional() }

const message = z.discriminatedUnion('role', [
  z.strictObject({ ...messageFields, role: z.literal('system'), content: parts(inputText) }),
  z.strictObject({ ...messageFields, role: z.literal('developer'), content: parts(inputText) }),
  z.strictObject({
    ...messageFields,
    role: z.literal('user'),
    content: parts(z.discriminatedUnion('type', [inputText, inputImage])),
  }),
  z.strictObject({ ...messageFields, role: z.literal('assistant'), content: parts(outputText) }),
])

const functionCall = z.strictObject({
  type: z.literal('function_call'),
  ...echoed,
  call_id: callId,
  name: toolName,
  arguments: boundedText,
})
const functionOutput = z.strictObject({
  type: z.literal('function_call_output'),
  ...echoed,
  call_id: callId,
  output: parts(inputText),
})
const reasoning = z.strictObject({
  type: z.literal('reasoning'),
  ...echoed,
  summary: nothing,
  content: optional(z.array(z.strictObject({ type: z.literal('reasoning_text'), text: boundedText })).max(64)),
  encrypted_content: z.null().optional(),
})

const typed = z.discriminatedUnion('type', [functionCall, functionOutput, reasoning])
type Item = z.infer<typeof message> | z.infer<typeof typed>

/** An item with a role is a message, whether it says so or not. */
const isMessage = (value: unknown): boolean => typeof value === 'object' && value !== null && 'role' in value

const item = z.unknown().transform((value, context): Item => {
  const result = isMessage(value) ? message.safeParse(value) : typed.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
  return z.NEVER
})

export const inputSchema = z.union([boundedText, z.array(item).min(1).max(MAX_MESSAGES)], {
  error: 'must be a string or a list of items',
})

type TextPart = { text: string }
const textOf = (content: string | readonly TextPart[]): string =>
  typeof content === 'string' ? content : content.map(part => part.text).join('\n')

type Assistant = Extract<Message, { role: 'assistant' }>

/** Input items in the words of the workload: what an assistant thought, said and called, in a row, is one message. */
export function readInput(input: z.infer<typeof inputSchema>, instructions?: string | null): Message[] {
  const start: Message[] = instructions ? [{ role: 'system', content: instructions }] : []
  if (typeof input === 'string') return [...start, { role: 'user', content: input }]
  const messages = start
  const assistant = (fits: (last: Assistant) => boolean): Assistant => {
    const last = messages.at(-1)
    if (last?.role === 'assistant' && fits(last)) return last
    const fresh: Assistant = { role: 'assistant', content: '' }
    messages.push(fresh)
    return fresh
  }
  for (const one of input) {
    if ('role' in one) {
      if (one.role === 'assistant')
        assistant(last => last.content === '' && !last.toolCalls).content = textOf(one.content)
      else if (one.role === 'user') messages.push({ role: 'user', content: readContent(one.content) })
      else messages.push({ role: 'system', content: textOf(one.content) })
    } else if (one.type === 'reasoning') {
      const thought = textOf(one.content ?? '')
      if (thought !== '') assistant(() => false).reasoning = thought
    } else if (one.type === 'function_call') {
      const { call_id: id, name, arguments: json } = one
      const last = assistant(() => true)
      last.toolCalls = [...(last.toolCalls ?? []), { id, name, arguments: json }]
    } else {
      messages.push({ role: 'tool', callId: one.call_id, content: textOf(one.output) })
    }
  }
  return messages
}

function readContent(content: string | readonly (z.infer<typeof inputText> | z.infer<typeof inputImage>)[]) {
  if (typeof content === 'string') return content
  const texts = content.filter(part => part.type === 'input_text')
  if (texts.length === content.length) return textOf(texts)
  return content.map(part => (part.type === 'input_text' ? { type: 'text' as const, text: part.text } : part.image_url))
}
