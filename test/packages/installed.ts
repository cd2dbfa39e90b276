import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from '../../scripts/pack.ts'

const root = join(import.meta.dirname, '../..')

/** Packs every package, installs the tarballs in a folder of their own, and gives that folder. */
export function installPacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-installed-'))
  const tarballs = packAll(join(folder, 'tarballs'))
  const { overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    overrides: Record<string, string>
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', overrides }))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
    cwd: folder,
    stdio: 'ignore',
  })
  return folder
}
