import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { until } from '../../test/until.ts'

const WAITS = `
const fs = require('node:fs'), path = require('node:path')
const clone = process.env.INIT_CWD
fs.writeFileSync(path.join(clone, 'begun'), String(process.pid))
const look = () => (fs.existsSync(path.join(clone, 'go')) ? process.exit() : setTimeout(look, 50))
look()
`

/** A clone with two packages, of which one takes its time: until somebody writes \`go\`. Real npm, no network. */
function setup(t: TestContext) {
  const clone = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-prepare-')))
  const started: ChildProcess[] = []
  t.after(async () => {
    writeFileSync(join(clone, 'go'), '')
    for (const child of started) child.kill('SIGKILL')
    const turn = turnOf()
    if (turn?.child && isAlive(turn.child.pid)) process.kill(-turn.child.pid, 'SIGKILL')
    rmSync(clone, { recursive: true, force: true, maxRetries: 10 })
  })
  mkdirSync(join(clone, 'scripts'))
  cpSync(join(import.meta.dirname, '../prepare.mjs'), join(clone, 'scripts/prepare.mjs'))
  cpSync(import.meta.dirname, join(clone, 'scripts/prepare'), { recursive: true })
  const pack = (name: string, more: object, files: Record<string, string> = {}): void => {
    const folder = join(clone, `${name}-source/package`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...more }))
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    execFileSync('tar', ['czf', join(clone, `${name}-1.0.0.tgz`), '-C', join(folder, '..'), 'package'])
  }
  pack('quick', {}, { 'index.js': '' })
  pack('slow', { scripts: { install: 'node wait.js' } }, { 'wait.js': WAITS })
  const dependencies = { quick: 'file:quick-1.0.0.tgz', slow: 'file:slow-1.0.0.tgz' }
  const own = { name: 'clone', version: '1.0.0', private: true, dependencies }
  const scripts = { prestart: 'node scripts/prepare.mjs', start: 'node -e ""' }
  writeFileSync(join(clone, 'package.json'), JSON.stringify({ ...own, scripts }))
  const installed = (name: keyof typeof dependencies) => ({ version: '1.0.0', resolved: dependencies[name] })
  const packages = {
    '': own,
    'node_modules/quick': installed('quick'),
    'node_modules/slow': { ...installed('slow'), hasInstallScript: true },
  }
  writeFileSync(
    join(clone, 'package-lock.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  )
  const read = (file: string): string | undefined =>
    existsSync(join(clone, file)) ? readFileSync(join(clone, file), 'utf8').trim() : undefined
  const turnOf = (): { pid: number; child?: { pid: number } } | undefined => {
    try {
      return JSON.parse(read('.preparing')!) as { pid: number; child?: { pid: number } }
    } catch {
      return undefined
    }
  }
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'))),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  }
  const start = (command = process.execPath, args = ['scripts/prepare.mjs']) => {
    const child = spawn(command, args, { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    started.push(child)
    const told = { text: '' }
    for (const out of [child.stdout, child.stderr])
      out.on('data', (chunk: Buffer) => {
        told.text += chunk.toString()
      })
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    return { child, ended, told }
  }
  const begun = async (): Promise<number> => Number(await seen(() => read('begun'), 'a package installs itself'))
  return {
    start,
    read,
    turnOf,
    begun,
    mark: () => read('node_modules/.heddle-install'),
    let: (goes: boolean) => (goes ? writeFileSync(join(clone, 'go'), '') : rmSync(join(clone, 'go'), { force: true })),
    forget: () => rmSync(join(clone, 'begun'), { force: true }),
    breakTree: (file: string) => rmSync(join(clone, 'node_modules', file), { recursive: true }),
  }
}

/** Waits for what is there at last. */
async function seen<T>(look: () => T | undefined, what: string): Promise<T> {
  let found: T | undefined
  await until(() => {
    found = look() || undefined
    return found !== undefined
  }, what)
  return found as T
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
const gone = (pid: number) => until(() => !isAlive(pid), `the end of ${pid}`)

const isLinux = process.platform === 'linux'

test(
  'stopped at any moment, what it started ends with it; the next start installs anew',
  { skip: !isLinux },
  async t => {
    const clone = setup(t)
    type Start = ReturnType<typeof clone.start>
    const moments: Record<string, (one: Start) => Promise<unknown>> = {
      'when it says that it begins': ({ told }) => until(() => told.text.includes('Installing'), 'Installing'),
      'when npm runs': () => until(() => clone.turnOf()?.child !== undefined, 'npm'),
      'when packages are there': () =>
        until(() => clone.read('node_modules/quick/package.json') !== undefined, 'a package'),
      'when a package installs itself': () => clone.begun(),
    }
    for (const [moment, reached] of Object.entries(moments)) {
      clone.forget()
      const one = clone.start()
      await reached(one)
      const npm = clone.turnOf()?.child?.pid
      one.child.kill('SIGINT')
      assert.equal(await one.ended, 130, `${moment}: ${one.told.text}`)
      assert.match(one.told.text, /Stopped\./, moment)
      assert.doesNotMatch(one.told.text, / at .*:\d+/, `${moment}: no stack`)
      if (npm) assert.ok(!isAlive(npm), `${moment}: npm ended first`)
      if (clone.read('begun')) await gone(Number(clone.read('begun')))
      assert.equal(clone.turnOf(), undefined, moment)
      assert.equal(clone.mark(), 'installing', moment)
    }
    clone.let(true)
    const whole = clone.start()
    assert.equal(await whole.ended, 0, whole.told.text)
    assert.match(whole.told.text, /did not come to its end: installing anew/)
    assert.match(clone.mark()!, /^whole [0-9a-f]{64}$/)
    const again = clone.start()
    assert.equal(await again.ended, 0)
    assert.equal(again.told.text, '', 'a whole tree is left alone')
  },
)

test('npm start, as a terminal stops it: nothing goes on behind the prompt', { skip: !isLinux }, async t => {
  const clone = setup(t)
  const one = clone.start('npm', ['start'])
  const script = await clone.begun()
  const npm = clone.turnOf()!.child!.pid
  process.kill(-one.child.pid!, 'SIGINT')
  assert.notEqual(await one.ended, 0)
  await gone(npm)
  await gone(script)
  assert.equal(clone.mark(), 'installing')
})

test(
  'killed so that it can end nothing: the next start ends what is left, and installs anew',
  { skip: !isLinux },
  async t => {
    const clone = setup(t)
    const one = clone.start()
    const script = await clone.begun()
    one.child.kill('SIGKILL')
    await one.ended
    assert.ok(isAlive(script), 'it goes on, as nobody could tell it')
    clone.let(true)
    clone.forget()
    // What waited for `go` may end by itself now; its tree is none all the same.
    const next = clone.start()
    assert.equal(await next.ended, 0, next.told.text)
    assert.match(next.told.text, /installing anew/)
    assert.ok(!isAlive(script))
    assert.match(clone.mark()!, /^whole /)
  },
)

test('two at once take turns: the second one waits, says for whom, and finds all done', { skip: !isLinux }, async t => {
  const clone = setup(t)
  const one = clone.start()
  await clone.begun()
  const two = clone.start()
  await until(() => two.told.text.includes(`(process ${one.child.pid}): waiting`), 'a line about the first')
  clone.let(true)
  assert.deepEqual(await Promise.all([one.ended, two.ended]), [0, 0], one.told.text + two.told.text)
  assert.doesNotMatch(two.told.text, /Installing/)
  assert.equal(clone.turnOf(), undefined)
})

test('a tree that was broken by hand is seen, whatever its mark says', { skip: !isLinux }, async t => {
  const clone = setup(t)
  clone.let(true)
  assert.equal(await clone.start().ended, 0)
  for (const file of ['quick/package.json', '.heddle-install', 'slow']) {
    clone.breakTree(file)
    const mended = clone.start()
    assert.equal(await mended.ended, 0, mended.told.text)
    assert.equal(/Installing/.test(mended.told.text), file !== '.heddle-install', `${file}: ${mended.told.text}`)
    assert.ok(clone.read('node_modules/quick/package.json') && clone.read('node_modules/slow/package.json'), file)
    assert.match(clone.mark()!, /^whole /)
  }
})
