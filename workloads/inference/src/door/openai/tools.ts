import { orderedEntries, orderedObject, orderedText, parseOrdered } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText, jsonSchema, toolName } from '../../fields.ts'
import { MAX_TOOLS } from '../../limits.ts'
import type { ChatSpec, Tool } from '../../spec.ts'
import { optional, refuse } from '../shared/parse.ts'

/** What a function of any of OpenAI's APIs says about itself. */
export const functionFields = {
  name: toolName,
  description: optional(boundedText),
  parameters: optional(jsonSchema),
  strict: optional(z.boolean()),
}

export const toolFields = {
  tools: optional(
    z
      .array(z.strictObject({ type: z.literal('function'), function: z.strictObject(functionFields) }))
      .min(1)
      .max(MAX_TOOLS),
  ),
  tool_choice: optional(
    z.union(
      [
        z.enum(['none', 'auto', 'required']),
        z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: toolName }) }),
      ],
      { error: 'must be none, auto, required or {type: "function", function: {name}}' },
    ),
  ),
  parallel_tool_calls: optional(z.boolean()),
}

type FunctionTool = z.infer<z.ZodObject<typeof functionFields>>

export const readTool = ({ name, description, parameters, strict }: FunctionTool): Tool => ({
  name,
  ...(description != null && { description }),
  ...(parameters && { parameters }),
  ...(strict && { strict }),
})

/** A choice of tools: a word, or the name of the one to call. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string }

/** Tools in the words of the workload. Throws `bad_request` for a choice among tools that are not there. */
export function readTools(
  tools: readonly Tool[] | undefined,
  choice: ToolChoice | undefined,
  parallel: boolean | null | undefined,
): Pick<ChatSpec, 'tools' | 'toolChoice' | 'parallelTools'> {
  if (!tools) {
    if (choice !== undefined && choice !== 'none' && choice !== 'auto') throw refuse('tool_choice', 'needs tools')
    return {}
  }
  if (new Set(tools.map(({ name }) => name)).size < tools.length) throw refuse('tools', 'name one tool twice')
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    throw refuse('tool_choice', `names no tool of this request: ${choice.name}`)
  return {
    tools: [...tools],
    // `auto` is what happens without a word.
    ...(choice !== undefined && choice !== 'auto' && { toolChoice: choice }),
    ...(parallel === false && { parallelTools: false as const }),
  }
}

const schemaFields = {
  name: toolName,
  description: optional(boundedText),
  schema: jsonSchema,
  // An answer keeps to its schema either way.
  strict: optional(z.boolean()),
}

/** `response_format` of chat, whose schema stands one level deeper than in `text.format` of responses. */
export const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({ type: z.literal('json_schema'), json_schema: z.strictObject(schemaFields) }),
])
export const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({ type: z.literal('json_schema'), ...schemaFields }),
])

/** The answer's form in the words of the workload. What describes the schema goes into it: that is where models read. */
export function readFormat(format: z.infer<typeof textFormat> | null | undefined): ChatSpec['format'] {
  if (!format || format.type === 'text') return undefined
  if (format.type === 'json_object') return { type: 'json' }
  const { name, description, schema } = format
  return { type: 'schema', name, schema: description ? describe(schema, description) : schema }
}

/** A schema with more words about it, before its own. */
function describe(schema: string, words: string): string {
  const entries = orderedEntries(parseOrdered(schema) as object)
  const own = entries.find(([name]) => name === 'description')?.[1]
  const all = [words, own].filter(text => typeof text === 'string' && text !== '').join('\n')
  return orderedText(orderedObject([...entries, ['description', all]]))
}
