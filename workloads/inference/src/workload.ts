import type { Offer, Usage, Workload } from '@heddle/protocol'
import { z } from 'zod'
import {
  byteLength,
  CHUNK_TOKENS,
  MAX_COMPLETION,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGES,
  MAX_PROMPT_BYTES,
  MAX_STOP_LENGTH,
  MAX_STOPS,
  promptBound,
} from './limits.ts'

export { CHUNK_TOKENS, type Message } from './limits.ts'

/** What is counted and paid: tokens evaluated for the prompt (template included), and tokens delivered. */
export type InferenceUnit = 'prompt' | 'completion'

// RFC 8785 has no form for a lone surrogate, and a tokenizer none for its bytes.
const text = z.string().refine(value => value.isWellFormed(), 'holds half a character')

const messageSchema = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: text.refine(value => byteLength(value) <= MAX_MESSAGE_BYTES, `is above ${MAX_MESSAGE_BYTES} bytes`),
})

export const inferenceSpecSchema = z.strictObject({
  messages: z
    .array(messageSchema)
    .min(1)
    .max(MAX_MESSAGES)
    .refine(
      messages => messages.reduce((sum, { content }) => sum + byteLength(content), 0) <= MAX_PROMPT_BYTES,
      `are above ${MAX_PROMPT_BYTES} bytes together`,
    ),
  /** Completion tokens after which the answer ends with `length`. */
  maxCompletion: z.int().min(1).max(MAX_COMPLETION),
  /** 0 takes the likeliest token every time. */
  temperature: z.number().min(0).max(2),
  /** Smallest set of likeliest tokens whose probability reaches this. */
  topP: z.number().gt(0).max(1),
  /** The answer ends before the first of these. */
  stop: z.array(text.min(1).max(MAX_STOP_LENGTH)).max(MAX_STOPS),
})

/** One conversation to continue. Its randomness is the job's seed, which the consumer's nonce fixes. */
export type InferenceSpec = z.infer<typeof inferenceSpecSchema>

/** The limits that an offer of this workload carries. */
export const INFERENCE_LIMITS = ['context', 'maxCompletion', 'concurrency', 'bodyBytes'] as const

const contextOf = (offer: Pick<Offer, 'limits'>): number => offer.limits['context'] ?? 0

function completionCap(spec: InferenceSpec, offer: Pick<Offer, 'limits'>): bigint {
  return BigInt(Math.min(spec.maxCompletion, offer.limits['maxCompletion'] ?? spec.maxCompletion, contextOf(offer)))
}

const atMost = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/**
 * Inference: messages in, text out. The first chunk is the prompt and at most 64 tokens, each later one at most 64.
 *
 * @example
 * ```ts
 * // sketch
 * import { inference } from '@heddle/inference/workload'
 * const spec = inference.spec.parse({
 *   messages: [{ role: 'user', content: 'hi' }], maxCompletion: 100, temperature: 0, topP: 1, stop: [],
 * })
 * inference.bound(spec, offer, { prompt: 0n, completion: 0n }) // { prompt: 146n, completion: 64n }
 * inference.total(spec, offer) // { prompt: 146n, completion: 100n }
 * ```
 */
export const inference: Workload<InferenceSpec, InferenceUnit> = {
  kind: 'inference',
  spec: inferenceSpecSchema,
  units: ['prompt', 'completion'],
  bound(spec, offer, used): Usage<InferenceUnit> {
    const begun = used.prompt > 0n || used.completion > 0n
    const left = completionCap(spec, offer) - used.completion
    return {
      prompt: begun ? 0n : BigInt(promptBound(spec.messages, contextOf(offer))),
      completion: left > 0n ? atMost(left, BigInt(CHUNK_TOKENS)) : 0n,
    }
  },
  /** A token is a byte at least; one chunk may be held back as the beginning of a character or of a stop string. */
  plausible: (spec, offer, bytes): Usage<InferenceUnit> => ({
    prompt: BigInt(promptBound(spec.messages, contextOf(offer))),
    completion: atMost(completionCap(spec, offer), BigInt(bytes + CHUNK_TOKENS)),
  }),
  total: (spec, offer): Usage<InferenceUnit> => ({
    prompt: BigInt(promptBound(spec.messages, contextOf(offer))),
    completion: completionCap(spec, offer),
  }),
}
