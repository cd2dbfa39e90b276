import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { entry, environment, heddle } from './heddle.ts'

const isRoot = process.getuid?.() === 0

test('a home that is none is said to be so, with what to do', async t => {
  const place = folder(t)
  const file = join(place, 'file')
  writeFileSync(file, 'not a folder')
  symlinkSync(join(place, 'loop'), join(place, 'loop'))
  const cases: [string, RegExp][] = [
    [file, /should be a folder/],
    [join(file, 'below'), /should be a folder/],
    [join(place, 'loop'), /circle|should be a folder/],
    [join(place, 'x'.repeat(300)), /too long/],
    ['/proc/heddle', /home_unusable/],
  ]
  for (const [home, why] of cases) {
    const { code, text } = await heddle(home, ['up'])
    assert.equal(code, 1, text)
    assert.match(text, why)
    assert.match(text, /\(home_unusable\)\n.*--home PATH or HEDDLE_HOME/)
  }
})

test(
  'a home that this user may not write',
  { skip: isRoot && !setpriv() ? 'runs as root, without setpriv' : false },
  t => {
    const place = folder(t)
    const home = join(place, 'home')
    mkdirSync(home, { mode: 0o777 })
    chmodSync(place, 0o755)
    chmodSync(home, 0o555)
    const other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const command = [...(isRoot ? other : []), process.execPath, entry, 'up']
    const start = () =>
      spawnSync(command[0]!, command.slice(1), { env: environment(home), encoding: 'utf8', timeout: 230_000 }).stderr
    assert.match(start(), /home_unusable/)
    if (!isRoot) return
    chmodSync(home, 0o777)
    assert.match(start(), /belongs to another user[\s\S]*home_unusable|home_unusable[\s\S]*another user/)
  },
)

/** Whether this machine can run a command as another user: then the tests of others' homes run as root too. */
function setpriv(): boolean {
  const { status } = spawnSync('setpriv', [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    '-e',
    '',
  ])
  return status === 0
}

test('a full disk is said to be one', { skip: canMount() ? false : 'no small disk can be made here' }, async () => {
  const disk = mkdtempSync(join(tmpdir(), 'heddle-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk])
  try {
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'all')}`, 'bs=1k', 'count=200'])
    const { text } = await heddle(join(disk, 'home'), ['up'])
    assert.match(text, /disk_full/)
  } finally {
    execFileSync('umount', [disk])
    rmdirSync(disk)
  }
})

function canMount(): boolean {
  const { status } = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d); mount -t tmpfs tmpfs $d && umount $d; r=$?; rmdir $d; exit $r',
  ])
  return status === 0
}

test('what is damaged in a home is named; a run file that is none was written by nobody', async t => {
  const home = folder(t)
  mkdirSync(join(home, 'gateway'))
  writeFileSync(join(home, 'run.json'), '{"pid": ')
  writeFileSync(join(home, 'gateway/keys.json'), '{"version": 1, "sal')
  assert.match((await heddle(home, ['status'])).text, /not_running/)
  assert.match((await heddle(home, ['up'])).text, /gateway\/keys\.json: it is damaged {2}\(home_unusable\)/)
})
