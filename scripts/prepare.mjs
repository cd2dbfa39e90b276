// Makes a fresh clone ready: installs what package-lock.json names, compiles the contracts, builds the console.
// Plain JavaScript for any Node from 20 on, because nothing is installed yet.
//
// It may be stopped at any moment: what it started ends with it, and what it left half done is seen and done anew. Two of
// them in one clone take turns.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PrepareError, Runner } from './prepare/runner.mjs'
import { Tree } from './prepare/tree.mjs'
import { takeTurn } from './prepare/turn.mjs'

const root = join(import.meta.dirname, '..')
// To standard error all of it: what a script prints after it may be meant for a program.
const say = text => console.error(text)

const runner = new Runner({ root, say })
try {
  const turn = await takeTurn(join(root, '.preparing'), { say, signal: runner.signal })
  try {
    runner.onChild = child => turn.tell(child)
    await install(new Tree(root))
    const node = join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
    for (const [script, what] of [
      ['scripts/contracts.ts', 'compiling the contracts'],
      ['scripts/console.ts', 'building the console'],
    ])
      if (existsSync(join(root, script))) await runner.run(node, [script, '--if-stale'], { what })
  } finally {
    turn.end()
  }
} catch (error) {
  if (!(error instanceof PrepareError)) throw error
  say(error.message)
  process.exitCode = error.exitCode
} finally {
  runner.end()
}

/** Installs what is missing: into the tree that is there where it is whole, and anew where it is not. */
async function install(tree) {
  let state = tree.state()
  if (state === 'whole') return
  if (state === 'half') say('The last install did not come to its end: installing anew.')
  for (;;) {
    say('Installing (once)…')
    tree.begin({ anew: state === 'half' })
    // `npm ci` refuses locks that name optional packages of other platforms; `install` follows the same lock.
    await runner.run('npm', ['install', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      what: () => `installing: ${tree.count()}`,
      quiet: true,
    })
    const [missing, ...others] = tree.missing()
    if (missing === undefined) return tree.finish()
    // npm believes what it finds: what was broken before it came is mended only where nothing is left of it.
    if (state === 'half')
      throw new PrepareError(
        `✗ npm says that all is installed, and ${missing} is not there${others.length > 0 ? `, nor ${others.length} more` : ''}.\n` +
          '  Remove node_modules and package-lock.json from your changes (git status), then npm start.',
      )
    state = 'half'
  }
}
