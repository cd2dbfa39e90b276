import { orderedEntries, orderedObject, orderedText, parseOrdered } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText, jsonSchema, toolName } from '../../fields.ts'
import { MAX_TOOLS } from '../../limits.ts'
import type { ChatSpec, Tool } from '../../spec.ts'
import { hint, nameIn, optional, pick, refuse } from '../shared/parse.ts'

/** What a function of any of OpenAI's APIs says about itself. */
export const functionFields = {
  name: toolName,
  description: optional(boundedText),
  parameters: optional(jsonSchema),
  strict: optional(z.boolean()),
}

/** A tool of a kind that is not run here, or not by a function's name and arguments. */
const foreignTool = z.looseObject({ type: z.string().max(128) })
export type ForeignTool = z.infer<typeof foreignTool>

/** Tools, each by its type: those that are none of `kinds` are foreign. */
export const toolList = <T>(kinds: Readonly<Record<string, z.ZodType<T>>>, usual: string) =>
  optional(
    z
      .array(
        pick<T | ForeignTool>(value => {
          const { type = usual } = (value ?? {}) as { type?: unknown }
          const kind = nameIn(type ?? usual)
          return (Object.hasOwn(kinds, kind) ? kinds[kind] : foreignTool) as z.ZodType<T | ForeignTool>
        }),
      )
      .max(MAX_TOOLS),
  )

const nestedFunction = z.strictObject({
  type: optional(z.literal('function')),
  function: z.strictObject(functionFields),
})
const flatFunction = z.strictObject({ type: optional(z.literal('function')), ...functionFields })
type ChatFunction = z.infer<typeof nestedFunction> | z.infer<typeof flatFunction>
/** Some clients send the form of responses, which says the same. */
const chatFunction = pick<ChatFunction>(value => (isFlat(value) ? flatFunction : nestedFunction))

const nestedName = z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: toolName }) })
const flatName = z.strictObject({ type: z.literal('function'), name: toolName })
const named = pick(
  value =>
    (isFlat(value) ? flatName : nestedName) as z.ZodType<
      { type: 'function'; function: { name: string } } | { type: 'function'; name: string }
    >,
)
const isFlat = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'name' in value && !('function' in value)
const allowed = z.strictObject({
  type: z.literal('allowed_tools'),
  allowed_tools: z.strictObject({ mode: z.enum(['auto', 'required']), tools: z.array(z.unknown()).max(MAX_TOOLS) }),
})

export const toolFields = {
  tools: toolList<ChatFunction>({ function: chatFunction }, 'function'),
  tool_choice: optional(
    z.union([z.enum(['none', 'auto', 'required']), named, allowed], {
      error: 'must be none, auto, required, a function by its name, or allowed_tools',
    }),
  ),
  parallel_tool_calls: optional(z.boolean()),
}
type ToolFields = z.infer<z.ZodObject<typeof toolFields>>

type FunctionTool = z.infer<z.ZodObject<typeof functionFields>>

export const readTool = ({ name, description, parameters, strict }: FunctionTool): Tool => ({
  name,
  ...(description != null && { description }),
  ...(parameters && { parameters }),
  ...(strict && { strict }),
})

/** A choice of tools: a word, or the name of the one to call; `among`: only these are there at all. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string }

/** A tool as the client has it: where it stands, and what it is, if a model can call it. */
export type Offered = { at: string; tool?: Tool }

export type ReadTools = Pick<ChatSpec, 'tools' | 'toolChoice' | 'parallelTools'> & {
  /** Where those tools stand that are passed over. */
  foreign: string[]
  names: (readonly [string, string])[]
}

/**
 * Tools in the words of the workload: those that a model can call. The others are passed over; which of them must be
 * called was not for them. Throws `bad_request` for a choice among tools that are not there.
 */
export function readTools(
  offered: readonly Offered[],
  choice: ToolChoice | undefined,
  parallel: boolean | null | undefined,
  among?: ReadonlySet<string>,
): ReadTools {
  const foreign = offered.flatMap(({ at, tool }) => (tool ? [] : [at]))
  const usable = offered.flatMap(({ at, tool }) => (tool && (!among || among.has(tool.name)) ? [{ at, tool }] : []))
  const tools = usable.map(({ tool }) => tool)
  const names = usable.map(({ at }, index) => [`tools.${index}`, at] as const)
  const forces = choice !== undefined && choice !== 'none' && choice !== 'auto'
  if (new Set(tools.map(({ name }) => name)).size < tools.length) throw refuse('tools', 'name one tool twice')
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    throw refuse('tool_choice', `names no function of this request: ${choice.name}`)
  if (tools.length === 0) {
    if (forces) throw refuse('tool_choice', 'needs tools that are functions')
    return { foreign, names }
  }
  return {
    tools,
    // `auto` is what happens without a word.
    ...(choice !== undefined && choice !== 'auto' && { toolChoice: choice }),
    ...(parallel === false && { parallelTools: false as const }),
    foreign,
    names,
  }
}

