import type { LlamaContextSequence, LlamaGrammarEvaluationState, Token, TokenBias } from 'node-llama-cpp'
import {
  type Candidate,
  type Drawing,
  draw,
  keepLikeliest,
  millinats,
  type Position,
  randomnessOf,
} from '../draw/drawing.ts'

/** How tokens are drawn. */
export type Sampling = {
  temperature: number
  topP: number
  topK: number
  /** What llama.cpp draws from: below 2^32 − 1, the value by which it means "surprise me". */
  seed: number
  /** What we draw from: integers, and the randomness of each position. */
  drawing: Drawing & { seed: `0x${string}`; choice: number }
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

/**
 * A drawn token. `likeliest` holds the drawn one too. `position` is what it was drawn from, where that is known.
 * Log-probabilities are in millinats.
 */
export type Drawn = { token: Token; logprob?: number; top?: Candidate[]; position?: Position }

/** The seam for drawing tokens: which of the likely next tokens is taken, and with what randomness. */
export interface Sampler {
  readonly name: string
  /**
   * Evaluates `tokens` on the sequence, then yields one drawn token per step. The one that ends the model's turn is
   * returned instead.
   */
  draw(sequence: LlamaContextSequence, tokens: Token[], sampling: Sampling): AsyncGenerator<Drawn, Drawn | undefined>
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
        const told = (one: Token, probability = 0) => ({ token: one, logprob: millinats(Math.log(probability)) })
        const top = [...probabilities].slice(0, logprobs).map(([one, probability]) => told(one, probability))
        yield { ...told(token, probabilities.get(token)), top }
      }
    }
    return undefined
  },
}

/**
 * Draws outside llama.cpp, from log-probabilities at temperature 1, after bias and penalties: the numbers that are told
 * are the numbers that are drawn from, so whoever has them can repeat the draw (docs/evidence.md). Only differences
 * between them count; they are of the whole vocabulary where the job wants to be told, else the likeliest has 0. Knows
 * no grammar.
 */
export const openSampler: Sampler = {
  name: 'open',
  async *draw(sequence, tokens, sampling) {
    const { topK, drawn, drawing, logprobs } = sampling
    const most = Math.max(topK, logprobs ?? 0)
    // llama.cpp leaves out all but the likeliest by itself, at no cost; what they are of the whole costs a look at all.
    const whole = logprobs !== undefined
    const options = { temperature: 1, topK: whole ? 0 : most, topP: 1, minP: 0, seed: 0, ...optionsOf(sampling) }
    const logits = whole ? { filter: { tokens: [], includeTop: most } } : true
    const randomAt = randomnessOf(drawing.seed, drawing.choice)
    let next = tokens
    while (true) {
      const last = next.at(-1)!
      const told = { logits, totalLogitWeight: whole, options }
      const outputs = await sequence.controlledEvaluate([...next.slice(0, -1), [last, { generateNext: told }]])
      const { logits: kept, totalLogitWeight: weight = 1 } = outputs.at(-1)?.next ?? {}
      if (!kept) throw new Error('the engine gave no logits')
      const entries = [...kept]
      let best = Number.NEGATIVE_INFINITY
      for (const [, logit] of entries) if (logit > best) best = logit
      const all = best + Math.log(weight)
      const likely = entries.map(([token, logit]) => ({ token: token as number, logprob: logit - all }))
      const candidates = keepLikeliest(likely, topK)
      const index = draw(candidates, drawing, randomAt(drawn.length))
      const { token, logprob } = candidates[index]!
      const one: Drawn = { token: token as Token, logprob, position: { candidates, drawn: index } }
      if (sequence.model.isEogToken(one.token)) return one
      yield logprobs ? { ...one, top: mostLikely(likely, logprobs) } : one
      next = [one.token]
    }
  },
}

/** The likeliest ones as they are told, those that are never drawn included. */
const mostLikely = (likely: readonly Candidate[], count: number): Candidate[] =>
  likely
    .map(({ token, logprob }) => ({ token, logprob: millinats(logprob) }))
    .sort((a, b) => b.logprob - a.logprob || a.token - b.token)
    .slice(0, count)

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
