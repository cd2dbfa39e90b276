import { z } from 'zod'
import { boundedText } from '../../../fields.ts'
import { MAX_MESSAGES, MAX_PARTS } from '../../../limits.ts'
import { calledId, calledName } from '../../../tool-names.ts'
import { contentOf, type Part, textOf } from '../../shared/conversation.ts'
import { imageUrl } from '../../shared/images.ts'
import { hint, nameIn, optional, pick, refused, textOr } from '../../shared/parse.ts'

// What answers carry, and clients send back as they were: it says nothing that an engine would read.
const echoed = { id: optional(z.string().max(256)), status: optional(z.string().max(64)) }

const text = (text: string): Part => ({ type: 'text', text })
const inputText = z
  .strictObject({ type: z.literal('input_text'), text: boundedText })
  .transform(part => text(part.text))
const outputText = z
  .strictObject({
    type: z.literal('output_text'),
    text: boundedText,
    annotations: hint(z.array(z.never())),
    logprobs: optional(z.array(z.unknown())),
  })
  .transform(part => text(part.text))
const plainText = z.strictObject({ type: z.literal('text'), text: boundedText }).transform(part => text(part.text))
/** What a model did not want to say, it said. */
const refusal = z
  .strictObject({ type: z.literal('refusal'), refusal: boundedText })
  .transform(part => text(part.refusal))
const inputImage = z
  .strictObject({
    type: z.literal('input_image'),
    image_url: imageUrl,
    detail: hint(z.literal('auto')),
    file_id: refused('is not supported: no files are kept'),
  })
  .transform((part): Part => part.image_url)

/** A text, or parts of these types; one of another type means something that would be lost. */
function content(kinds: Readonly<Record<string, z.ZodType<Part>>>) {
  const names = Object.keys(kinds)
  const wrong = z.strictObject({ type: z.enum(names, { error: `must be one of ${names.join(', ')}` }) })
  const part = pick<Part>(value => {
    const type = nameIn((value as { type?: unknown } | null | undefined)?.type)
    return Object.hasOwn(kinds, type) ? kinds[type]! : (wrong as unknown as z.ZodType<Part>)
  })
  return textOr(boundedText, z.array(part).max(MAX_PARTS), 'must be a string or a list of parts').transform(said =>
    typeof said === 'string' ? [text(said)] : said,
  )
}
const TEXTS = { input_text: inputText, output_text: outputText, text: plainText, refusal }
const texts = content(TEXTS).transform(said => textOf(said.flatMap(part => (part.type === 'text' ? [part] : []))))
const shown = content({ ...TEXTS, input_image: inputImage })

const messageFields = { type: optional(z.literal('message')), ...echoed }
const message = z.discriminatedUnion('role', [
  z.strictObject({ ...messageFields, role: z.literal('system'), content: texts }),
  z.strictObject({ ...messageFields, role: z.literal('developer'), content: texts }),
  z.strictObject({ ...messageFields, role: z.literal('user'), content: shown.transform(contentOf) }),
  z.strictObject({ ...messageFields, role: z.literal('assistant'), content: texts }),
])

const callFields = { ...echoed, call_id: calledId }
const functionCall = z.strictObject({
  type: z.literal('function_call'),
  ...callFields,
  name: calledName,
  namespace: optional(calledName),
  arguments: optional(boundedText),
})
/** A call of a tool without a schema: what it was told is a text. */
const customCall = z.strictObject({
  type: z.literal('custom_tool_call'),
  ...callFields,
  name: calledName,
  namespace: optional(calledName),
  input: boundedText,
})
const shellCall = z.strictObject({ type: z.literal('local_shell_call'), ...callFields, action: z.looseObject({}) })
const outputFields = { ...callFields, output: optional(shown) }
const callOutput = z.strictObject({
  type: z.enum(['function_call_output', 'custom_tool_call_output']),
  ...outputFields,
})
const shellOutput = z.strictObject({
  type: z.literal('local_shell_call_output'),
  ...echoed,
  call_id: optional(calledId),
  output: boundedText,
})
const reasoning = z.strictObject({
  type: z.literal('reasoning'),
  ...echoed,
  summary: optional(z.array(z.looseObject({ text: optional(boundedText) })).max(MAX_PARTS)),
  content: optional(
    z.array(z.strictObject({ type: z.enum(['reasoning_text', 'text']), text: boundedText })).max(MAX_PARTS),
  ),
  encrypted_content: optional(z.string()),
})

/** What another house's server did in a conversation: its answers tell what it found. */
const SERVER_RAN = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'mcp_list_tools',
  'mcp_call',
  'mcp_approval_request',
  'mcp_approval_response',
  'tool_search_call',
  'tool_search_output',
])
const serverRan = z.looseObject({ type: z.string() }).transform(({ type }) => ({ type: 'passed' as const, kind: type }))

const kinds = {
  function_call: functionCall,
  custom_tool_call: customCall,
  local_shell_call: shellCall,
  function_call_output: callOutput,
  custom_tool_call_output: callOutput,
  local_shell_call_output: shellOutput,
  reasoning,
}
type Kind = keyof typeof kinds
const unknownItem = z.strictObject({
  type: z.enum(['message', ...Object.keys(kinds)], {
    error: `must be message, ${Object.keys(kinds).join(', ')}: nothing is kept here that an item could refer to`,
  }),
})

export type Item = z.infer<typeof message> | z.infer<(typeof kinds)[Kind]> | z.infer<typeof serverRan>

const item = pick<Item>((value): z.ZodType<Item> => {
  const { role, type } = (typeof value === 'object' && value !== null ? value : {}) as {
    role?: unknown
    type?: unknown
  }
  // An item with a role is a message, whether it says so or not.
  if (role !== undefined) return message
  if (SERVER_RAN.has(nameIn(type))) return serverRan
  return (Object.hasOwn(kinds, nameIn(type)) ? kinds[type as Kind] : unknownItem) as z.ZodType<Item>
})

export const inputSchema = textOr(
  boundedText,
  z
    .array(item)
    .min(1)
    .max(2 * MAX_MESSAGES),
  'must be a string or a list of items',
)
export type Input = z.infer<typeof inputSchema>