/** Chat's tools and its choice among them. */
export function readChatTools({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ToolFields): ReadTools {
  const offered = (tools ?? []).map((one, index): Offered => {
    const at = `tools[${index}]`
    if (!isChatFunction(one)) return { at }
    return 'function' in one ? { at: `${at}.function`, tool: readTool(one.function) } : { at, tool: readTool(one) }
  })
  if (typeof choice !== 'object' || choice === null) return readTools(offered, choice ?? undefined, parallel)
  if (choice.type === 'function')
    return readTools(offered, { name: 'function' in choice ? choice.function.name : choice.name }, parallel)
  return readTools(offered, choice.allowed_tools.mode, parallel, amongOf(choice.allowed_tools.tools))
}

const isChatFunction = (tool: ChatFunction | ForeignTool): tool is ChatFunction =>
  tool.type == null || tool.type === 'function'

/** The names in a list of allowed tools, in chat's form or in that of responses. */
export const amongOf = (tools: readonly unknown[]): Set<string> =>
  new Set(
    tools.map(tool => {
      const { name, function: nested } = (tool ?? {}) as { name?: unknown; function?: { name?: unknown } }
      return nameIn(name ?? nested?.name)
    }),
  )

const schemaFields = {
  // What an answer is called says nothing about it.
  name: hint(toolName),
  description: optional(boundedText),
  schema: jsonSchema,
  // An answer keeps to its schema either way.
  strict: optional(z.boolean()),
}
const plainText = z.strictObject({ type: z.literal('text') })

/** `text.format` of responses. */
export const textFormat = z.discriminatedUnion('type', [
  plainText,
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({ type: z.literal('json_schema'), ...schemaFields }),
])
/** `response_format` of chat, whose schema stands one level deeper, or, of several servers' clients, beside `json_object`. */
const nestedFormat = z.discriminatedUnion('type', [
  plainText,
  z.strictObject({ type: z.literal('json_object'), schema: optional(jsonSchema) }),
  z.strictObject({ type: z.literal('json_schema'), json_schema: z.strictObject(schemaFields) }),
])
type TextFormat = z.infer<typeof textFormat>
type ResponseFormat = z.infer<typeof nestedFormat> | TextFormat
export const responseFormat = pick<ResponseFormat>(value => {
  const { type } = (value ?? {}) as { type?: unknown }
  const isDeep = type !== 'json_schema' || 'json_schema' in (value as object) || !('schema' in (value as object))
  return isDeep ? nestedFormat : textFormat
})

/** Where the schema of chat's `response_format` stands; an answer's form as responses have it. */
export function flatFormat(format: ResponseFormat | null | undefined): { at: string; format?: TextFormat } {
  const at = 'response_format.json_schema.schema'
  if (!format) return { at }
  if (format.type === 'json_schema' && 'json_schema' in format)
    return { at, format: { type: 'json_schema', ...format.json_schema } }
  const { type, schema } = format as { type: string; schema?: string | null }
  const form: TextFormat =
    type === 'json_object' && schema != null ? { type: 'json_schema', schema } : (format as TextFormat)
  return { at: 'response_format.schema', format: form }
}

/** The answer's form in the words of the workload. What describes the schema goes into it: that is where models read. */
export function readFormat(format: TextFormat | null | undefined): ChatSpec['format'] {
  if (!format || format.type === 'text') return undefined
  if (format.type === 'json_object') return { type: 'json' }
  const { name, description, schema } = format
  return { type: 'schema', ...(name != null && { name }), schema: description ? describe(schema, description) : schema }
}

/** A schema with more words about it, before its own. */
function describe(schema: string, words: string): string {
  const entries = orderedEntries(parseOrdered(schema) as object)
  const own = entries.find(([name]) => name === 'description')?.[1]
  const all = [words, own].filter(text => typeof text === 'string' && text !== '').join('\n')
  return orderedText(orderedObject([...entries, ['description', all]]))
}
