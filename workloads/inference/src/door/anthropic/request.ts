import { z } from 'zod'
import { boundedText, jsonSchema, toolName, wholeText } from '../../fields.ts'
import { MAX_COMPLETION, MAX_STOP_LENGTH, MAX_STOPS, MAX_TOOLS } from '../../limits.ts'
import type { ChatSpec, Tool } from '../../spec.ts'
import { cacheTag } from '../openai/sampling.ts'
import { readTools, type ToolChoice } from '../openai/tools.ts'
import type { Asking } from '../shared/ask.ts'
import type { FeatureFields, SpecFields } from '../shared/features.ts'
import { unusedOf } from '../shared/note.ts'
import { optional, parse, refuse } from '../shared/parse.ts'
import { readRouting, routingFields } from '../shared/routing.ts'
import { cacheControl, marksCache, messagesSchema, readMessages, systemSchema } from './messages.ts'

const tool = z.strictObject({
  type: optional(z.literal('custom')),
  name: toolName,
  description: optional(boundedText),
  input_schema: jsonSchema,
  strict: optional(z.boolean()),
  cache_control: cacheControl,
})

const parallel = { disable_parallel_tool_use: optional(z.boolean()) }
const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: toolName, ...parallel }),
  z.strictObject({ type: z.literal('none') }),
])

const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1_024) }),
  z.strictObject({ type: z.literal('adaptive') }),
  z.strictObject({ type: z.literal('disabled') }),
])

/** What counting and asking share: everything that becomes the prompt. */
const promptFields = {
  model: z.string().min(1).max(128),
  messages: messagesSchema,
  system: optional(systemSchema),
  tools: optional(z.array(tool).max(MAX_TOOLS)),
  tool_choice: optional(toolChoice),
  thinking: optional(thinking),
  output_config: optional(
    z.strictObject({
      effort: optional(z.enum(['low', 'medium', 'high'])),
      format: optional(z.strictObject({ type: z.literal('json_schema'), schema: jsonSchema })),
    }),
  ),
  cache_control: cacheControl,
  ...routingFields,
}
const promptSchema = z.strictObject(promptFields)
type Prompt = z.infer<typeof promptSchema>

const requestSchema = z.strictObject({
  ...promptFields,
  max_tokens: z.int().min(1).max(MAX_COMPLETION),
  stop_sequences: optional(z.array(wholeText.min(1).max(MAX_STOP_LENGTH)).max(MAX_STOPS)),
  temperature: optional(z.number().min(0).max(1)),
  top_k: optional(z.int().min(1).max(1_000)),
  top_p: optional(z.number().gt(0).max(1)),
  stream: optional(z.boolean()),
  metadata: optional(z.strictObject({ user_id: optional(z.string().max(512)) })),
  // Both are what happens anyway.
  service_tier: optional(z.enum(['auto', 'standard_only'])),
  speed: optional(z.literal('standard')),
})

const featureFields: FeatureFields = {
  tools: ['tools', 'messages'],
  strict: ['tools'],
  tool_choice: ['tool_choice'],
  schema: ['output_config.format'],
  reasoning: ['thinking', 'output_config.effort'],
  images: ['messages'],
  top_k: ['top_k'],
}

const specFields: SpecFields = {
  'format.schema': 'output_config.format.schema',
  format: 'output_config.format',
  toolChoice: 'tool_choice',
  topK: 'top_k',
  stop: 'stop_sequences',
  maxCompletion: 'max_tokens',
}

export type MessageRequest = Asking & { spec: ChatSpec; stream: boolean; unused: readonly string[] }

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`. */
export function readMessageRequest(body: unknown): MessageRequest {
  const request = parse(requestSchema, body)
  const { thinking: thought, max_tokens: most } = request
  if (thought?.type === 'enabled' && thought.budget_tokens >= most)
    throw refuse('thinking.budget_tokens', 'must be below max_tokens')
  const spec: ChatSpec = {
    ...readPrompt(request),
    maxCompletion: most,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: request.stop_sequences ?? [],
    ...(request.top_k != null && { topK: request.top_k }),
  }
  const unused = unusedOf({ 'metadata.user_id': request.metadata?.user_id })
  return {
    ...choosing(request),
    spec,
    stream: request.stream ?? false,
    unused,
    textField: 'messages',
    featureFields,
    specFields,
  }
}

/** The same without an answer: what is to be counted. */
export function readCountRequest(body: unknown): Asking {
  const request = parse(promptSchema, body)
  const spec: ChatSpec = { ...readPrompt(request), maxCompletion: 1, temperature: 1, topP: 1, stop: [] }
  return { ...choosing(request), spec, textField: 'messages', featureFields, specFields }
}

const choosing = ({ model, models, provider }: Prompt): Pick<Asking, 'models' | 'routing'> => {
  const [first = model, ...others] = new Set([model, ...(models ?? [])])
  const routing = readRouting(provider)
  return { models: [first, ...others], ...(routing && { routing }) }
}

function readPrompt(
  request: Prompt,
): Pick<ChatSpec, 'task' | 'messages' | 'tools' | 'toolChoice' | 'format' | 'reasoning' | 'cache'> {
  const { messages, system, tools, tool_choice: choice, output_config: output } = request
  const single = choice && choice.type !== 'none' ? choice.disable_parallel_tool_use === true : false
  const reasoning = reasoningOf(request)
  const isMarked = request.cache_control != null || tools?.some(one => one.cache_control != null)
  return {
    task: 'chat',
    messages: readMessages(messages, system),
    ...readTools(tools?.length ? tools.map(readTool) : undefined, choiceOf(choice), !single),
    ...(output?.format && { format: { type: 'schema', schema: output.format.schema } }),
    ...(reasoning && { reasoning }),
    // Anthropic's clients mark what to remember, not by which name: a house keeps what is remembered apart by key.
    ...((isMarked || marksCache(messages, system)) && { cache: CACHE }),
  }
}

const CACHE = cacheTag('cache_control')

const readTool = ({ name, description, input_schema: parameters, strict }: z.infer<typeof tool>): Tool => ({
  name,
  ...(description != null && { description }),
  parameters,
  ...(strict && { strict }),
})

function choiceOf(choice: Prompt['tool_choice']): ToolChoice | undefined {
  if (!choice) return undefined
  if (choice.type === 'tool') return { name: choice.name }
  return choice.type === 'any' ? 'required' : choice.type
}

/** A budget in the three words that engines know: up to 4,096 tokens low, up to 16,384 medium. */
function reasoningOf({ thinking: thought, output_config: output }: Prompt): ChatSpec['reasoning'] {
  if (thought?.type === 'disabled') return 'none'
  if (output?.effort) return output.effort
  if (!thought) return undefined
  if (thought.type === 'adaptive') return 'medium'
  return thought.budget_tokens <= 4_096 ? 'low' : thought.budget_tokens <= 16_384 ? 'medium' : 'high'
}
