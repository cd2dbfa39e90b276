import type { Model, Routing } from '@heddle/protocol'
import { z } from 'zod'
import { MAX_TOP_LOGPROBS } from '../../limits.ts'
import type { ChatSpec } from '../../spec.ts'
import type { Asking } from '../shared/ask.ts'
import type { FeatureFields, SpecFields } from '../shared/features.ts'
import { defaultCompletion, knownModels } from '../shared/models.ts'
import { unusedOf } from '../shared/note.ts'
import { optional, parse, refuse } from '../shared/parse.ts'
import { readRouting, routingFields } from '../shared/routing.ts'
import { messagesSchema, readMessages } from './messages.ts'
import { labelFields, maxCompletion, readSampling, samplingFields, settledFields } from './sampling.ts'
import { readFormat, readTool, readTools, responseFormat, toolFields } from './tools.ts'

export const streamFields = {
  stream: optional(z.boolean()),
  stream_options: optional(
    z.strictObject({ include_usage: optional(z.boolean()), include_obfuscation: optional(z.literal(false)) }),
  ),
}

export const modelField = { model: z.string().min(1).max(128) }

/**
 * What is honoured, and nothing else: a field that would be dropped is refused. Some fields are accepted at the one
 * value that says what happens anyway, because many clients always send them.
 */
const requestSchema = z.strictObject({
  ...modelField,
  messages: messagesSchema,
  max_tokens: maxCompletion,
  max_completion_tokens: maxCompletion,
  logprobs: optional(z.boolean()),
  top_logprobs: optional(z.int().min(0).max(MAX_TOP_LOGPROBS)),
  response_format: optional(responseFormat),
  reasoning_effort: optional(z.enum(['none', 'low', 'medium', 'high'])),
  modalities: optional(z.tuple([z.literal('text')])),
  ...toolFields,
  ...samplingFields,
  ...settledFields,
  ...labelFields,
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
  seed: ['seed'],
  logit_bias: ['logit_bias'],
  penalties: ['frequency_penalty', 'presence_penalty'],
  top_k: ['top_k'],
}

const specFields: SpecFields = {
  'format.schema': 'response_format.json_schema.schema',
  format: 'response_format',
  logitBias: 'logit_bias',
  toolChoice: 'tool_choice',
  topK: 'top_k',
  maxCompletion: 'max_tokens',
}

export type Streaming = { stream: boolean; includeUsage: boolean }
export type ChatRequest = Asking & Streaming & { spec: ChatSpec; unused: readonly string[] }

/** Rebuilds a chat request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readChatRequest(body: unknown, models: readonly Model[]): ChatRequest {
  const request = parse(requestSchema, body)
  const choosing = readChoosing(request)
  const spec: ChatSpec = {
    task: 'chat',
    messages: readMessages(request.messages),
    ...readSampling(request, completionOf(request, models, choosing.models), logprobsOf(request)),
    ...readToolsOf(request),
    ...optionalFormat(request),
    ...(request.reasoning_effort != null && { reasoning: request.reasoning_effort }),
  }
  const { user, safety_identifier } = request
  const unused = unusedOf({ user, safety_identifier })
  return { ...choosing, ...readStreaming(request), spec, textField: 'messages', featureFields, specFields, unused }
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

/** Throws `bad_request` for options of a stream that is none. */
export function readStreaming(request: z.infer<z.ZodObject<typeof streamFields>>): Streaming {
  const stream = request.stream ?? false
  if (request.stream_options && !stream) throw refuse('stream_options', 'is only for stream: true')
  return { stream, includeUsage: request.stream_options?.include_usage ?? false }
}

function readToolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: Request) {
  const chosen = typeof choice === 'object' && choice ? { name: choice.function.name } : (choice ?? undefined)
  return readTools(
    tools?.map(tool => readTool(tool.function)),
    chosen,
    parallel,
  )
}

function optionalFormat({ response_format: wanted }: Request): Pick<ChatSpec, 'format'> {
  const flat = wanted?.type === 'json_schema' ? { type: wanted.type, ...wanted.json_schema } : wanted
  const format = readFormat(flat)
  return format ? { format } : {}
}

function logprobsOf({ logprobs, top_logprobs: top }: Request): number | undefined {
  if (top != null && !logprobs) throw refuse('top_logprobs', 'needs logprobs: true')
  return logprobs ? (top ?? 0) : undefined
}

function completionOf(
  { max_tokens: old, max_completion_tokens: current }: Request,
  models: readonly Model[],
  names: readonly [string, ...string[]],
): number {
  if (old != null && current != null && old !== current) throw refuse('max_tokens', 'contradicts max_completion_tokens')
  return current ?? old ?? defaultCompletion(knownModels(models, names)[0])
}
