import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOfFile, tiny } from '@heddle/inference/models'
import type { Digest } from '@heddle/protocol'
import {
  edited,
  type Kind,
  quantized,
  readGguf,
  type Weights,
  writeGguf,
} from '../../workloads/inference/src/checker/testing/gguf.ts'

export type Model = { name: string; path: string; digest: Digest }

const tinyPath = (): string => {
  const [source] = tiny.sources
  if (source?.kind !== 'bundled') throw new Error('the tiny model is part of its package')
  return source.path
}

/** One model in several kinds, a poisoned copy, and one of another family. */
export type Family = { name: string; kinds: Record<Kind, Model>; poisoned: Model; other: Model }

/**
 * Files in F32, F16, Q8_0 and Q4_0 of one model: those of a folder (`HEDDLE_TEST_MODELS`, names that end with the kind),
 * else the tiny model of this repository, rounded here. What is made lies in `directory`.
 */
export async function openFamily(directory: string, folder = process.env['HEDDLE_TEST_MODELS']): Promise<Family> {
  mkdirSync(directory, { recursive: true })
  const named = async (name: string, path: string): Promise<Model> => ({ name, path, digest: await digestOfFile(path) })
  const write = async (name: string, weights: Weights): Promise<Model> => {
    const path = join(directory, `${name}.gguf`)
    writeFileSync(path, writeGguf(weights))
    return named(name, path)
  }
  const stem = 'stories260K'
  const given = (kind: Kind): string => join(folder ?? '', `${stem}-${kind.toLowerCase()}.gguf`)
  const has = folder !== undefined && existsSync(given('F32'))
  const source = readGguf(has ? given('F32') : tinyPath())
  const name = has ? stem : 'heddle-tiny'
  const each = (kind: Kind): Promise<Model> =>
    has && existsSync(given(kind))
      ? named(`${name}-${kind.toLowerCase()}`, given(kind))
      : write(`${name}-${kind.toLowerCase()}`, quantized(source, kind))
  const kinds = { F32: await each('F32'), F16: await each('F16'), Q8_0: await each('Q8_0'), Q4_0: await each('Q4_0') }
  const touched = source.tensors
    .map(tensor => tensor.name)
    .filter(tensor => /ffn_down\.weight$/.test(tensor))
    .slice(1, 3)
  return {
    name,
    kinds,
    poisoned: await write(`${name}-poisoned`, edited(readGguf(kinds.Q8_0.path), touched, 1.05)),
    // Of another family, with another tokenizer where there is one at hand.
    other: has
      ? await named('heddle-tiny', tinyPath())
      : await write(
          `${name}-other`,
          edited(
            source,
            source.tensors.filter(({ shape }) => shape.length > 1).map(one => one.name),
            -1,
          ),
        ),
  }
}
