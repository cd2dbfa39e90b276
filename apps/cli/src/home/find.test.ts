import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import {
  findHome as findHomeFrom,
  type RunFile,
  running as runningFrom,
  tellRunning,
  tellStopped,
  writeRunFile,
} from './index.ts'

const NOBODY = 0x7fff_fff0
/** A house may run in the clone whose tests these are: here none counts. */
const CLONE = '/nonexistent/clone'
const findHome = (flag?: string): string => findHomeFrom(flag, CLONE)
const running = (home: string): RunFile => runningFrom(home, CLONE)

/** A user with a folder of their own, in a folder where nothing is. */
function setup(t: TestContext) {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-find-')))
  const before = { HOME: process.env['HOME'], XDG_STATE_HOME: process.env['XDG_STATE_HOME'], cwd: process.cwd() }
  Object.assign(process.env, { HOME: join(place, 'user'), XDG_STATE_HOME: join(place, 'state') })
  delete process.env['HEDDLE_HOME']
  for (const name of ['user', 'work', 'elsewhere']) mkdirSync(join(place, name))
  process.chdir(join(place, 'elsewhere'))
  t.after(() => {
    process.chdir(before.cwd)
    for (const name of ['HOME', 'XDG_STATE_HOME'] as const) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    delete process.env['HEDDLE_HOME']
    rmSync(place, { recursive: true, force: true })
  })
  /** A home in which a house runs (here: this process), or ran. */
  const home = (name: string, pid: number = process.pid): string => {
    const path = join(place, name)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'api-key'), 'hd-x\n')
    const run = { pid, adminToken: 'x', chain: {}, gateway: { url: 'http://127.0.0.1:1' }, providers: [] }
    writeRunFile(path, run as unknown as RunFile)
    return path
  }
  return { place, home }
}

test('who says where is believed', t => {
  const { place, home } = setup(t)
  tellRunning(home('a'))
  assert.equal(findHome(join(place, 'b')), join(place, 'b'))
  process.env['HEDDLE_HOME'] = join(place, 'c')
  assert.equal(findHome(), join(place, 'c'))
  assert.equal(findHome('/d'), '/d')
})

test('a house that runs here comes before one that runs elsewhere', t => {
  const { place, home } = setup(t)
  const there = home('there')
  tellRunning(there)
  assert.equal(findHome(), there)
  const own = home('user/.heddle')
  assert.equal(findHome(), own)
  const here = home('work/.heddle')
  process.chdir(join(place, 'work'))
  assert.equal(findHome(), here)
  home('work/.heddle', NOBODY)
  assert.equal(findHome(), own, 'what does not run is passed over')
})

test('several elsewhere: nobody can say which was meant, until one is stopped', t => {
  const { home } = setup(t)
  const [one, two] = [home('one'), home('two')]
  tellRunning(one)
  tellRunning(two)
  assert.throws(
    () => findHome(),
    error => isHeddleError(error, 'setting_invalid') && error.message.includes(one) && error.message.includes(two),
  )
  tellStopped(one)
  assert.equal(findHome(), two)
  home('two', NOBODY)
  assert.doesNotThrow(() => findHome(), 'word of a house that crashed counts for nothing')
})

test('where none runs, the one that ran before is meant; the complaint says where was looked', t => {
  const { place, home } = setup(t)
  const before = home('work/.heddle', NOBODY)
  process.chdir(join(place, 'work'))
  assert.equal(findHome(), before)
  const notRunning = (words: RegExp) => (error: unknown) =>
    isHeddleError(error, 'not_running') && words.test(error.message)
  assert.throws(() => running(before), notRunning(/work\/\.heddle, \/nonexistent\/clone\/\.heddle, .*user\/\.heddle$/))
  process.env['HEDDLE_HOME'] = join(place, 'x')
  assert.throws(() => running(findHome()), notRunning(/x \(HEDDLE_HOME\)$/))
  delete process.env['HEDDLE_HOME']
  const own = home('user/.heddle')
  const complaint = `nothing runs in ${join(place, 'x')}; what runs is in ${own}`
  assert.throws(
    () => running(findHome(join(place, 'x'))),
    error => isHeddleError(error, 'not_running') && error.message === complaint,
    'what runs is never called dead',
  )
})

test('a house that stops between two looks, and one whose home is gone, disturb nobody', t => {
  const { place, home } = setup(t)
  const there = home('there')
  const gone = home('gone')
  tellRunning(there)
  tellRunning(gone)
  rmSync(gone, { recursive: true })
  // Its name is there, and what it leads to is not any more.
  const told = join(place, 'state', 'heddle', 'houses')
  symlinkSync(join(place, 'nothing'), join(told, 'stopped'))
  assert.equal(findHome(), there)
  assert.equal(readdirSync(told).length, 2, 'what leads to no home is taken away')
})
