// Makes a fresh clone ready: installs what package-lock.json names, compiles the contracts, builds the console.
// Plain JavaScript for any Node from 20 on, because nothing is installed yet.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const installed = join(root, 'node_modules/.package-lock.json')
const lock = join(root, 'package-lock.json')

const isStale = () => !existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs

// To standard error all of it: what a script prints after it may be meant for a program.
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })

if (isStale()) {
  console.error('Installing (once)…')
  const shell = process.platform === 'win32'
  // `npm ci` refuses locks that name optional packages of other platforms; `install` follows the same lock.
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    shell,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const node = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
for (const script of ['scripts/contracts.ts', 'scripts/console.ts']) {
  if (existsSync(join(root, script))) run(node, [script, '--if-stale'])
}
