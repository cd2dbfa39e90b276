import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Digest, digestOf, HeddleError, utf8 } from '@heddle/protocol'
import { digestOfWeights } from '../models/weights.ts'
import { isObject, listAt, objectAt, parseObject, textAt } from './json.ts'

const WEIGHTS = 'application/vnd.ollama.image.model'
/** What changes the answers as weights do: adapters, and the part that sees images. */
const MORE_WEIGHTS = ['application/vnd.ollama.image.adapter', 'application/vnd.ollama.image.projector']
const MAX_LAYERS = 64

/** Where Ollama keeps models: as it is told, in the user's home, or where its system service lives. */
export const ollamaFolders = (given?: string): string[] =>
  given
    ? [given]
    : [process.env['OLLAMA_MODELS'] || [], join(homedir(), '.ollama/models'), '/usr/share/ollama/.ollama/models'].flat()

/**
 * The digest of a model's weights, from their bytes: the manifest is found by the model's name and must be the one
 * that the engine says it has, and each blob of weights must have the digest that it is called by. Nothing when the
 * files are not readable here.
 * Throws `model_digest` for a blob that is not what it is called.
 */
export async function ollamaWeights(
  folders: readonly string[],
  local: string,
  manifestDigest: string,
  memory: string | undefined,
): Promise<Digest | undefined> {
  for (const folder of folders) {
    const bytes = await readFile(join(folder, 'manifests', ...manifestPath(local))).catch(() => undefined)
    if (!bytes || digestOf(bytes) !== `0x${manifestDigest}`) continue
    const layers = weightsIn(bytes.toString('utf8'))
    if (!layers) return undefined
    const digests: Digest[] = []
    for (const layer of layers) {
      const path = join(folder, 'blobs', `sha256-${layer}`)
      const digest = await digestOfWeights(path, memory).catch(() => undefined)
      if (!digest) return undefined
      if (digest !== `0x${layer}`) throw new HeddleError('model_digest', `${path} has the digest ${digest}`)
      digests.push(digest)
    }
    // A lone file of weights is known by its own digest, as everywhere else.
    return digests.length === 1 ? digests[0]! : digestOf(utf8(digests.join('\n')))
  }
  return undefined
}

/** Digests of the layers with weights, the model's first; nothing when a layer's digest is none. */
function weightsIn(manifest: string): string[] | undefined {
  const layers = listAt(parseObject(manifest), 'layers').slice(0, MAX_LAYERS).filter(isObject)
  const of = (types: readonly string[]) => layers.filter(layer => types.includes(textAt(layer, 'mediaType') ?? ''))
  const model = of([WEIGHTS])
  if (model.length === 0) return undefined
  const found = [...model, ...of(MORE_WEIGHTS)].map(
    layer => /^sha256:([0-9a-f]{64})$/.exec(textAt(layer, 'digest') ?? '')?.[1],
  )
  return found.every(digest => digest !== undefined) ? found : undefined
}

/** `[host/][namespace/]model[:tag]` as folders. The name has passed `isModelName`: no part of it is a way out. */
function manifestPath(local: string): string[] {
  const [path, tag = 'latest'] = local.split(':') as [string, string?]
  const parts = path.split('/')
  const model = parts.pop()!
  const namespace = parts.pop() ?? 'library'
  const host = parts.pop() ?? 'registry.ollama.ai'
  return [host, namespace, model, tag]
}

export const quantizationOf = (details: Readonly<Record<string, unknown>>): { quantization?: string } => {
  const level = textAt(details, 'quantization_level')
  return level && /^[A-Za-z0-9_.-]{1,32}$/.test(level) && level !== 'unknown' ? { quantization: level } : {}
}

export const familyOf = (model: Readonly<Record<string, unknown>>): string =>
  textAt(objectAt(model, 'details'), 'family') ?? ''
