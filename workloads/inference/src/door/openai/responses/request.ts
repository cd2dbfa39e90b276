import type { Model } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText, toolName } from '../../../fields.ts'
import { MAX_MESSAGES, MAX_TOOL_CALLS, MAX_TOOLS, MAX_TOP_LOGPROBS } from '../../../limits.ts'
import type { ChatSpec, Message } from '../../../spec.ts'
import type { Asking } from '../../shared/ask.ts'
import type { FeatureFields, SpecFields } from '../../shared/features.ts'
import { defaultCompletion, knownModels } from '../../shared/models.ts'
import { optional, parse, refuse } from '../../shared/parse.ts'
import { routingFields } from '../../shared/routing.ts'
import { modelField, readChoosing } from '../chat-request.ts'
import { cacheTag, label, labelFields, maxCompletion, settledFields, temperature, topK, topP } from '../sampling.ts'
import { functionFields, readFormat, readTool, readTools, textFormat } from '../tools.ts'
import { inputSchema, readInput } from './input.ts'

/** What asks for log-probabilities; encrypted reasoning is never made, so asking for it changes nothing. */
const INCLUDE = ['message.output_text.logprobs', 'reasoning.encrypted_content'] as const

const requestSchema = z.strictObject({
  ...modelField,
  input: inputSchema,
  instructions: optional(boundedText),
  max_output_tokens: maxCompletion,
  temperature,
  top_p: topP,
  top_k: topK,
  tools: optional(z.array(z.strictObject({ type: z.literal('function'), ...functionFields })).max(MAX_TOOLS)),
  tool_choice: optional(
    z.union([z.enum(['none', 'auto', 'required']), z.strictObject({ type: z.literal('function'), name: toolName })], {
      error: 'must be none, auto, required or {type: "function", name}',
    }),
  ),
  parallel_tool_calls: optional(z.boolean()),
  text: optional(z.strictObject({ format: optional(textFormat) })),
  reasoning: optional(z.strictObject({ effort: optional(z.enum(['none', 'low', 'medium', 'high'])) })),
  include: optional(z.array(z.enum(INCLUDE)).max(INCLUDE.length)),
  top_logprobs: optional(z.int().min(0).max(MAX_TOP_LOGPROBS)),
  prompt_cache_key: label,
  // The answer repeats them.
  metadata: optional(z.record(z.string().max(64), z.string().max(512)).refine(it => Object.keys(it).length <= 16)),
  ...labelFields,
  stream: optional(z.boolean()),
  stream_options: optional(z.strictObject({ include_obfuscation: optional(z.literal(false)) })),
  // These say what happens anyway: one call, nothing kept, nothing cut off.
  ...settledFields,
  background: optional(z.literal(false)),
  truncation: optional(z.literal('disabled')),
  ...routingFields,
})
export type Request = z.infer<typeof requestSchema>

const featureFields: FeatureFields = {
  tools: ['tools', 'input'],
  strict: ['tools'],
  tool_choice: ['tool_choice', 'parallel_tool_calls'],
  json: ['text.format'],
  schema: ['text.format'],
  reasoning: ['reasoning.effort'],
  images: ['input'],
  logprobs: ['top_logprobs', 'include'],
  top_k: ['top_k'],
}

const specFields: SpecFields = {
  'format.schema': 'text.format.schema',
  format: 'text.format',
  messages: 'input',
  toolChoice: 'tool_choice',
  topK: 'top_k',
  maxCompletion: 'max_output_tokens',
}

export type ResponseRequest = Asking & { spec: ChatSpec; stream: boolean; request: Request }

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readResponseRequest(body: unknown, models: readonly Model[]): ResponseRequest {
  const request = parse(requestSchema, body)
  const stream = request.stream ?? false
  if (request.stream_options && !stream) throw refuse('stream_options', 'is only for stream: true')
  const messages = readInput(request.input, request.instructions)
  checkMessages(messages)
  const choosing = readChoosing(request)
  const format = readFormat(request.text?.format)
  const effort = request.reasoning?.effort
  const logprobs = logprobsOf(request)
  const spec: ChatSpec = {
    task: 'chat',
    messages,
    maxCompletion: request.max_output_tokens ?? defaultCompletion(knownModels(models, choosing.models)[0]),
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: [],
    ...(request.top_k != null && { topK: request.top_k }),
    ...(logprobs !== undefined && { logprobs }),
    ...(request.prompt_cache_key && { cache: cacheTag(request.prompt_cache_key) }),
    ...readToolsOf(request),
    ...(format && { format }),
    ...(effort != null && { reasoning: effort }),
  }
  return { ...choosing, spec, stream, request, textField: 'input', featureFields, specFields }
}

/** Items become messages several to one, or none: only then is it known how many there are. */
function checkMessages(messages: readonly Message[]): void {
  if (messages.length === 0) throw refuse('input', 'says nothing')
  if (messages.length > MAX_MESSAGES) throw refuse('input', `has more than ${MAX_MESSAGES} messages`)
  if (messages.some(one => one.role === 'assistant' && (one.toolCalls?.length ?? 0) > MAX_TOOL_CALLS))
    throw refuse('input', `has more than ${MAX_TOOL_CALLS} calls in a row`)
}

function readToolsOf({ tools, tool_choice: choice, parallel_tool_calls: parallel }: Request) {
  const chosen = typeof choice === 'object' && choice ? { name: choice.name } : (choice ?? undefined)
  return readTools(tools?.length ? tools.map(readTool) : undefined, chosen, parallel)
}

function logprobsOf({ include, top_logprobs: top }: Request): number | undefined {
  if (top != null) return top
  return include?.includes('message.output_text.logprobs') ? 0 : undefined
}
