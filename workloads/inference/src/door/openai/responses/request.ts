import type { Model } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText } from '../../../fields.ts'
import { MAX_TOP_LOGPROBS } from '../../../limits.ts'
import type { ChatSpec } from '../../../spec.ts'
import type { Asking } from '../../shared/ask.ts'
import { arrange } from '../../shared/conversation.ts'
import { effort } from '../../shared/effort.ts'
import { type FeatureFields, fieldsIn } from '../../shared/features.ts'
import type { Wanted } from '../../shared/length.ts'
import { defaultCompletion } from '../../shared/models.ts'
import { hint, optional, parse, refuse } from '../../shared/parse.ts'
import { routingFields } from '../../shared/routing.ts'
import { modelField, readChoosing } from '../chat-request.ts'
import { cacheTag, completionOf, label, maxCompletion, settledFields, temperature, topK, topP } from '../sampling.ts'
import { readFormat, textFormat } from '../tools.ts'
import { inputSchema } from './input.ts'
import { readInput } from './read-input.ts'
import { type OwnName, readResponseTools, toolFields } from './tools.ts'

/** What of an answer may be asked for beside its text: of all that there is elsewhere, this is here. */
const LOGPROBS = 'message.output_text.logprobs'

const requestSchema = z.strictObject({
  ...modelField,
  input: inputSchema,
  instructions: optional(boundedText),
  max_output_tokens: maxCompletion,
  temperature,
  top_p: topP,
  top_k: topK,
  ...toolFields,
  text: optional(z.strictObject({ format: optional(textFormat) })),
  reasoning: optional(z.strictObject({ effort: hint(effort) })),
  include: optional(z.array(z.string().max(128)).max(32)),
  top_logprobs: optional(z.int().min(0).max(MAX_TOP_LOGPROBS)),
  prompt_cache_key: label,
  stream: optional(z.boolean()),
  stream_options: optional(z.strictObject({ include_obfuscation: hint(z.literal(false)) })),
  // These say what happens anyway: nothing kept, nothing cut off.
  ...settledFields,
  truncation: hint(z.literal('disabled')),
  ...routingFields,
})
type Request = z.infer<typeof requestSchema>

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

const NAMES: readonly (readonly [string, string])[] = [
  ['format.schema', 'text.format.schema'],
  ['format', 'text.format'],
  ['messages', 'input'],
  ['toolChoice', 'tool_choice'],
  ['parallelTools', 'parallel_tool_calls'],
  ['topK', 'top_k'],
  ['topP', 'top_p'],
  ['logprobs', 'top_logprobs'],
  ['reasoning', 'reasoning.effort'],
  ['cache', 'prompt_cache_key'],
  ['maxCompletion', 'max_output_tokens'],
  ['prompt', 'input'],
]

export type ResponseRequest = Asking & {
  spec: ChatSpec
  stream: boolean
  /** The request's own words, which its answer says back. */
  echo: Readonly<Record<string, unknown>>
  /** What a model's name of a function is to the client. */
  own(name: string): OwnName
}

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readResponseRequest(body: unknown, models: readonly Model[]): ResponseRequest {
  const { request, unused } = parse(requestSchema, body)
  const choosing = readChoosing(request)
  const { tools: read, own, model } = readResponseTools(request)
  const { foreign, names: toolNames, ...tools } = read
  const input = readInput(request.input, request.instructions, model)
  const { messages, names } = arrange(input.said, 'input')
  if (messages.length === 0) throw refuse('input', 'says nothing')
  const wanted = wantedOf(request)
  const format = readFormat(request.text?.format)
  const thinking = request.reasoning?.effort
  const logprobs = logprobsOf(request)
  const spec: ChatSpec = {
    task: 'chat',
    messages,
    maxCompletion: wanted ? completionOf(wanted.tokens) : defaultCompletion(models, choosing.models),
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: [],
    ...(request.top_k != null && { topK: request.top_k }),
    ...(logprobs !== undefined && { logprobs }),
    ...(request.prompt_cache_key && { cache: cacheTag(request.prompt_cache_key) }),
    ...tools,
    ...(format && { format }),
    ...(thinking != null && { reasoning: thinking }),
  }
  const asksFor = (request.include ?? []).flatMap((one, index) => (one === LOGPROBS ? [] : [`include[${index}]`]))
  const options = request.stream_options && !request.stream ? ['stream_options'] : []
  const at = new Map(toolNames)
  return {
    ...choosing,
    spec,
    stream: request.stream ?? false,
    echo: body as Record<string, unknown>,
    own,
    unused: [...unused, ...options, ...foreign, ...asksFor, ...input.unused],
    textField: 'input',
    featureFields,
    hints: {
      reasoning: fieldsIn(body, ['reasoning.effort']),
      strict: (tools.tools ?? []).flatMap((tool, i) => (tool.strict ? [`${at.get(`tools.${i}`)}.strict`] : [])),
      tool_choice: ['parallel_tool_calls'],
      cache: fieldsIn(body, ['prompt_cache_key']),
    },
    names: new Map([...NAMES, ...toolNames, ...names]),
    wanted,
  }
}

const wantedOf = ({ max_output_tokens: tokens }: Request): Wanted | undefined =>
  tokens == null ? undefined : { field: 'max_output_tokens', tokens }

function logprobsOf({ include, top_logprobs: top }: Request): number | undefined {
  if (top != null) return top
  return include?.includes(LOGPROBS) ? 0 : undefined
}
