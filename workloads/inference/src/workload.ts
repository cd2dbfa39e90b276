import type { Offer, Usage, Workload } from '@heddle/protocol'
import { featuresOf } from './features.ts'
import { completionLimit } from './length.ts'
import {
  BYTES_A_LOGPROB,
  BYTES_A_TOKEN,
  BYTES_AROUND,
  byteLength,
  CHUNK_TOKENS,
  IMAGE_TOKENS,
  MAX_DIMENSIONS,
  MESSAGE_TOKENS,
  TEMPLATE_TOKENS,
  TOOLS_TOKENS,
} from './limits.ts'
import { type InferenceSpec, imagesOf, inferenceSpecSchema, textBytes } from './spec.ts'

export { FEATURES, type Feature, featuresOf } from './features.ts'
export { CHUNK_TOKENS } from './limits.ts'
export * from './output.ts'
export * from './spec.ts'

/**
 * What is counted and paid: tokens evaluated for the prompt (template included), tokens of it that the engine still
 * remembered, and tokens delivered.
 */
export type InferenceUnit = 'prompt' | 'cached' | 'completion'

/** The limits that an offer of this workload carries. */
export const INFERENCE_LIMITS = ['context', 'maxCompletion', 'concurrency', 'bodyBytes'] as const

type Limits = Pick<Offer, 'limits'>
const contextOf = (offer: Limits): number => offer.limits['context'] ?? 0

/** Most tokens that a prompt can be: every token covers at least one byte of what was written. */
export function promptBound(spec: InferenceSpec, context: number): number {
  const bytes = textBytes(spec)
  // Each text of an embedding is read by itself.
  if (spec.task === 'embedding')
    return Math.min(bytes + spec.input.length * MESSAGE_TOKENS, context * spec.input.length)
  if (spec.task === 'completion') return Math.min(bytes + MESSAGE_TOKENS, context)
  const messages = TEMPLATE_TOKENS + bytes + spec.messages.length * MESSAGE_TOKENS
  const tools = spec.tools ? TOOLS_TOKENS + 2 * byteLength(JSON.stringify(spec.tools)) : 0
  const format = spec.format ? TOOLS_TOKENS + 2 * byteLength(JSON.stringify(spec.format)) : 0
  return Math.min(messages + tools + format + imagesOf(spec).length * IMAGE_TOKENS, context)
}

function completionCap(spec: InferenceSpec, { limits }: Limits): number {
  if (spec.task === 'embedding') return 0
  return completionLimit(spec, { ...limits, context: limits['context'] ?? 0 }) * (spec.choices ?? 1)
}

/**
 * Inference: messages in, text out. The first chunk is the prompt and at most 64 tokens, each later one at most 64.
 *
 * @example
 * ```ts
 * // sketch
 * import { inference } from '@heddle/inference/workload'
 * const spec = inference.spec.parse({
 *   task: 'chat', messages: [{ role: 'user', content: 'hi' }], maxCompletion: 100, temperature: 0, topP: 1, stop: [],
 * })
 * inference.bound(spec, offer, { prompt: 0n, cached: 0n, completion: 0n }) // { prompt: 146n, cached: 0n, completion: 64n }
 * inference.total(spec, offer) // { prompt: 146n, cached: 0n, completion: 100n }
 * ```
 */
export const inference: Workload<InferenceSpec, InferenceUnit> = {
  kind: 'inference',
  spec: inferenceSpecSchema,
  units: { prompt: 'input', cached: 'cached', completion: 'output' },
  requires: featuresOf,
  /** Until an engine has said how long the prompt is, all of it may still be to come. */
  bound(spec, offer, used): Usage<InferenceUnit> {
    const left = BigInt(completionCap(spec, offer)) - used.completion
    const counted = used.prompt + used.cached > 0n
    return {
      prompt: counted ? 0n : BigInt(promptBound(spec, contextOf(offer))),
      cached: 0n,
      completion: left > BigInt(CHUNK_TOKENS) ? BigInt(CHUNK_TOKENS) : left > 0n ? left : 0n,
    }
  },
  /** A token is a byte at least; one chunk may be held back as the beginning of a character or of a stop string. */
  plausible(spec, offer, used, bytes): boolean {
    const most = Math.min(completionCap(spec, offer), bytes + CHUNK_TOKENS)
    return used.prompt + used.cached <= BigInt(promptBound(spec, contextOf(offer))) && used.completion <= BigInt(most)
  },
  /** Never less than what a worker reads of its engine for the same job. */
  room(spec, offer): number {
    // A dimension is four bytes, as base64; what names a vector is short.
    if (spec.task === 'embedding') return spec.input.length * (6 * MAX_DIMENSIONS + 256)
    return BYTES_AROUND + completionCap(spec, offer) * (BYTES_A_TOKEN + (spec.logprobs ?? 0) * BYTES_A_LOGPROB)
  },
  total: (spec, offer): Usage<InferenceUnit> => ({
    prompt: BigInt(promptBound(spec, contextOf(offer))),
    cached: 0n,
    completion: BigInt(completionCap(spec, offer)),
  }),
}
