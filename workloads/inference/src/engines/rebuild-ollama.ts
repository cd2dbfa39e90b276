import { HeddleError } from '@heddle/protocol'
import type { ChatSpec, EmbeddingSpec, GenerationSpec, Message } from '../spec.ts'
import { forcedCall } from './forced-call.ts'
import { isShallow } from './json.ts'
import { startSchemas } from './schemas.ts'
import { turnsOf } from './turns.ts'

/** What is known of a model of Ollama's that its requests depend on. */
export type OllamaModel = { local: string; context: number; thinks: boolean; family: string }

type Body = { path: string; body: Record<string, unknown> }

/**
 * Builds the body of `/api/chat`, or of `/api/generate` for a raw prompt, anew. Every sampling option is said, so that
 * neither the engine's defaults nor a model's own parameters decide; nothing is cut off silently.
 * Throws `unsupported_by_model` for what Ollama has no field for, `bad_request` for arguments that are no JSON object.
 */
export function ollamaBody(spec: GenerationSpec, model: OllamaModel, seed: number): Body {
  const shared = {
    model: model.local,
    stream: true,
    options: optionsOf(spec, model, seed),
    // Without these a long prompt loses its beginning, and a long answer forgets it.
    truncate: false,
    shift: false,
    ...(spec.logprobs !== undefined
      ? { logprobs: true, ...(spec.logprobs > 0 ? { top_logprobs: spec.logprobs } : {}) }
      : {}),
  }
  if (spec.task === 'completion') return { path: '/api/generate', body: { ...shared, prompt: spec.prompt, raw: true } }
  return { path: '/api/chat', body: { ...shared, ...chatFields(spec, model) } }
}

const optionsOf = (spec: GenerationSpec, model: OllamaModel, seed: number): Record<string, unknown> => ({
  num_ctx: model.context,
  num_predict: spec.maxCompletion,
  temperature: spec.temperature,
  top_p: spec.topP,
  top_k: spec.topK ?? 0,
  min_p: 0,
  typical_p: 1,
  repeat_penalty: 1,
  frequency_penalty: spec.frequencyPenalty ?? 0,
  presence_penalty: spec.presencePenalty ?? 0,
  seed: spec.seed ?? seed,
  stop: [...spec.stop],
})

const unsupported = (what: string, param: string): HeddleError =>
  new HeddleError('unsupported_by_model', `${what} is not something that Ollama can do`, { cause: { param } })

function chatFields(spec: ChatSpec, model: OllamaModel): Record<string, unknown> {
  const { tools, toolChoice, format } = spec
  const schemas = startSchemas()
  const forced = forcedCall(spec, schemas)
  const told: readonly Message[] = forced
    ? [{ role: 'system', content: forced.words }, ...spec.messages]
    : spec.messages
  const names = new Map(
    spec.messages.flatMap(one =>
      one.role === 'assistant' ? (one.toolCalls ?? []).map(call => [call.id, call.name] as const) : [],
    ),
  )
  return {
    messages: turnsOf(told).map(({ message, at }) => messageOf(message, forced ? at - 1 : at, names)),
    ...(forced ? { format: forced.format } : {}),
    ...(tools && !forced && toolChoice !== 'none'
      ? {
          tools: tools.map((tool, i) => ({
            type: 'function',
            function: {
              name: tool.name,
              description: tool.description ?? '',
              parameters: schemas.parameters(tool, i),
            },
          })),
        }
      : {}),
    ...(format && !forced ? { format: format.type === 'json' ? 'json' : schemas.answer(format) } : {}),
    ...thinkOf(spec, model),
  }
}

/** gpt-oss thinks by level and cannot be told not to; every other model thinks or does not. */
function thinkOf({ reasoning }: ChatSpec, model: OllamaModel): Record<string, unknown> {
  if (!model.thinks || reasoning === undefined) return {}
  if (!model.family.startsWith('gptoss')) return { think: reasoning !== 'none' }
  if (reasoning === 'none') throw unsupported('no reasoning at all with this model', 'reasoning')
  return { think: reasoning }
}

function messageOf(message: Message, at: number, names: ReadonlyMap<string, string>): Record<string, unknown> {
  if (message.role === 'system') return { role: 'system', content: message.content }
  if (message.role === 'tool') {
    const name = names.get(message.callId)
    return {
      role: 'tool',
      content: message.content,
      tool_call_id: message.callId,
      ...(name !== undefined ? { tool_name: name } : {}),
    }
  }
  if (message.role === 'assistant')
    return {
      role: 'assistant',
      content: message.content,
      ...(message.reasoning ? { thinking: message.reasoning } : {}),
      ...(message.toolCalls
        ? {
            tool_calls: message.toolCalls.map((call, i) => ({
              id: call.id,
              function: { index: i, name: call.name, arguments: argumentsOf(call.arguments, at, i) },
            })),
          }
        : {}),
    }
  const { content } = message
  if (typeof content === 'string') return { role: 'user', content }
  const images = content.flatMap(part => (part.type === 'image' ? [part.data] : []))
  const text = content.flatMap(part => (part.type === 'text' ? [part.text] : [])).join('\n')
  return { role: 'user', content: text, ...(images.length > 0 ? { images } : {}) }
}

/** Ollama takes an object where everybody else takes a text. */
function argumentsOf(text: string, message: number, call: number): Record<string, unknown> {
  try {
    const value: unknown = text.trim() === '' ? {} : isShallow(text) ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  const param = `messages.${message}.tool_calls.${call}.function.arguments`
  throw new HeddleError('bad_request', `${param}: must be a JSON object`, { cause: { param } })
}

export const ollamaEmbedding = (spec: EmbeddingSpec, model: OllamaModel): Body => ({
  path: '/api/embed',
  body: { model: model.local, input: [...spec.input], truncate: false, options: { num_ctx: model.context } },
})
