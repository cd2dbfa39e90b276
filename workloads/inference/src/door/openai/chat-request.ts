import type { Model, Routing } from '@heddle/protocol'
import { z } from 'zod'
import { MAX_TOP_LOGPROBS } from '../../limits.ts'
import type { ChatSpec } from '../../spec.ts'
import type { Asking } from '../shared/ask.ts'
import { arrange } from '../shared/conversation.ts'
import { type Effort, effort, effortOf } from '../shared/effort.ts'
import { type FeatureFields, fieldsIn } from '../shared/features.ts'
import type { Wanted } from '../shared/length.ts'
import { defaultCompletion } from '../shared/models.ts'
import { hint, optional, parse, refuse, refused } from '../shared/parse.ts'
import { readRouting, routingFields } from '../shared/routing.ts'
import { messagesSchema, readMessages } from './messages.ts'
import { completionOf, maxCompletion, readSampling, samplingFields, samplingNames, settledFields } from './sampling.ts'
import { flatFormat, readChatTools, readFormat, responseFormat, toolFields } from './tools.ts'

export const streamFields = {
  stream: optional(z.boolean()),
  stream_options: optional(
    z.strictObject({ include_usage: optional(z.boolean()), include_obfuscation: hint(z.literal(false)) }),
  ),
}

export const modelField = { model: z.string().min(1).max(128) }

/** How much to think, as OpenRouter's clients say it. */
const reasoning = optional(
  z.strictObject({ effort: hint(effort), enabled: hint(z.boolean()), max_tokens: hint(z.int().min(1)) }),
)
/** How much to think, as the clients of vLLM and its kin say it: all else there changes what is read. */
const templateArguments = optional(
  z.strictObject({ enable_thinking: optional(z.boolean()), thinking: optional(z.boolean()) }),
)

/**
 * What is honoured, and what cannot be and matters. Everything else that a client may send is passed over and named
 * ({@link parse}).
 */
const requestSchema = z.strictObject({
  ...modelField,
  messages: messagesSchema,
  max_tokens: maxCompletion,
  max_completion_tokens: maxCompletion,
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(MAX_TOP_LOGPROBS)),
  response_format: optional(responseFormat),
  reasoning_effort: hint(effort),
  reasoning,
  enable_thinking: hint(z.boolean()),
  chat_template_kwargs: templateArguments,
  modalities: optional(z.tuple([z.literal('text')])),
  functions: refused('is not supported: send them in tools'),
  /** OpenRouter's word for `stream_options.include_usage`; answers that are not streamed say it anyway. */
  usage: optional(z.strictObject({ include: optional(z.boolean()) })),
  ...toolFields,
  ...samplingFields,
  ...settledFields,
  ...streamFields,
  ...routingFields,
})
type Request = z.infer<typeof requestSchema>

const featureFields: FeatureFields = {
  tools: ['tools', 'messages'],
  strict: ['tools'],
  tool_choice: ['tool_choice', 'parallel_tool_calls'],
  json: ['response_format'],
  schema: ['response_format'],
  reasoning: ['reasoning_effort'],
  images: ['messages'],
  logprobs: ['logprobs'],
  choices: ['n'],
  seed: ['seed', 'random_seed'],
  logit_bias: ['logit_bias'],
  penalties: ['frequency_penalty', 'presence_penalty'],
  top_k: ['top_k'],
}

const EFFORT = ['reasoning_effort', 'reasoning', 'enable_thinking', 'chat_template_kwargs']

const NAMES: readonly (readonly [string, string])[] = [
  ...samplingNames,
  ['format', 'response_format'],
  ['toolChoice', 'tool_choice'],
  ['parallelTools', 'parallel_tool_calls'],
  ['reasoning', 'reasoning_effort'],
  ['prompt', 'messages'],
]

export type Streaming = { stream: boolean; includeUsage: boolean }
export type ChatRequest = Asking & Streaming & { spec: ChatSpec }

/** Rebuilds a chat request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readChatRequest(body: unknown, models: readonly Model[]): ChatRequest {
  const { request, unused } = parse(requestSchema, body)
  const choosing = readChoosing(request)
  const { messages, names } = arrange(readMessages(request.messages), 'messages')
  const { foreign, names: toolNames, ...tools } = readChatTools(request)
  const wanted = wantedOf(request)
  const most = wanted ? completionOf(wanted.tokens) : defaultCompletion(models, choosing.models)
  const reasoning = readEffort(request)
  const form = flatFormat(request.response_format)
  const format = readFormat(form.format)
  const nameOf = new Map(toolNames)
  const spec: ChatSpec = {
    task: 'chat',
    messages,
    ...readSampling(request, most, logprobsOf(request)),
    ...tools,
    ...(format && { format }),
    ...(reasoning && { reasoning }),
  }
  const streaming = readStreaming(request, unused)
  return {
    ...choosing,
    ...streaming,
    includeUsage: streaming.includeUsage || (streaming.stream && request.usage?.include === true),
    spec,
    unused: [...unused, ...foreign],
    textField: 'messages',
    featureFields,
    hints: {
      reasoning: fieldsIn(body, EFFORT),
      strict: (spec.tools ?? []).flatMap((tool, index) =>
        tool.strict ? [`${nameOf.get(`tools.${index}`)}.strict`] : [],
      ),
      tool_choice: ['parallel_tool_calls'],
      cache: fieldsIn(body, ['prompt_cache_key']),
    },
    names: new Map([
      ...NAMES,
      ...toolNames,
      ...names,
      ['format.schema', form.at],
      ['maxCompletion', wanted?.field ?? 'max_tokens'],
    ]),
    wanted,
  }
}

/** Whom a request asks for. Named twice, a model is asked once. */
export function readChoosing(request: z.infer<z.ZodObject<typeof modelField & typeof routingFields>>): {
  models: readonly [string, ...string[]]
  routing?: Routing
} {
  const [first = request.model, ...others] = new Set([request.model, ...(request.models ?? [])])
  const routing = readRouting(request.provider)
  return { models: [first, ...others], ...(routing && { routing }) }
}

/** Options of a stream that is none are passed over. */
export function readStreaming(request: z.infer<z.ZodObject<typeof streamFields>>, unused: string[]): Streaming {
  const stream = request.stream ?? false
  if (request.stream_options && !stream) unused.push('stream_options')
  return { stream, includeUsage: stream && (request.stream_options?.include_usage ?? false) }
}

/** How much to think: by a word, by a budget, or only whether. */
function readEffort(request: Request): Effort | undefined {
  const { reasoning_effort: word, reasoning, chat_template_kwargs: given } = request
  const budget = reasoning?.max_tokens
  const thinks = reasoning?.enabled ?? request.enable_thinking ?? given?.enable_thinking ?? given?.thinking
  if (thinks === false) return 'none'
  return word ?? reasoning?.effort ?? (budget == null ? (thinks ? 'medium' : undefined) : effortOf(budget))
}

function logprobsOf({ logprobs, top_logprobs: top }: Request): number | undefined {
  if (top && !logprobs) throw refuse('top_logprobs', 'needs logprobs: true')
  return logprobs ? (top ?? 0) : undefined
}

function wantedOf({ max_tokens: old, max_completion_tokens: current }: Request): Wanted | undefined {
  if (old != null && current != null && old !== current) throw refuse('max_tokens', 'contradicts max_completion_tokens')
  if (current != null) return { field: 'max_completion_tokens', tokens: current }
  return old == null ? undefined : { field: 'max_tokens', tokens: old }
}
