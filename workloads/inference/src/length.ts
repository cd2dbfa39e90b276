import type { Offer } from '@heddle/protocol'
import type { GenerationSpec, InferenceSpec } from './spec.ts'

type Limits = Readonly<Offer['limits']>

/**
 * Completion tokens that an answer of this job can have under an offer's limits: what was asked, cut to what fits. With
 * the length of its prompt it is exact; without it is the most.
 *
 * @example
 * ```ts
 * // sketch
 * completionLimit(spec, { context: 8_192, maxCompletion: 1_024 }, 200) // at most 1024
 * ```
 */
export function completionLimit({ maxCompletion }: GenerationSpec, limits: Limits, prompt = 0): number {
  const { maxCompletion: most = maxCompletion, context } = limits as { maxCompletion?: number; context?: number }
  return Math.max(0, Math.min(maxCompletion, most, context === undefined ? maxCompletion : context - prompt))
}

/** A job that asks for no more than an offer gives. */
export function within<S extends InferenceSpec>(spec: S, limits: Limits = {}): S {
  if (spec.task === 'embedding') return spec
  const maxCompletion = Math.max(1, completionLimit(spec, limits))
  return maxCompletion === spec.maxCompletion ? spec : { ...spec, maxCompletion }
}
