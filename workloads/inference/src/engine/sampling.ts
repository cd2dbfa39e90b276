import { type LlamaModel, type Token, TokenBias } from 'node-llama-cpp'
import { askedDrawing, DEFAULT_TOP_K, ownSeed } from '../draw/drawing.ts'
import type { GenerationSpec } from '../spec.ts'
import { Refused } from './refused.ts'
import { type Sampling, seedNumber } from './sampler.ts'

export type SamplingOptions = {
  model: LlamaModel
  spec: GenerationSpec
  /** The job's seed, 32 bytes in hex; the consumer's own goes before it. */
  seed: string
  choice: number
  /** What the answer has so far. */
  drawn: Token[]
  grammar: Sampling['grammar']
}

/** How one answer is drawn. Another choice has the seed after the one before. */
export function samplingOf({ model, spec, seed, choice, drawn, grammar }: SamplingOptions): Sampling {
  const { temperature, topP, topK = DEFAULT_TOP_K, frequencyPenalty = 0, presencePenalty = 0, logprobs } = spec
  const asked = askedDrawing(spec)
  if (!asked) throw new Refused('bad_request', 'no way to draw tokens', 'temperature')
  const bias = biasOf(model, spec)
  const penalised = frequencyPenalty !== 0 || presencePenalty !== 0
  return {
    temperature,
    topP,
    topK,
    seed: ((spec.seed ?? seedNumber(seed)) + choice) % 0xffff_ffff,
    drawing: {
      temperature: asked.temperature,
      topP: asked.topP,
      ...(spec.seed === undefined
        ? { seed: seed as `0x${string}`, choice }
        : { seed: ownSeed((spec.seed + choice) % 0xffff_ffff), choice: 0 }),
    },
    grammar,
    drawn,
    ...(bias && { bias }),
    ...(penalised && {
      penalties: {
        frequency: frequencyPenalty,
        presence: presencePenalty,
        last: spec.maxCompletion,
      },
    }),
    ...(logprobs !== undefined && { logprobs }),
  }
}

/** Throws `Refused` for a token that the model does not have, and for those that end an answer: they keep their odds. */
export function biasOf(model: LlamaModel, { logitBias }: GenerationSpec): TokenBias | undefined {
  if (!logitBias) return undefined
  const bias = TokenBias.for(model)
  const { length } = model.fileInfo.metadata.tokenizer.ggml.tokens
  for (const [key, logit] of Object.entries(logitBias)) {
    const token = Number(key) as Token
    const param = `logitBias.${key}`
    if (token >= length)
      throw new Refused('bad_request', `the model has ${length} tokens, and none with the number ${key}`, param)
    if (model.isEogToken(token))
      throw new Refused('unsupported_field', `the token ${key} ends answers and keeps its odds`, param)
    bias.set(token, { logit })
  }
  return bias
}
