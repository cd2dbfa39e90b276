import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { resolveModel } from '@heddle/inference/models'
import { cacheFolder } from './cache.ts'

const folder = (): string => join(cacheFolder(), 'models')

/** Fetches what `npm start` runs, with whose name `--model` is left out, into the cache; says its name. */
export const installModel = async (): Promise<string> => (await resolveModel({ directory: folder() })).name

/** The weights of the default model, where the cache has them. */
export function cachedModel(): string | undefined {
  const found = existsSync(folder()) ? readdirSync(folder()).find(file => file.endsWith('.gguf')) : undefined
  return found && join(folder(), found)
}

/** The weights of the default model in the cache, or nothing: then the test is skipped, and says why. */
export function neededModel(t: TestContext): string | undefined {
  const found = cachedModel()
  if (found) return found
  t.skip('the default model is not in the cache: node test/clients/installed/install.ts')
  return undefined
}
