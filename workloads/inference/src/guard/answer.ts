import type { Usage } from '@heddle/protocol'
import { CHUNK_TOKENS } from '../limits.ts'
import { type InferenceSpec, type InferenceUnit, promptBound } from '../workload.ts'

/** What an engine says that it used, in tokens; `prompt` includes what was `cached`. */
export type Claim = { prompt: number; cached: number; completion: number }

/** Most tokens of a job: its prompt, and all its choices together. */
export type Bounds = { prompt: number; completion: number }

/** What a job's own words and its offer's context allow; worked out once, for it reads the whole prompt. */
export const boundsOf = (spec: InferenceSpec, context: number): Bounds => ({
  prompt: promptBound(spec, context),
  completion: spec.task === 'embedding' ? 0 : Math.min(spec.maxCompletion, context) * (spec.choices ?? 1),
})

/**
 * The rule for what an engine says that it used: a prompt is at most what its text can be, and a completion at most
 * what was asked for and what can stand behind the bytes that were delivered: a token is a byte at least, and one
 * chunk may be held back. What is above is not charged.
 */
export function believable(bounds: Bounds, claim: Claim, bytes: number): Claim {
  const prompt = Math.min(claim.prompt, bounds.prompt)
  return {
    prompt,
    cached: Math.min(claim.cached, prompt),
    completion: Math.min(claim.completion, bounds.completion, bytes + CHUNK_TOKENS),
  }
}

/** Whether anything of a claim was not believed. */
export const isBelow = (believed: Claim, claim: Claim): boolean =>
  believed.prompt < claim.prompt || believed.cached < claim.cached || believed.completion < claim.completion

export const usageOf = ({ prompt, cached, completion }: Claim): Usage<InferenceUnit> => ({
  prompt: BigInt(prompt - cached),
  cached: BigInt(cached),
  completion: BigInt(completion),
})
