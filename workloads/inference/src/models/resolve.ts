import { mkdir, stat } from 'node:fs/promises'
import { setGlobalProxyFromEnv } from 'node:http'
import { basename, join, resolve } from 'node:path'
import { type Digest, HeddleError, isHeddleError } from '@heddle/protocol'
import { type CatalogueEntry, findModel, models } from './catalogue.ts'
import { asStorageError } from './download.ts'
import { withLock } from './lock.ts'
import { nameOfSource, type ObtainOptions, obtain } from './obtain.ts'
import { assertWeights, digestOfWeights } from './weights.ts'

export type ResolvedModel = {
  /** The public model id. */
  name: string
  path: string
  /** sha256 of the file, computed from its bytes. */
  digest: Digest
  bytes: number
  /** Where it came from: a path, a host, a package, `disk` or `bundled`. */
  source: string
  /** Something the user should know, e.g. that the tiny model stands in. */
  notice?: string
}

export type ResolveModelOptions = ObtainOptions & {
  /** `HEDDLE_MODEL`: a path to a GGUF file, or a name of the catalogue; nothing: the default model. */
  setting?: string
  /** Where downloaded models are kept. */
  directory: string
  /** Hears why a source was passed over. */
  onNotice?(text: string): void
  /** For tests: another catalogue. */
  entries?: readonly CatalogueEntry[]
}

/**
 * Finds the weights to serve: a local file, a file that was downloaded before, the first source that gives the
 * catalogued bytes, and at last the tiny model of this package (only where the user named no model).
 *
 * Throws `setting_invalid` for a setting that is neither a file nor a name, `model_unavailable` when no source
 * works, `disk_full`, `aborted`.
 *
 * @example
 * ```ts
 * // sketch
 * import { resolveModel } from '@heddle/inference/models'
 * const model = await resolveModel({ setting: process.env.HEDDLE_MODEL, directory: 'models' })
 * model.name // 'smollm2-135m-instruct'
 * ```
 */
export async function resolveModel(options: ResolveModelOptions): Promise<ResolvedModel> {
  const { setting, directory, onNotice, entries = models } = options
  await mkdir(directory, { recursive: true }).catch(asStorageError)
  const wanted = setting ? findModel(setting, entries) : entries[0]
  if (!wanted) return localModel(setting!, directory, entries)
  const failures: string[] = []
  const found = await fromSources(wanted, options, (failure, hasNext) => {
    failures.push(failure)
    onNotice?.(hasNext ? `${failure}; trying the next source` : failure)
  })
  if (found) return found
  const last = entries.at(-1)!
  if (setting || wanted === last) throw new HeddleError('model_unavailable', `${wanted.name}: ${failures.join('; ')}`)
  const standIn = await fromSources(last, options, onNotice)
  if (!standIn) throw new HeddleError('model_unavailable', failures.join('; '))
  const notice = `${wanted.name} could not be fetched, so the tiny model ${last.name} answers: expect a toy.`
  onNotice?.(notice)
  return { ...standIn, notice }
}

/** A user's own file: its digest is its identity, its base name the public id. */
async function localModel(
  setting: string,
  directory: string,
  entries: readonly CatalogueEntry[],
): Promise<ResolvedModel> {
  const path = resolve(setting)
  const file = await stat(path).catch(() => undefined)
  if (!file?.isFile()) {
    const names = entries.map(entry => entry.name).join(', ')
    throw new HeddleError('setting_invalid', `HEDDLE_MODEL: ${setting} is neither a file nor one of ${names}`)
  }
  const name = basename(path).replace(/\.gguf$/i, '')
  return { name, path, digest: await digestOfWeights(path, directory), bytes: file.size, source: path }
}

async function fromSources(
  entry: CatalogueEntry,
  options: ResolveModelOptions,
  onFailure: (text: string, hasNext: boolean) => void = () => {},
): Promise<ResolvedModel | undefined> {
  const { directory, signal } = options
  const { name, digest, bytes } = entry
  const model = { name, digest, bytes }
  const target = join(directory, `${name}-${digest.slice(2, 14)}.gguf`)
  const onDisk = async () =>
    assertWeights({ path: target, digest }, directory).then(
      () => ({ ...model, path: target, source: 'disk' }),
      () => undefined,
    )
  for (const source of entry.sources) {
    if (source.kind === 'bundled') {
      await assertWeights({ path: source.path, digest }, directory)
      return { ...model, path: source.path, source: 'bundled' }
    }
  }
  const there = await onDisk()
  if (there) return there
  return withLock(`${target}.lock`, signal, async () => {
    const meanwhile = await onDisk()
    if (meanwhile) return meanwhile
    const restoreProxy = setGlobalProxyFromEnv()
    try {
      const elsewhere = entry.sources.filter(({ kind }) => kind !== 'bundled')
      for (const [i, source] of elsewhere.entries()) {
        if (source.kind === 'bundled') continue
        try {
          await obtain(entry, source, target, options)
          await assertWeights({ path: target, digest }, directory)
          return { ...model, path: target, source: nameOfSource(source) }
        } catch (error) {
          if (isHeddleError(error, 'disk_full') || isHeddleError(error, 'aborted')) throw error
          onFailure(
            `${nameOfSource(source)}: ${error instanceof Error ? error.message : String(error)}`,
            i + 1 < elsewhere.length,
          )
        }
      }
      return undefined
    } finally {
      restoreProxy()
    }
  })
}
