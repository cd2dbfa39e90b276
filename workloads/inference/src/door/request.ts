import { HeddleError, type Model } from '@heddle/protocol'
import { z } from 'zod'
import { MAX_MESSAGES, MAX_STOP_LENGTH, MAX_STOPS } from '../limits.ts'
import { type InferenceSpec, inferenceSpecSchema } from '../workload.ts'

/** Completion tokens when the request names no number: a quarter of the context, at most this. */
export const DEFAULT_COMPLETION = 512

const part = z.strictObject({ type: z.literal('text'), text: z.string() })
const content = z.union([z.string(), z.array(part).min(1).max(64)], {
  error: 'must be a string or a list of {type: "text", text}',
})

const message = z.strictObject({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content,
  // Answers carry it, and clients send answers back as they were.
  refusal: z.null().optional(),
})

/** Absent, or null: what several clients send for "not set". */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish()

/**
 * What is honoured, and nothing else: a field that would be dropped is refused. Some fields are accepted at the one
 * value that says what happens anyway (`n: 1`, penalties of 0), because many clients always send them.
 */
const requestSchema = z.strictObject({
  model: z.string().min(1).max(128),
  messages: z.array(message).min(1).max(MAX_MESSAGES),
  max_tokens: optional(z.int().min(1)),
  max_completion_tokens: optional(z.int().min(1)),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().gt(0).max(1)),
  stop: optional(
    z.union([z.string().min(1).max(MAX_STOP_LENGTH), z.array(z.string().min(1).max(MAX_STOP_LENGTH)).max(MAX_STOPS)], {
      error: `must be a string or at most ${MAX_STOPS} strings of 1 to ${MAX_STOP_LENGTH} characters`,
    }),
  ),
  stream: optional(z.boolean()),
  stream_options: optional(z.strictObject({ include_usage: optional(z.boolean()) })),
  n: optional(z.literal(1)),
  frequency_penalty: optional(z.literal(0)),
  presence_penalty: optional(z.literal(0)),
  logprobs: optional(z.literal(false)),
})

type Request = z.infer<typeof requestSchema>

export type ChatRequest = { model: Model; spec: InferenceSpec; stream: boolean; includeUsage: boolean }

/**
 * Rebuilds a chat request in the words of the workload. Throws `unsupported_field` naming the field, `bad_request`
 * naming the field, `model_unknown`.
 */
export function readChatRequest(body: unknown, models: readonly Model[]): ChatRequest {
  const request = parse(requestSchema, body)
  const model = models.find(it => it.id === request.model)
  if (!model) throw new HeddleError('model_unknown', `no model "${request.model}" here`, { cause: { param: 'model' } })
  const stream = request.stream ?? false
  if (request.stream_options && !stream) throw refuse('stream_options', 'is only for stream: true')
  const spec = parse(inferenceSpecSchema, {
    messages: request.messages.map(it => ({
      role: it.role === 'developer' ? 'system' : it.role,
      content: typeof it.content === 'string' ? it.content : it.content.map(({ text }) => text).join('\n'),
    })),
    maxCompletion: completionOf(request, model.context),
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []),
  })
  return { model, spec, stream, includeUsage: request.stream_options?.include_usage ?? false }
}

function completionOf({ max_tokens: old, max_completion_tokens: current }: Request, context: number): number {
  if (old != null && current != null && old !== current) {
    throw refuse('max_tokens', 'contradicts max_completion_tokens')
  }
  return current ?? old ?? Math.max(1, Math.min(DEFAULT_COMPLETION, Math.floor(context / 4)))
}

const refuse = (param: string, why: string): HeddleError =>
  new HeddleError('bad_request', `${param} ${why}`, { cause: { param } })

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  const issue = error.issues[0]!
  const at = pathOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const param = [at, issue.keys[0]].filter(Boolean).join('.')
    throw new HeddleError('unsupported_field', `the field "${param}" is not supported`, { cause: { param } })
  }
  throw refuse(at || 'body', issue.message)
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text ? `${text}.${String(key)}` : String(key)
  }, '')
