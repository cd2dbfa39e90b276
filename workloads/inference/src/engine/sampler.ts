import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Sampling } from './messages.ts'

/** Only these likeliest tokens are ever drawn from, as in llama.cpp's own default. */
export const TOP_K = 40

/** The seam for drawing tokens: which of the likely next tokens is taken, and with what randomness. */
export interface Sampler {
  readonly name: string
  /**
   * Evaluates `tokens` on the sequence, then yields one drawn token per step. Ends after the model's end of turn,
   * which is not yielded.
   */
  draw(sequence: LlamaContextSequence, tokens: Token[], sampling: Sampling): AsyncGenerator<Token, void>
}

/** llama.cpp draws by itself: repeatable on one build, not replayable from a receipt. */
export const engineSampler: Sampler = {
  name: 'llama.cpp',
  draw: (sequence, tokens, { temperature, topP, seed }) =>
    sequence.evaluate(tokens, { temperature, topP, topK: TOP_K, minP: 0, seed }) as AsyncGenerator<Token, void>,
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
