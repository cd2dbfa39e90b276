import { classOf, encodeHead, MOST_CANDIDATES, type Position, promptDigestOf, startEvidence } from '../draw/drawing.ts'
import type { GenerationSpec } from '../spec.ts'
import type { Llama } from './llama.ts'
import type { Sampling } from './sampler.ts'
import type { Prompt } from './template.ts'

/** What an answer's tokens were drawn from, as it is kept. */
export type AnswerRecord = {
  add(position: Position): void
  /** The leaves of the evidence; `ended` when the last position drew the end of the answer. */
  leaves(ended: boolean): Uint8Array[]
}

/** Whether a draw of this answer can be repeated from what was told of it: nothing but the model has a say in it. */
export const isReplayable = (spec: GenerationSpec, { bias, penalties, topK }: Sampling): boolean =>
  spec.choices === undefined && bias === undefined && penalties === undefined && topK <= MOST_CANDIDATES

/** Writes down what each token of an answer is drawn from. */
export function startRecord({ facts, model }: Llama, prompt: Prompt, { drawing, topK }: Sampling): AnswerRecord {
  const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length
  const width = vocabulary <= 65_536 ? 2 : 3
  const evidence = startEvidence({ width, topK, vocabulary })
  const leaves: Uint8Array[] = []
  return {
    add(position) {
      const leaf = evidence.add(position)
      if (leaf) leaves.push(leaf)
    },
    leaves(ended) {
      const last = evidence.end()
      if (last) leaves.push(last)
      const { build, hardware, quantization = '' } = facts
      const head = encodeHead({
        ...drawing,
        replayable: true,
        ended,
        width,
        choice: 0,
        topK,
        vocabulary,
        prompt: prompt.tokens.length,
        positions: evidence.positions(),
        promptDigest: promptDigestOf(prompt.tokens),
        class: classOf({ build, hardware, quantization }),
      })
      return [head, ...leaves]
    },
  }
}
