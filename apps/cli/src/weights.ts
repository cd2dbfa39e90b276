import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { digestOfWeights, models, resolveModel } from '@heddle/inference/models'
import type { Digest } from '@heddle/protocol'
import type { CheckerSettings } from '@heddle/workloads/checkers'

export type Weights = { name: string; path: string; digest: Digest }

export const modelsFolder = (home: string): string => join(home, 'models')
export const calibrationsFolder = (home: string): string => join(home, 'calibrations')

const filesIn = (folder: string, end: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter(name => name.endsWith(end))
        .map(name => join(folder, name))
    : []

/**
 * The weights that this machine can hold answers against: those of the home's folder, those that come with this
 * package, and those that are named (files, or names of the catalogue). Throws what `resolveModel` throws.
 */
export async function knownWeights(home: string, named: readonly string[] = []): Promise<Weights[]> {
  const directory = modelsFolder(home)
  const known = new Map<Digest, Weights>()
  for (const setting of named) {
    const { name, path, digest } = await resolveModel({ setting, directory })
    known.set(digest, { name, path, digest })
  }
  for (const { name, digest, sources } of models) {
    for (const source of sources) if (source.kind === 'bundled') known.set(digest, { name, digest, path: source.path })
  }
  for (const path of filesIn(directory, '.gguf')) {
    const digest = await digestOfWeights(path, directory)
    const name = models.find(one => one.digest === digest)?.name ?? basename(path, '.gguf')
    if (!known.has(digest)) known.set(digest, { name, digest, path })
  }
  return [...known.values()]
}

/** The folders of this home's daemons: no engine has to see their keys and ledgers. */
const foldersOf = (home: string): string[] =>
  existsSync(home)
    ? readdirSync(home, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(({ name }) => join(home, name))
        .filter(folder => folder !== modelsFolder(home))
    : []

/** `--model` (HEDDLE_MODEL): one or several, with commas between. */
export const namedModels = (flag: string | undefined): string[] =>
  (flag ?? process.env['HEDDLE_MODEL'] ?? '').split(',').filter(one => one !== '')

/** The weights of which honest answers were measured in this home. */
export const calibratedIn = (home: string): ReadonlySet<string> =>
  new Set(filesIn(calibrationsFolder(home), '.json').map(file => basename(file, '.json')))

/** What to do before answers of these models can be measured; nothing for none. */
export const calibrateFirst = (names: readonly string[]): string[] =>
  names.map(name => `Not calibrated here: ${name}. Its answers cannot be measured before: heddle calibrate ${name}`)

/** What checks are made with in this home: its weights, and what was measured of honest answers. */
export async function checkerSettings(home: string, named: readonly string[]): Promise<CheckerSettings> {
  return {
    models: await knownWeights(home, named),
    directory: modelsFolder(home),
    calibrations: filesIn(calibrationsFolder(home), '.json').map(file => readFileSync(file, 'utf8')),
    hide: foldersOf(home),
  }
}
