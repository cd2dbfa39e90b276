import { digestOf, utf8 } from '@heddle/protocol'
import { z } from 'zod'
import { tokenNumber, wholeText } from '../../fields.ts'
import { MAX_CHOICES, MAX_COMPLETION, MAX_LOGIT_BIASES, MAX_STOP_LENGTH, MAX_STOPS } from '../../limits.ts'
import type { GenerationSpec } from '../../spec.ts'
import { optional } from '../shared/parse.ts'

const stop = wholeText.min(1).max(MAX_STOP_LENGTH)

export const temperature = optional(z.number().min(0).max(2))
export const topP = optional(z.number().gt(0).max(1))
export const topK = optional(z.int().min(1).max(1_000))
export const maxCompletion = optional(z.int().min(1).max(MAX_COMPLETION))
export const label = optional(z.string().max(512))

/** How to draw tokens: the same in chat and in plain completions. */
export const samplingFields = {
  temperature,
  top_p: topP,
  // Not OpenAI's, but every open engine's.
  top_k: topK,
  frequency_penalty: optional(z.number().min(-2).max(2)),
  presence_penalty: optional(z.number().min(-2).max(2)),
  seed: optional(z.int().min(0).max(0xffff_fffe)),
  stop: optional(
    z.union([stop, z.array(stop).max(MAX_STOPS)], {
      error: `must be a string or at most ${MAX_STOPS} strings of 1 to ${MAX_STOP_LENGTH} characters`,
    }),
  ),
  n: optional(z.int().min(1).max(MAX_CHOICES)),
  logit_bias: optional(
    z
      .record(tokenNumber, z.number().min(-100).max(100))
      .refine(value => Object.keys(value).length <= MAX_LOGIT_BIASES, `has more than ${MAX_LOGIT_BIASES} tokens`),
  ),
  prompt_cache_key: label,
}

/** Fields that say what happens anyway, and are refused with any other value. */
export const settledFields = {
  store: optional(z.literal(false, 'must be false: nothing is stored')),
  service_tier: optional(z.enum(['auto', 'default'])),
}

/** Labels that stay here: no provider is told who asks. */
export const labelFields = { user: label, safety_identifier: label }

type Sampling = z.infer<z.ZodObject<typeof samplingFields>>

/** The tag of what an engine may remember; only its hash leaves the house. */
export const cacheTag = (key: string): string => digestOf(utf8(key)).slice(2)

/** Sampling in the words of the workload; what has no effect is left out, so that one request has one digest. */
export function readSampling(
  request: Sampling,
  maxCompletion: number,
  logprobs: number | undefined,
): Omit<GenerationSpec, 'task' | 'messages' | 'prompt'> {
  const { stop, n, logit_bias: bias, prompt_cache_key: key } = request
  return {
    maxCompletion,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: typeof stop === 'string' ? [stop] : (stop ?? []),
    ...(request.top_k != null && { topK: request.top_k }),
    ...(request.frequency_penalty && { frequencyPenalty: request.frequency_penalty }),
    ...(request.presence_penalty && { presencePenalty: request.presence_penalty }),
    ...(request.seed != null && { seed: request.seed }),
    ...(n && n > 1 && { choices: n }),
    ...(logprobs !== undefined && { logprobs }),
    ...(bias && Object.keys(bias).length > 0 && { logitBias: bias }),
    ...(key && { cache: cacheTag(key) }),
  }
}
