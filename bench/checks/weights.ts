import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOfFile, resolveModel, tiny } from '@heddle/inference/models'
import type { Digest } from '@heddle/protocol'
import {
  edited,
  type Kind,
  pruned,
  quantized,
  readGguf,
  type Weights,
  writeGguf,
} from '../../workloads/inference/src/checker/testing/gguf.ts'

export type Model = { name: string; path: string; digest: Digest }

/** Weights that a provider claims, and what it could serve in their place. */
export type Claimed = { model: Model; swaps: readonly { name: string; model: Model }[] }

export const tinyPath = (): string => {
  const [source] = tiny.sources
  if (source?.kind !== 'bundled') throw new Error('the tiny model is part of its package')
  return source.path
}

const named = async (name: string, path: string): Promise<Model> => ({ name, path, digest: await digestOfFile(path) })

/** Writes files of changed weights into a folder. */
function startWriting(directory: string) {
  mkdirSync(directory, { recursive: true })
  return async (name: string, weights: Weights): Promise<Model> => {
    const path = join(directory, `${name}.gguf`)
    writeFileSync(path, writeGguf(weights))
    return named(name, path)
  }
}

/** Two tensors multiplied by 1.05: little enough that the text stays good, as whoever poisons a model wants it. */
const poison = (weights: Weights): Weights => {
  const matrices = weights.tensors.map(tensor => tensor.name).filter(name => /ffn_down\.weight$/.test(name))
  return edited(weights, matrices.slice(1, 3), 1.05)
}

/** The same shape with every matrix negated: another model with the same tokens. */
const negated = (weights: Weights): Weights => {
  const matrices = weights.tensors.filter(({ shape }) => shape.length > 1).map(({ name }) => name)
  return edited(weights, matrices, -1)
}

/**
 * A small model in Q8_0 and in F16, with everything that could stand in their place: F32, F16, Q8_0 and Q4_0 files of a
 * folder (`HEDDLE_TEST_MODELS`, stories260K), else the tiny model of this repository, rounded here. What is made lies in
 * `directory`.
 */
export async function openSmall(
  directory: string,
  folder = process.env['HEDDLE_TEST_MODELS'],
): Promise<{ eight: Claimed; half: Claimed }> {
  const write = startWriting(directory)
  const stem = 'stories260K'
  const given = (kind: Kind): string => join(folder ?? '', `${stem}-${kind.toLowerCase()}.gguf`)
  const has = folder !== undefined && existsSync(given('F32'))
  const source = readGguf(has ? given('F32') : tinyPath())
  const name = has ? stem : 'heddle-tiny'
  const each = (kind: Kind): Promise<Model> =>
    has && existsSync(given(kind))
      ? named(`${name}-${kind.toLowerCase()}`, given(kind))
      : write(`${name}-${kind.toLowerCase()}`, quantized(source, kind))
  const [f32, f16, q8, q4] = [await each('F32'), await each('F16'), await each('Q8_0'), await each('Q4_0')]
  const ours = readGguf(q8.path)
  const swaps = [
    { name: 'q8_0_to_q4_0', model: q4 },
    { name: 'poisoned_weights', model: await write(`${name}-poisoned`, poison(ours)) },
    { name: 'another_of_the_family', model: await write(`${name}-pruned`, pruned(ours)) },
    // With other tokens where there is such a model at hand.
    {
      name: 'another_family',
      model: has ? await named('heddle-tiny', tinyPath()) : await write(`${name}-other`, negated(source)),
    },
  ]
  return {
    eight: { model: q8, swaps },
    half: {
      model: f16,
      swaps: [
        { name: 'f16_to_q8_0', model: q8 },
        { name: 'f32_served_as_f16', model: f32 },
      ],
    },
  }
}

/** The default model (`HEDDLE_MODEL` names another), with what could be served in its place. */
export async function openDefault(directory: string): Promise<Claimed> {
  const setting = process.env['HEDDLE_MODEL']
  const model = await resolveModel({
    directory: process.env['HEDDLE_MODELS'] ?? join(directory, 'models'),
    ...(setting ? { setting } : {}),
  })
  const write = startWriting(directory)
  const weights = readGguf(model.path)
  return {
    model,
    swaps: [
      { name: 'q4_1_to_q4_0', model: await write(`${model.name}-q4_0`, quantized(weights, 'Q4_0')) },
      { name: 'poisoned_weights', model: await write(`${model.name}-poisoned`, poison(weights)) },
      { name: 'another_of_the_family', model: await write(`${model.name}-pruned`, pruned(weights)) },
    ],
  }
}
