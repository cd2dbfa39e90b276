import { digestOf, utf8 } from '@heddle/protocol'
import { z } from 'zod'
import { tokenNumber, wholeText } from '../../fields.ts'
import { MAX_CHOICES, MAX_COMPLETION, MAX_LOGIT_BIASES, MAX_STOP_LENGTH, MAX_STOPS } from '../../limits.ts'
import type { GenerationSpec } from '../../spec.ts'
import { hint, optional, refuse } from '../shared/parse.ts'

const stop = wholeText.max(MAX_STOP_LENGTH)

export const temperature = optional(z.number().min(0).max(2))
/** 0 is what many say for "the likeliest alone": the smallest share that there is. */
export const topP = optional(
  z
    .number()
    .min(0)
    .max(1)
    .transform(value => Math.max(value, LEAST_SHARE)),
)
const LEAST_SHARE = 1e-6
/** −1 and 0 are what local engines call "all of them". */
export const topK = optional(
  z
    .int()
    .min(-1)
    .max(1_000)
    .transform(value => (value < 1 ? undefined : value)),
)
/** More than any answer here may have is cut to that; −1 is what local engines call "as much as there is room for". */
export const maxCompletion = optional(
  z
    .int()
    .min(-1)
    .refine(value => value !== 0, 'must be at least 1'),
)
export const label = optional(z.string().max(512))

/** Completion tokens that are asked for: what fits is what an answer gets. */
export const completionOf = (wanted: number): number =>
  wanted === -1 ? MAX_COMPLETION : Math.min(wanted, MAX_COMPLETION)

/** Texts that end the answer. One that is empty ends nothing. */
export const stops = optional(
  z
    .union([stop, z.array(stop).max(MAX_STOPS)], {
      error: `must be a string or at most ${MAX_STOPS} strings of at most ${MAX_STOP_LENGTH} characters`,
    })
    .transform(value => [value].flat().filter(text => text !== '')),
)

/** Seeds of any size are seeds: the same one gives the same answer. −1 is what local engines call "any". */
export const seed = optional(z.number().refine(Number.isInteger, 'must be a whole number'))
const SEEDS = 0xffff_ffff
const seedOf = (value: number): number | undefined =>
  value === -1 ? undefined : Number(((BigInt(value) % BigInt(SEEDS)) + BigInt(SEEDS)) % BigInt(SEEDS))

/** How to draw tokens: the same in chat and in plain completions. */
export const samplingFields = {
  temperature,
  top_p: topP,
  // Not OpenAI's, but every open engine's.
  top_k: topK,
  frequency_penalty: optional(z.number().min(-2).max(2)),
  presence_penalty: optional(z.number().min(-2).max(2)),
  seed,
  // Mistral's name of it.
  random_seed: seed,
  stop: stops,
  n: optional(z.int().min(1).max(MAX_CHOICES)),
  logit_bias: optional(
    z
      .record(tokenNumber, z.number().min(-100).max(100))
      .refine(value => Object.keys(value).length <= MAX_LOGIT_BIASES, `has more than ${MAX_LOGIT_BIASES} tokens`),
  ),
  prompt_cache_key: label,
}

/** Fields that say what happens anyway; any other value is passed over. */
export const settledFields = {
  store: hint(z.literal(false)),
  service_tier: hint(z.enum(['auto', 'default'])),
}

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
  const { seed: own, random_seed: other } = request
  if (own != null && other != null && own !== other) throw refuse('random_seed', 'contradicts seed')
  const said = own ?? other
  const drawn = said == null ? undefined : seedOf(said)
  return {
    maxCompletion,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? 1,
    stop: stop ?? [],
    ...(request.top_k != null && { topK: request.top_k }),
    ...(request.frequency_penalty && { frequencyPenalty: request.frequency_penalty }),
    ...(request.presence_penalty && { presencePenalty: request.presence_penalty }),
    ...(drawn !== undefined && { seed: drawn }),
    ...(n && n > 1 && { choices: n }),
    ...(logprobs !== undefined && { logprobs }),
    ...(bias && Object.keys(bias).length > 0 && { logitBias: bias }),
    ...(key && { cache: cacheTag(key) }),
  }
}

/** How the fields of the spec are called by every API of OpenAI's. */
export const samplingNames: readonly (readonly [string, string])[] = [
  ['maxCompletion', 'max_tokens'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['choices', 'n'],
  ['logitBias', 'logit_bias'],
  ['cache', 'prompt_cache_key'],
]
