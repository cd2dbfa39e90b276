import type { ChatSpec, CompletionSpec, EmbeddingSpec, GenerationSpec, Message, Tool } from '../spec.ts'
import { type JobSchemas, startSchemas } from './schemas.ts'
import { turnsOf } from './turns.ts'

/** What differs between the servers that speak OpenAI's API. Everything else is the same, and listed field by field. */
export type OpenAiDialect = {
  /** Fields that only this server knows, from a spec that needs them. */
  more(spec: GenerationSpec): Record<string, unknown>
  /** Whether counts come in every chunk when asked for. */
  continuousUsage?: boolean
  /** Whether `top_k` is a field here. */
  topK?: boolean
  /** How a plain completion is asked for its likelihoods, where not by OpenAI's older `logprobs`: a number. */
  completionLogprobs?(most: number): Record<string, unknown>
  /** A tool cannot be named in `tool_choice`: then it is the only one, and required. */
  namesNoTool?: true
  /** It refuses `json_object`: an object of any kind is asked for by a schema. */
  objectBySchema?: true
  /** It takes a grammar in GBNF, which holds more than any schema that it reads. */
  grammar?: true
}

/**
 * Builds the body of `/v1/chat/completions` or `/v1/completions` anew. Nothing of a request is copied but what stands
 * here; `model` is the engine's own name. How long the answer may become is always said: what an engine takes where it is not
 * (16 tokens, 100, 128) is nothing that was asked for.
 */
export function openAiBody(
  spec: GenerationSpec,
  model: string,
  seed: number,
  dialect: OpenAiDialect,
  { maxTokens = spec.maxCompletion, schemas = startSchemas() }: { maxTokens?: number; schemas?: JobSchemas } = {},
): Record<string, unknown> {
  const { continuousUsage } = dialect
  return {
    model,
    ...(spec.task === 'chat' ? chatFields(spec, dialect, schemas) : completionFields(spec, dialect)),
    max_tokens: maxTokens,
    temperature: spec.temperature,
    top_p: spec.topP,
    ...(dialect.topK && spec.topK !== undefined ? { top_k: spec.topK } : {}),
    ...(spec.frequencyPenalty ? { frequency_penalty: spec.frequencyPenalty } : {}),
    ...(spec.presencePenalty ? { presence_penalty: spec.presencePenalty } : {}),
    seed: spec.seed ?? seed,
    ...(spec.stop.length > 0 ? { stop: [...spec.stop] } : {}),
    ...(spec.choices ? { n: spec.choices } : {}),
    ...(spec.logitBias ? { logit_bias: { ...spec.logitBias } } : {}),
    stream: true,
    stream_options: { include_usage: true, ...(continuousUsage ? { continuous_usage_stats: true } : {}) },
    ...dialect.more(spec),
  }
}

/** How much to think, where a model's template decides whether it does. */
export function thinkingByTemplate(spec: GenerationSpec): Record<string, unknown> {
  if (spec.task !== 'chat' || spec.reasoning === undefined) return {}
  if (spec.reasoning === 'none') return { chat_template_kwargs: { enable_thinking: false } }
  return { reasoning_effort: spec.reasoning, chat_template_kwargs: { enable_thinking: true } }
}

function completionFields({ prompt, logprobs }: CompletionSpec, { completionLogprobs }: OpenAiDialect) {
  return { prompt, ...(logprobs !== undefined ? (completionLogprobs?.(logprobs) ?? { logprobs }) : {}) }
}

function chatFields(spec: ChatSpec, dialect: OpenAiDialect, schemas: JobSchemas): Record<string, unknown> {
  const { logprobs } = spec
  return {
    messages: turnsOf(spec.messages).map(({ message }) => messageOf(message)),
    ...(spec.tools ? toolFields(spec, spec.tools, dialect, schemas) : {}),
    ...(spec.format ? formatFields(spec, spec.format, dialect, schemas) : {}),
    ...(logprobs !== undefined ? { logprobs: true, ...(logprobs > 0 ? { top_logprobs: logprobs } : {}) } : {}),
  }
}

function toolFields(
  { toolChoice, parallelTools }: ChatSpec,
  tools: readonly Tool[],
  { namesNoTool }: OpenAiDialect,
  schemas: JobSchemas,
): Record<string, unknown> {
  const alone = namesNoTool && typeof toolChoice === 'object' ? toolChoice.name : undefined
  const choice = alone === undefined ? toolChoice : 'required'
  return {
    tools: tools.filter(({ name }) => alone === undefined || name === alone).map((tool, i) => toolOf(tool, i, schemas)),
    ...(choice !== undefined ? { tool_choice: choiceOf(choice) } : {}),
    ...(parallelTools === false ? { parallel_tool_calls: false } : {}),
  }
}

function messageOf(message: Message): Record<string, unknown> {
  if (message.role === 'system') return { role: 'system', content: message.content }
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content }
  if (message.role === 'assistant')
    return {
      role: 'assistant',
      content: message.content,
      ...(message.reasoning ? { reasoning_content: message.reasoning } : {}),
      ...(message.toolCalls
        ? {
            tool_calls: message.toolCalls.map(call => ({
              id: call.id,
              type: 'function',
              function: { name: call.name, arguments: call.arguments },
            })),
          }
        : {}),
    }
  const { content } = message
  if (typeof content === 'string') return { role: 'user', content }
  return {
    role: 'user',
    content: content.map(part =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'image_url', image_url: { url: `data:${part.media};base64,${part.data}` } },
    ),
  }
}

const toolOf = (tool: Tool, i: number, schemas: JobSchemas): Record<string, unknown> => ({
  type: 'function',
  function: {
    name: tool.name,
    ...(tool.description !== undefined ? { description: tool.description } : {}),
    parameters: schemas.parameters(tool, i),
    ...(tool.strict ? { strict: true } : {}),
  },
})

const choiceOf = (choice: NonNullable<ChatSpec['toolChoice']>): unknown =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }

/** A grammar of ours holds all of a schema; beside tools no engine takes one. */
const formatFields = (
  spec: ChatSpec,
  format: NonNullable<ChatSpec['format']>,
  { grammar, objectBySchema }: OpenAiDialect,
  schemas: JobSchemas,
) =>
  grammar && format.type === 'schema' && !spec.tools
    ? { grammar: schemas.grammar(format) }
    : { response_format: objectBySchema && format.type === 'json' ? ANY_OBJECT : formatOf(format, schemas) }

const ANY_OBJECT = { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } }

const formatOf = (format: NonNullable<ChatSpec['format']>, schemas: JobSchemas): unknown =>
  format.type === 'json'
    ? { type: 'json_object' }
    : {
        type: 'json_schema',
        json_schema: { name: format.name ?? 'answer', schema: schemas.answer(format), strict: true },
      }

export const embeddingBody = (spec: EmbeddingSpec, model: string): Record<string, unknown> => ({
  model,
  input: [...spec.input],
  encoding_format: 'float',
})
