import { z } from 'zod'
import { boundedText, callId, imageData, imageMedia, schemaText, tokenNumber, toolName, wholeText } from './fields.ts'
import {
  byteLength,
  MAX_CHOICES,
  MAX_COMPLETION,
  MAX_EMBEDDINGS,
  MAX_IMAGES,
  MAX_LOGIT_BIASES,
  MAX_MESSAGES,
  MAX_PARTS,
  MAX_PROMPT_BYTES,
  MAX_STOP_LENGTH,
  MAX_STOPS,
  MAX_TOOL_CALLS,
  MAX_TOOLS,
  MAX_TOP_LOGPROBS,
} from './limits.ts'

/**
 * What one inference job asks for. Everything optional is absent when it is not wanted, so that one request has one
 * digest.
 */

const image = z.strictObject({ type: z.literal('image'), media: imageMedia, data: imageData })
const part = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('text'), text: boundedText }), image])

const toolCall = z.strictObject({ id: callId, name: toolName, arguments: boundedText })

const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: boundedText }),
  z.strictObject({ role: z.literal('user'), content: z.union([boundedText, z.array(part).min(1).max(MAX_PARTS)]) }),
  z.strictObject({
    role: z.literal('assistant'),
    content: boundedText,
    reasoning: boundedText.optional(),
    toolCalls: z.array(toolCall).min(1).max(MAX_TOOL_CALLS).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), callId, content: boundedText }),
])
export type Message = z.infer<typeof messageSchema>
export type ImagePart = z.infer<typeof image>

const toolSchema = z.strictObject({
  name: toolName,
  description: boundedText.optional(),
  parameters: schemaText.optional(),
  /** The arguments must be what `parameters` describes, in every call. */
  strict: z.literal(true).optional(),
})
export type Tool = z.infer<typeof toolSchema>

const sampling = {
  /** Completion tokens, of each choice, after which the answer ends with `length`. */
  maxCompletion: z.int().min(1).max(MAX_COMPLETION),
  /** 0 takes the likeliest token every time. */
  temperature: z.number().min(0).max(2),
  /** Smallest set of likeliest tokens whose probability reaches this. */
  topP: z.number().gt(0).max(1),
  topK: z.int().min(1).max(1_000).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  /** The consumer's own randomness, for an answer that can be had again; else the job's seed, which its nonce fixes. */
  seed: z.int().min(0).max(0xffff_fffe).optional(),
  /** The answer ends before the first of these. */
  stop: z.array(wholeText.min(1).max(MAX_STOP_LENGTH)).max(MAX_STOPS),
  /** How many answers; 1 when absent. */
  choices: z.int().min(2).max(MAX_CHOICES).optional(),
  /** Log-probabilities of the drawn tokens, and of this many likeliest ones beside each. */
  logprobs: z.int().min(0).max(MAX_TOP_LOGPROBS).optional(),
  /** What is added to the logits of tokens, by the model's own token number. */
  logitBias: z
    .record(tokenNumber, z.number().min(-100).max(100))
    .refine(value => Object.keys(value).length <= MAX_LOGIT_BIASES, `has more than ${MAX_LOGIT_BIASES} tokens`)
    .optional(),
  /** Jobs with the same tag may share what the engine remembers of a common beginning; without one nothing is kept. */
  cache: z
    .string()
    .regex(/^[0-9a-f]{16,64}$/)
    .optional(),
}

const chatSchema = z.strictObject({
  task: z.literal('chat'),
  messages: z.array(messageSchema).min(1).max(MAX_MESSAGES),
  tools: z.array(toolSchema).min(1).max(MAX_TOOLS).optional(),
  /** `auto` when absent and there are tools. */
  toolChoice: z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name: toolName })]).optional(),
  /** False: at most one call an answer. */
  parallelTools: z.literal(false).optional(),
  /** The answer is JSON: any, or what this schema describes. */
  format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('json') }),
      z.strictObject({ type: z.literal('schema'), name: toolName.optional(), schema: schemaText }),
    ])
    .optional(),
  /** Schemas are held whole, as a grammar can: an engine that takes schemas would hold less of these. */
  exact: z.literal(true).optional(),
  /** How much a reasoning model may think before it answers. */
  reasoning: z.enum(['none', 'low', 'medium', 'high']).optional(),
  ...sampling,
})

const completionSchema = z.strictObject({ task: z.literal('completion'), prompt: boundedText, ...sampling })

const embeddingSchema = z.strictObject({
  task: z.literal('embedding'),
  input: z.array(boundedText.min(1)).min(1).max(MAX_EMBEDDINGS),
})

export type ChatSpec = z.infer<typeof chatSchema>
export type CompletionSpec = z.infer<typeof completionSchema>
export type EmbeddingSpec = z.infer<typeof embeddingSchema>

export const inferenceSpecSchema = z
  .discriminatedUnion('task', [chatSchema, completionSchema, embeddingSchema])
  .superRefine((spec, context) => {
    if (textBytes(spec) > MAX_PROMPT_BYTES)
      context.addIssue({ code: 'custom', message: `above ${MAX_PROMPT_BYTES} bytes of text together` })
    if (imagesOf(spec).length > MAX_IMAGES)
      context.addIssue({ code: 'custom', message: `more than ${MAX_IMAGES} images` })
  })

/** One piece of inference: a conversation to continue, a text to continue, or texts to embed. */
export type InferenceSpec = z.infer<typeof inferenceSpecSchema>
/** What makes text, token by token. */
export type GenerationSpec = ChatSpec | CompletionSpec

/** The texts that become the prompt. */
export function textsOf(spec: InferenceSpec): string[] {
  if (spec.task === 'embedding') return spec.input
  if (spec.task === 'completion') return [spec.prompt]
  return spec.messages.flatMap(message => {
    if (message.role === 'assistant') {
      const calls = message.toolCalls?.flatMap(call => [call.id, call.name, call.arguments]) ?? []
      return [message.content, message.reasoning ?? '', ...calls]
    }
    if (message.role === 'tool') return [message.callId, message.content]
    if (typeof message.content === 'string') return [message.content]
    return message.content.flatMap(one => (one.type === 'text' ? [one.text] : []))
  })
}

export function imagesOf(spec: InferenceSpec): ImagePart[] {
  if (spec.task !== 'chat') return []
  return spec.messages.flatMap(message =>
    message.role !== 'user' || typeof message.content === 'string'
      ? []
      : message.content.filter(one => one.type === 'image'),
  )
}

/** UTF-8 bytes of all of a prompt's text. */
export const textBytes = (spec: InferenceSpec): number => textsOf(spec).reduce((sum, one) => sum + byteLength(one), 0)
