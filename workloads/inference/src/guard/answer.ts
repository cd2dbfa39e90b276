import type { Usage } from '@heddle/protocol'
import { CHUNK_TOKENS } from '../limits.ts'
import { type InferenceSpec, type InferenceUnit, promptBound } from '../workload.ts'

/** What an engine says that it used; `prompt` includes what was `cached`. */
export type Claim = { prompt: number; cached: number; completion: number }

/**
 * The rule for what an engine says that it used: a prompt is at most what its text can be, and a completion at most
 * what was asked for and what can stand behind the bytes that were delivered: a token is a byte at least, and one
 * chunk may be held back. What is above is not charged. `lied` says that something was.
 */
export function believable(
  spec: InferenceSpec,
  context: number,
  claim: Claim,
  bytes: number,
): { used: Usage<InferenceUnit>; lied: boolean } {
  const prompt = Math.min(claim.prompt, promptBound(spec, context))
  const cached = Math.min(claim.cached, prompt)
  const completion = Math.min(claim.completion, mostCompletion(spec, context), bytes + CHUNK_TOKENS)
  const lied = prompt < claim.prompt || cached < claim.cached || completion < claim.completion
  return { used: { prompt: BigInt(prompt - cached), cached: BigInt(cached), completion: BigInt(completion) }, lied }
}

/** Most completion tokens of a job, all its choices together. */
export function mostCompletion(spec: InferenceSpec, context: number): number {
  if (spec.task === 'embedding') return 0
  return Math.min(spec.maxCompletion, context) * (spec.choices ?? 1)
}
