import { z } from 'zod'
import { boundedText, jsonSchema, wholeText } from '../../fields.ts'
import { MAX_STOP_LENGTH, MAX_STOPS } from '../../limits.ts'
import type { ChatSpec } from '../../spec.ts'
import { engineName } from '../../tool-names.ts'
import { cacheTag, completionOf, topK, topP } from '../openai/sampling.ts'
import { type Offered, type ReadTools, readTools, type ToolChoice, toolList } from '../openai/tools.ts'
import type { Asking } from '../shared/ask.ts'
import { arrange } from '../shared/conversation.ts'
import { effort, effortOf } from '../shared/effort.ts'
import { type FeatureFields, fieldsIn } from '../shared/features.ts'
import { hint, optional, parse, refuse } from '../shared/parse.ts'
import { readRouting, routingFields } from '../shared/routing.ts'
import { cacheControl, cacheMarks, messagesSchema, readMessages, systemSchema } from './messages.ts'

/** Names here may be twice as long as engines take them. */
const longName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, 'must be 1 to 128 of a-z, A-Z, 0-9, _ and -')

const ownTool = z.strictObject({
  type: optional(z.literal('custom')),
  name: longName,
  description: optional(boundedText),
  input_schema: jsonSchema,
  strict: optional(z.boolean()),
  cache_control: cacheControl,
})
type OwnTool = z.infer<typeof ownTool>

const parallel = { disable_parallel_tool_use: optional(z.boolean()) }
const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: longName, ...parallel }),
  z.strictObject({ type: z.literal('none'), ...parallel }),
])

const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1) }),
  z.strictObject({ type: z.literal('adaptive'), budget_tokens: hint(z.int()) }),
  z.strictObject({ type: z.literal('disabled'), budget_tokens: hint(z.int()) }),
])

const outputFormat = z.strictObject({ type: z.literal('json_schema'), schema: jsonSchema })

/** What counting and asking share: everything that becomes the prompt. */
const promptFields = {
  model: z.string().min(1).max(128),
  messages: messagesSchema,
  system: optional(systemSchema),
  tools: toolList<OwnTool>({ custom: ownTool }, 'custom'),
  tool_choice: optional(toolChoice),
  thinking: hint(thinking),
  output_config: optional(
    z.strictObject({
      effort: hint(effort),
      format: optional(outputFormat),
    }),
  ),
  // What `output_config.format` was called before.
  output_format: optional(outputFormat),
  cache_control: cacheControl,
  ...routingFields,
}
const promptSchema = z.strictObject(promptFields)
type Prompt = z.infer<typeof promptSchema>

const requestSchema = z.strictObject({
  ...promptFields,
  max_tokens: z.int().min(1),
  stop_sequences: optional(
    z
      .array(wholeText.max(MAX_STOP_LENGTH))
      .max(MAX_STOPS)
      .transform(stops => stops.filter(text => text !== '')),
  ),
  temperature: optional(z.number().min(0).max(1)),
  top_k: topK,
  top_p: topP,
  stream: optional(z.boolean()),
  // Both are what happens anyway.
  service_tier: hint(z.enum(['auto', 'standard_only'])),
  speed: hint(z.literal('standard')),
})

const featureFields: FeatureFields = {
  tools: ['tools', 'messages'],
  strict: ['tools'],
  tool_choice: ['tool_choice'],
  schema: ['output_config.format', 'output_format'],
  reasoning: ['thinking', 'output_config.effort'],
  images: ['messages'],
  top_k: ['top_k'],
}

const NAMES: readonly (readonly [string, string])[] = [
  ['toolChoice', 'tool_choice'],
  ['parallelTools', 'tool_choice.disable_parallel_tool_use'],
  ['topK', 'top_k'],
  ['topP', 'top_p'],
  ['stop', 'stop_sequences'],
  ['reasoning', 'output_config.effort'],
  ['maxCompletion', 'max_tokens'],
  ['prompt', 'messages'],
]

