import type { LlamaEmbeddingContext, Token } from 'node-llama-cpp'
import type { Piece } from '../output.ts'
import type { EmbeddingSpec } from '../spec.ts'
import type { Llama } from './llama.ts'
import type { Outbox } from './outbox.ts'
import type { Permission } from './permission.ts'
import { Refused } from './refused.ts'

export type Embedder = {
  /** The vector of one text, of length 1. */
  embed(tokens: Token[]): Promise<number[]>
}

/** A context of its own, made for the first text and given back `idleMs` after the last. Texts are read one by one. */
export function startEmbedder(idleMs: number, create: () => Promise<LlamaEmbeddingContext>): Embedder {
  let context: Promise<LlamaEmbeddingContext> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined

  async function read(tokens: Token[]): Promise<number[]> {
    clearTimeout(idle)
    try {
      context ??= create()
      const { vector } = await (await context).getEmbeddingFor(tokens)
      return unit(vector)
    } catch (error) {
      context = undefined
      throw error
    } finally {
      idle = setTimeout(() => {
        const old = context
        context = undefined
        void old?.then(it => it.dispose())
      }, idleMs)
    }
  }

  return {
    embed(tokens) {
      const mine = turn.then(() => read(tokens))
      turn = mine.catch(() => {})
      return mine
    },
  }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) throw new Error('the model gave no vector')
  return vector.map(one => one / length)
}

/** Little-endian 32-bit floats in base64. */
const encodeVector = (vector: readonly number[]): string => {
  const bytes = Buffer.alloc(4 * vector.length)
  for (const [i, one] of vector.entries()) bytes.writeFloatLE(one, 4 * i)
  return bytes.toString('base64')
}

/** The tokens of each input, with what the model's vocabulary puts around a text. Throws `Refused` for one too long. */
export function inputsOf({ model, facts }: Pick<Llama, 'model' | 'facts'>, { input }: EmbeddingSpec): Token[][] {
  const { shouldPrependBosToken, shouldAppendEosToken, bos, eos } = model.tokens
  return input.map((text, index) => {
    const begin = shouldPrependBosToken && bos !== null ? [bos] : []
    const end = shouldAppendEosToken && eos !== null ? [eos] : []
    const tokens = [...begin, ...model.tokenize(text), ...end]
    if (tokens.length >= facts.context) {
      const why = `an input of ${tokens.length} tokens does not fit into the context of ${facts.context}`
      throw new Refused('context_exceeded', why, `input.${index}`)
    }
    return tokens
  })
}

/** One piece for each input; false when the job was closed on the way. */
export async function embedAll(
  { embedder }: Llama,
  inputs: readonly Token[][],
  outbox: Outbox,
  permission: Permission,
): Promise<boolean> {
  if (!(await permission.granted())) return false
  let prompt = 0
  for (const [index, tokens] of inputs.entries()) {
    const vector = await embedder.embed(tokens)
    if (permission.closed) return false
    prompt += tokens.length
    const piece: Piece = { embedding: { index, data: encodeVector(vector) } }
    outbox.add([piece], { prompt })
  }
  outbox.pause('stop')
  return true
}
