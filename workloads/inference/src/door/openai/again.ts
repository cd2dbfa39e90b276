import { canonical, isHeddleError, parseOrdered } from '@heddle/protocol'
import { type ChatSpec, type GenerationSpec, inferenceSpecSchema, type Message, type Tool } from '../../spec.ts'
import { readChatRequest } from './chat-request.ts'
import { readCompletionRequest } from './completions.ts'

/** A request of an API: where it is posted, and what. */
export type Request = Readonly<{ path: string; body: Readonly<Record<string, unknown>> }>

/**
 * The request that becomes this spec again, in the words of OpenAI's API; nothing where there is none that becomes exactly
 * this one. Only the cache tag becomes another, and always the same one: what it was made from never left the house.
 *
 * @example
 * ```ts
 * import { requestFor } from '@heddle/inference/door'
 * const spec = { task: 'completion', prompt: 'Once', maxCompletion: 5, temperature: 0, topP: 1, stop: [] }
 * requestFor(spec, 'toy')?.path // '/v1/completions'
 * requestFor({ task: 'embedding', input: ['Once'] }, 'toy') // undefined
 * ```
 */
export function requestFor(value: unknown, model: string): Request | undefined {
  const { data: spec } = inferenceSpecSchema.safeParse(value)
  if (!spec || spec.task === 'embedding') return undefined
  const isChat = spec.task === 'chat'
  const body = { model, ...(isChat ? conversationOf(spec) : { prompt: spec.prompt }), ...samplingOf(spec) }
  try {
    const read = isChat ? readChatRequest(body, []).spec : readCompletionRequest(body).spec
    if (canonical({ ...read, cache: spec.cache }) !== canonical(spec)) return undefined
  } catch (error) {
    if (isHeddleError(error)) return undefined
    throw error
  }
  return { path: isChat ? '/v1/chat/completions' : '/v1/completions', body }
}

const samplingOf = (spec: GenerationSpec) => ({
  max_tokens: spec.maxCompletion,
  temperature: spec.temperature,
  top_p: spec.topP,
  ...(spec.topK !== undefined && { top_k: spec.topK }),
  ...(spec.frequencyPenalty && { frequency_penalty: spec.frequencyPenalty }),
  ...(spec.presencePenalty && { presence_penalty: spec.presencePenalty }),
  ...(spec.seed !== undefined && { seed: spec.seed }),
  ...(spec.stop.length > 0 && { stop: spec.stop }),
  ...(spec.choices && { n: spec.choices }),
  ...(spec.logitBias && { logit_bias: spec.logitBias }),
  ...(spec.cache && { prompt_cache_key: spec.cache }),
  ...(spec.logprobs !== undefined &&
    (spec.task === 'chat' ? { logprobs: true, top_logprobs: spec.logprobs } : { logprobs: spec.logprobs })),
})

function conversationOf({ messages, tools, toolChoice, parallelTools, format, reasoning }: ChatSpec) {
  const named = typeof toolChoice === 'object' ? { type: 'function', function: toolChoice } : toolChoice
  return {
    messages: messages.map(messageOf),
    ...(tools && { tools: tools.map(tool => ({ type: 'function', function: functionOf(tool) })) }),
    ...(named && { tool_choice: named }),
    ...(parallelTools === false && { parallel_tool_calls: false }),
    ...(format?.type === 'json' && { response_format: { type: 'json_object' } }),
    ...(format?.type === 'schema' && {
      response_format: { type: 'json_schema', json_schema: { name: format.name, schema: parseOrdered(format.schema) } },
    }),
    ...(reasoning && { reasoning_effort: reasoning }),
  }
}

const functionOf = ({ parameters, ...tool }: Tool) => ({
  ...tool,
  ...(parameters !== undefined && { parameters: parseOrdered(parameters) }),
})

function messageOf(message: Message) {
  const { role, content } = message
  if (role === 'tool') return { role, tool_call_id: message.callId, content }
  if (role === 'assistant') {
    const calls = message.toolCalls?.map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name, arguments: json },
    }))
    const { reasoning } = message
    return { role, content, ...(reasoning && { reasoning_content: reasoning }), ...(calls && { tool_calls: calls }) }
  }
  if (role === 'system' || typeof content === 'string') return { role, content }
  const parts = content.map(part =>
    part.type === 'text' ? part : { type: 'image_url', image_url: { url: `data:${part.media};base64,${part.data}` } },
  )
  return { role, content: parts }
}

/** The text of an answer, where it is nothing but text. */
export function answerIn(json: unknown): string | undefined {
  const { choices } = json as { choices?: readonly { text?: unknown; message?: Record<string, unknown> }[] }
  const [only, ...others] = choices ?? []
  if (!only || others.length > 0 || only.message?.['tool_calls'] || only.message?.['reasoning_content'])
    return undefined
  const text = only.message?.['content'] ?? only.text
  return typeof text === 'string' ? text : undefined
}

/** One turn of a conversation as it was asked before, and what it was answered now. */
export type Turn = Readonly<{ spec: unknown; answer: string }>

const messagesOf = (spec: unknown): readonly Message[] => (spec as { messages?: readonly Message[] }).messages ?? []

/** Whether a conversation goes on from an earlier one: all of its messages, an answer to them, and more. */
export function goesOnFrom(spec: unknown, earlier: unknown): boolean {
  const [now, before] = [messagesOf(spec), messagesOf(earlier)]
  if (before.length === 0 || now[before.length]?.role !== 'assistant') return false
  return canonical(now.slice(0, before.length)) === canonical(before)
}

/**
 * A turn of a conversation with the answers of now in the place of those that it was written with: whoever is asked reads
 * its own words. What was not asked now stays as it was: examples, for one.
 */
export function continuing(spec: unknown, turns: readonly Turn[]): unknown {
  const earlier = turns.filter(turn => goesOnFrom(spec, turn.spec))
  if (earlier.length === 0) return spec
  const answers = new Map(earlier.map(turn => [messagesOf(turn.spec).length, turn.answer]))
  const messages = messagesOf(spec).map((message, i) => {
    const content = answers.get(i)
    return content === undefined ? message : { ...message, content }
  })
  return { ...(spec as object), messages }
}
