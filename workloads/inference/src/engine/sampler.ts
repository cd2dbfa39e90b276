import type { LlamaContextSequence, LlamaGrammarEvaluationState, Token, TokenBias } from 'node-llama-cpp'
import { type Candidate, draw, quantise, randomAt } from './draw.ts'

/** Only these likeliest tokens are ever drawn from where the job does not say, as in llama.cpp's own default. */
export const TOP_K = 40

/** How tokens are drawn. `seed` is below 2^32 − 1, the value by which llama.cpp means "surprise me". */
export type Sampling = {
  temperature: number
  topP: number
  topK: number
  seed: number
  /** Subtracted from a token's logit: `frequency` for each time the answer has it, `presence` if it has it at all. */
  penalties?: { frequency: number; presence: number; last: number }
  bias?: TokenBias
  /** What the answer has so far; grows as it is drawn. */
  drawn: Token[]
  /** What may come next, at this moment. */
  grammar: () => LlamaGrammarEvaluationState | undefined
  /** How many likeliest tokens are told beside the drawn one. */
  logprobs?: number
}

/** A drawn token. `likeliest` holds the drawn one too. */
export type Drawn = { token: Token; logprob?: number; top?: Candidate[] }

/** The seam for drawing tokens: which of the likely next tokens is taken, and with what randomness. */
export interface Sampler {
  readonly name: string
  /**
   * Evaluates `tokens` on the sequence, then yields one drawn token per step. Ends after the model's end of turn, which
   * is not yielded.
   */
  draw(sequence: LlamaContextSequence, tokens: Token[], sampling: Sampling): AsyncGenerator<Drawn, void>
}

function optionsOf({ penalties, bias, drawn }: Sampling) {
  return {
    ...(bias && { tokenBias: bias }),
    ...(penalties && {
      repeatPenalty: {
        punishTokens: () => drawn,
        maxPunishTokens: penalties.last,
        penalty: 1,
        frequencyPenalty: penalties.frequency,
        presencePenalty: penalties.presence,
      },
    }),
  }
}

/**
 * llama.cpp draws by itself: repeatable on one build, not replayable from a receipt. Its log-probabilities are over
 * what grammar, temperature and truncation have left.
 */
export const engineSampler: Sampler = {
  name: 'llama.cpp',
  async *draw(sequence, tokens, sampling) {
    const { temperature, topP, topK, seed, grammar, logprobs } = sampling
    const draws = sequence.evaluateWithMetadata(
      tokens,
      { probabilities: logprobs !== undefined },
      { temperature, topP, topK, minP: 0, seed, grammarEvaluationState: grammar, ...optionsOf(sampling) },
    )
    for await (const { token, probabilities } of draws as AsyncGenerator<{
      token: Token
      probabilities?: Map<Token, number>
    }>) {
      if (logprobs === undefined || !probabilities) yield { token }
      else {
        const told = (one: Token, probability = 0) => ({ token: one, logprob: quantise(Math.log(probability)) })
        const top = [...probabilities].slice(0, logprobs).map(([one, probability]) => told(one, probability))
        yield { ...told(token, probabilities.get(token)), top }
      }
    }
  },
}

/**
 * Draws outside llama.cpp, from log-probabilities of the model's distribution over its whole vocabulary at temperature
 * 1, after bias and penalties: the numbers that are told are the numbers that are drawn from. Knows no grammar.
 */
export const openSampler: Sampler = {
  name: 'open',
  async *draw(sequence, tokens, sampling) {
    const { topK, seed, drawn, logprobs = 0 } = sampling
    const options = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 0, ...optionsOf(sampling) }
    const filter = { tokens: [], includeTop: Math.max(topK, logprobs) }
    let next = tokens
    while (true) {
      const last = next.at(-1)!
      const told = { logits: { filter }, totalLogitWeight: true, options }
      const outputs = await sequence.controlledEvaluate([...next.slice(0, -1), [last, { generateNext: told }]])
      const { logits, totalLogitWeight } = outputs.at(-1)?.next ?? {}
      if (!logits || !totalLogitWeight) throw new Error('the engine gave no logits')
      const entries = [...logits]
      const whole = Math.max(...entries.map(([, logit]) => logit)) + Math.log(totalLogitWeight)
      const candidates = entries.map(([token, logit]) => ({ token, logprob: quantise(logit - whole) }))
      const token = draw(candidates, sampling, randomAt(seed, drawn.length)) as Token
      if (sequence.model.isEogToken(token)) return
      const top = candidates.toSorted((a, b) => b.logprob - a.logprob || a.token - b.token).slice(0, logprobs)
      const { logprob } = candidates.find(one => one.token === token)!
      yield { token, top, logprob }
      next = [token]
    }
  },
}

/**
 * A job's seed as the engine takes it: its first 32 bits, except that all ones become 0.
 *
 * @example
 * ```ts
 * // sketch
 * seedNumber('0x0000002a00000000000000000000000000000000000000000000000000000000') // 42
 * ```
 */
export const seedNumber = (seed: string): number => Number.parseInt(seed.slice(2, 10), 16) % 0xffff_ffff
