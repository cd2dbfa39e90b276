import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pinOf } from './pins.ts'

/** Where clients are installed, outside of the repository: `HEDDLE_TEST_CACHE`, or a folder among the user's caches. */
export const cacheFolder = (): string =>
  process.env['HEDDLE_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'heddle-test')

/** What was installed, ready to run. */
export type Installed = {
  name: string
  client: string
  version: string
  folder: string
  command: readonly [string, ...string[]]
}

export function folderOf(name: string): string {
  const { version, as = name } = pinOf(name)
  return join(cacheFolder(), `${as}-${version}`)
}

/** An installation stands whole in its folder or not at all: it is made beside it and moved there. */
export function findInstalled(name: string): Installed | undefined {
  const { client, version, bin } = pinOf(name)
  const folder = folderOf(name)
  if (!existsSync(folder)) return undefined
  const program = join(folder, bin.replaceAll('{platform}', `${process.platform}-${process.arch}`))
  const command: Installed['command'] = /\.[cm]?js$/.test(program) ? [process.execPath, program] : [program]
  return { name, client, version, folder, command }
}
