import type { Answer, Settlement } from '@heddle/protocol'
import { type Choice, reasoningTokensOf } from '../shared/choices.ts'
import { usedOf } from '../shared/usage.ts'

/** The parts that every piece of one answer repeats. */
export type Head = { id: string; created: number; model: string; system_fingerprint: string }

export const headOf = ({ id, model }: Answer, prefix: string): Head => ({
  id: `${prefix}-${id.slice(2, 34)}`,
  created: Math.floor(Date.now() / 1000),
  model: model.id,
  system_fingerprint: `fp_${model.digest.slice(2, 12)}`,
})

/** OpenAI counts remembered tokens among those of the prompt. */
export function usageOf(settlement: Settlement, choices: readonly Choice[]) {
  const { prompt, cached, completion } = usedOf(settlement)
  return {
    prompt_tokens: prompt + cached,
    completion_tokens: completion,
    total_tokens: prompt + cached + completion,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoningTokensOf(choices) },
  }
}