/** `own` is what an engine's name of a tool is to the client. */
export type MessageRequest = Asking & { spec: ChatSpec; stream: boolean; own(name: string): string }

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`. */
export function readMessageRequest(body: unknown): MessageRequest {
  const { request, unused } = parse(requestSchema, body)
  const { thinking: thought, max_tokens: most } = request
  if (thought?.type === 'enabled' && thought.budget_tokens >= most)
    throw refuse('thinking.budget_tokens', 'must be below max_tokens')
  const { spec: prompt, ...asking } = readPrompt(request, unused, body)
  const spec: ChatSpec = {
    ...prompt,
    maxCompletion: completionOf(most),
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: request.stop_sequences ?? [],
    ...(request.top_k != null && { topK: request.top_k }),
  }
  return { ...asking, spec, stream: request.stream ?? false, wanted: { field: 'max_tokens', tokens: most } }
}

/** The same without an answer: what is to be counted. What would say how to answer says nothing here. */
export function readCountRequest(body: unknown): Asking {
  const { request, unused } = parse(promptSchema, withoutAnswer(body))
  const { spec: prompt, ...asking } = readPrompt(request, unused, body)
  return { ...asking, spec: { ...prompt, maxCompletion: 1, temperature: 1, topP: 1, stop: [] } }
}

/** Fields of a message request that do not become its prompt: many clients count what they will ask. */
const ANSWERS = new Set(['max_tokens', 'stop_sequences', 'temperature', 'top_k', 'top_p', 'stream'])
function withoutAnswer(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => !ANSWERS.has(name)))
}

const choosing = ({ model, models, provider }: Prompt): Pick<Asking, 'models' | 'routing'> => {
  const [first = model, ...others] = new Set([model, ...(models ?? [])])
  const routing = readRouting(provider)
  return { models: [first, ...others], ...(routing && { routing }) }
}

type PromptSpec = Pick<
  ChatSpec,
  'task' | 'messages' | 'tools' | 'toolChoice' | 'parallelTools' | 'format' | 'reasoning' | 'cache'
>

function readPrompt(
  request: Prompt,
  unused: readonly string[],
  body: unknown,
): Omit<Asking, 'spec'> & { spec: PromptSpec; own(name: string): string } {
  const format = formatIn(request)
  const { said, unused: passed } = readMessages(request.messages, request.system)
  const { messages, names } = arrange(said, 'messages')
  const { foreign, names: toolNames, ...tools } = readOwnTools(request)
  const reasoning = reasoningOf(request)
  const marks = cacheMarks(body)
  const at = new Map(toolNames)
  const spec: PromptSpec = {
    task: 'chat',
    messages,
    ...tools,
    ...(format && { format: { type: 'schema', schema: format.schema } }),
    ...(reasoning && { reasoning }),
    // Anthropic's clients mark what to remember, not by which name: a house keeps what is remembered apart by key.
    ...(marks.length > 0 && { cache: CACHE }),
  }
  return {
    ...choosing(request),
    spec,
    unused: [...unused, ...foreign, ...passed],
    textField: 'messages',
    featureFields,
    hints: {
      reasoning: request.thinking?.type === 'disabled' ? [] : fieldsIn(body, ['thinking', 'output_config.effort']),
      strict: (tools.tools ?? []).flatMap((tool, i) => (tool.strict ? [`${at.get(`tools.${i}`)}.strict`] : [])),
      tool_choice: ['tool_choice.disable_parallel_tool_use'],
      cache: marks,
    },
    names: new Map([...NAMES, ...toolNames, ...names, ...formatNames(format?.at ?? 'output_config.format')]),
    own: ownNames(request),
  }
}

const formatNames = (at: string): [string, string][] => [
  ['format', at],
  ['format.schema', `${at}.schema`],
]

/** What the answer is to be, and where that was said. Throws `bad_request` where it is said twice, in two ways. */
function formatIn({ output_config: output, output_format: old }: Prompt): { schema: string; at: string } | undefined {
  const format = output?.format
  if (format && old && format.schema !== old.schema) throw refuse('output_format', 'contradicts output_config.format')
  if (format) return { schema: format.schema, at: 'output_config.format' }
  return old ? { schema: old.schema, at: 'output_format' } : undefined
}

/** The client's names of its tools, by those that engines know them by. */
function ownNames({ tools }: Prompt): (name: string) => string {
  const names = new Map((tools ?? []).filter(isOwn).map(({ name }) => [engineName(name), name]))
  return name => names.get(name) ?? name
}

const CACHE = cacheTag('cache_control')

function readOwnTools({ tools, tool_choice: choice }: Prompt): ReadTools {
  const single = choice?.disable_parallel_tool_use === true
  const offered = (tools ?? []).map((one, index): Offered => {
    const at = `tools[${index}]`
    if (!isOwn(one)) return { at }
    const { name, description, input_schema: parameters, strict } = one
    return {
      at,
      tool: {
        name: engineName(name),
        ...(description != null && { description }),
        parameters,
        ...(strict && { strict }),
      },
    }
  })
  return readTools(offered, choiceOf(choice), !single)
}

const isOwn = (tool: { type?: string | null | undefined }): tool is OwnTool =>
  tool.type == null || tool.type === 'custom'

function choiceOf(choice: Prompt['tool_choice']): ToolChoice | undefined {
  if (!choice) return undefined
  if (choice.type === 'tool') return { name: engineName(choice.name) }
  return choice.type === 'any' ? 'required' : choice.type
}

/** By a word, or by a budget; `adaptive` alone leaves it to the model. */
function reasoningOf({ thinking: thought, output_config: output }: Prompt): ChatSpec['reasoning'] {
  if (thought?.type === 'disabled') return 'none'
  if (output?.effort) return output.effort
  return thought?.type === 'enabled' ? effortOf(thought.budget_tokens) : undefined
}
