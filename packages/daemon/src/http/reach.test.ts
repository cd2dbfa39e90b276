import assert from 'node:assert/strict'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { type Call, createEdge, sendJson } from './edge.ts'
import { closeServer, listen } from './listen.ts'
import {
  callerOf,
  hostName,
  isEverywhere,
  LOOPBACK,
  localUrl,
  originOf,
  publicUrl,
  type Reach,
  reachSetting,
  urlAt,
} from './reach.ts'

const invalid = (error: unknown): boolean => isHeddleError(error, 'setting_invalid')

test('an address of this machine is where a daemon listens; a name, a port or nothing is not', () => {
  assert.deepEqual(reachSetting('10.77.0.1'), { host: '10.77.0.1' })
  assert.deepEqual(reachSetting('fd00::1'), { host: 'fd00::1' })
  for (const host of ['', 'gpu.example', '10.77.0.1:80', '10.77.0.0/24', '0x7f.1'])
    assert.throws(() => reachSetting(host), invalid)
})

test('every address at once is an address; the URL that others use has no path', () => {
  for (const host of ['0.0.0.0', '::', '[::]']) assert.ok(isEverywhere(reachSetting(host).host))
  for (const host of ['0.0.0.0', '::']) {
    assert.deepEqual(reachSetting(host, 'https://gpu.example'), { host, url: 'https://gpu.example' })
  }
  for (const url of [
    'gpu.example',
    'ftp://gpu.example',
    'https://gpu.example/v1',
    'https://a@gpu.example',
    'https://x/?y',
  ]) {
    assert.throws(() => reachSetting('0.0.0.0', url), invalid, url)
    assert.throws(() => publicUrl(url), invalid, url)
  }
})

test('it is called by its URL, else by its address and port', () => {
  assert.equal(urlAt({ host: '10.77.0.1' }, 8402), 'http://10.77.0.1:8402')
  assert.equal(urlAt({ host: 'fd00::1' }, 8402), 'http://[fd00::1]:8402')
  const behind = { host: '0.0.0.0', url: 'https://gpu.example' }
  assert.equal(urlAt(behind, 8402), 'https://gpu.example')
  assert.equal(localUrl(behind, 8402), 'http://127.0.0.1:8402')
  assert.equal(urlAt({ host: '::' }, 8402), 'http://[::1]:8402')
})

type Asked = { host?: string; origin?: string }

test('other Host names and other origins are foreign, whatever it listens on', () => {
  const open: Reach = { host: '10.77.0.1', url: 'https://gpu.example' }
  const everywhere: Reach = { host: '0.0.0.0' }
  const good: [Reach, Asked][] = [
    [LOOPBACK, { host: 'localhost:8402', origin: 'http://localhost:8402' }],
    [LOOPBACK, { host: '[::1]:8402' }],
    [LOOPBACK, { host: 'LocalHost:8402' }],
    [LOOPBACK, { host: 'host.docker.internal:8402' }],
    [LOOPBACK, { host: 'host.containers.internal' }],
    [open, { host: '10.77.0.1:8402' }],
    [open, { host: '127.0.0.1:8402' }],
    [open, { host: 'gpu.example', origin: 'https://gpu.example' }],
    [{ host: 'fd00::1' }, { host: '[fd00::1]:8402' }],
    [everywhere, { host: '192.168.7.9:8402', origin: 'http://192.168.7.9:8402' }],
    [{ host: '::' }, { host: '[2001:db8::1]:8402' }],
    [{ host: '::' }, { host: '10.0.0.9' }],
    [open, {}],
  ]
  for (const [reach, asked] of good) assert.deepEqual(callerOf(reach)(asked), {}, JSON.stringify(asked))
  const bad: [Reach, Asked][] = [
    [LOOPBACK, { host: '10.77.0.1:8402' }],
    [LOOPBACK, { host: 'docker.internal' }],
    [LOOPBACK, { host: 'host.docker.internal.evil.example' }],
    [open, { host: 'evil.example' }],
    [open, { host: '10.77.0.1.evil.example' }],
    [open, { host: '10.77.0.2' }],
    [open, { host: 'gpu.example.evil.example' }],
    [open, { host: '10.77.0.1:8402', origin: 'http://evil.example' }],
    [open, { host: '10.77.0.1:8402', origin: 'null' }],
    // An address that a page's name was made to lead to is called by the name, wherever it listens.
    [everywhere, { host: 'evil.example' }],
    [everywhere, { host: '999.1.1.1' }],
    [everywhere, { host: '[evil]' }],
    [everywhere, { host: '192.168.7.9:8402', origin: 'http://evil.example' }],
  ]
  for (const [reach, asked] of bad) assert.ok(callerOf(reach)(asked).refused, JSON.stringify(asked))
})

test('names and pages that the owner names are let in, and only they', () => {
  const reach: Reach = {
    host: '127.0.0.1',
    names: ['nas.local', 'heddle:8402'].map(hostName),
    origins: ['app://obsidian.md', 'HTTP://LocalHost:3000/', 'chrome-extension://abcdef'].map(originOf),
  }
  const caller = callerOf(reach)
  for (const host of ['nas.local', 'NAS.local:1234', 'heddle:8402', 'localhost']) assert.deepEqual(caller({ host }), {})
  for (const host of ['heddle', 'heddle:1', 'x.nas.local', 'nas.local.evil.example'])
    assert.match(caller({ host }).refused!, /--allow-host/)
  for (const origin of ['app://obsidian.md', 'http://localhost:3000', 'chrome-extension://abcdef'])
    assert.deepEqual(caller({ host: 'localhost:8402', origin }), { origin })
  for (const origin of ['app://obsidian', 'http://localhost:3001', 'https://localhost:3000', 'null', ''])
    assert.match(caller({ host: 'localhost:8402', origin }).refused!, /--allow-origin/)
  assert.ok(
    caller({ host: 'evil.example', origin: 'app://obsidian.md' }).refused,
    'a page that is let in under a name that is not',
  )
})

test('nobody can be let in whom one cannot name', () => {
  for (const name of ['*', '*.local', '', 'a b', 'http://nas.local', 'nas.local/x', 'nas..local', '-x', 'x:99999999'])
    assert.throws(() => hostName(name), invalid, name)
  for (const origin of [
    '*',
    'null',
    '',
    'obsidian.md',
    'https://',
    'https://x/path',
    'https://a@x',
    'https://*.example',
    'file://',
  ])
    assert.throws(() => originOf(origin), invalid, origin)
})

const log = { info() {}, warn() {}, error() {} }

/** A daemon with this reach; gives what it answers at an address. */
async function started(t: TestContext, reach: Reach) {
  const endpoints = [{ method: 'GET', path: '/', handle: ({ response }: Call) => sendJson(response, 200, {}) }]
  const server = createEdge({ log, endpoints, reach })
  const port = await listen(server, 0, reach)
  t.after(() => closeServer(server))
  const status = (host: string): Promise<number | string | undefined> =>
    new Promise(resolve => {
      const asked = request({ host, port, path: '/', agent: false }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', error => resolve((error as NodeJS.ErrnoException).code))
      asked.end()
    })
  return { server, port, status }
}

const hasSix = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'))

test('a daemon listens where it was told, and nowhere else', async t => {
  const { status } = await started(t, { host: '127.0.0.2' })
  assert.equal(await status('127.0.0.2'), 200)
  assert.equal(await status('127.0.0.1'), 'ECONNREFUSED')
})

test('loopback has two addresses, and both answer until the daemon is closed', { skip: !hasSix }, async t => {
  const { status, server } = await started(t, LOOPBACK)
  assert.equal(await status('127.0.0.1'), 200)
  assert.equal(await status('::1'), 200)
  await closeServer(server)
  assert.equal(await status('127.0.0.1'), 'ECONNREFUSED')
  assert.equal(await status('::1'), 'ECONNREFUSED')
})

test('every address of this machine', async t => {
  const { status } = await started(t, { host: '0.0.0.0' })
  assert.equal(await status('127.0.0.1'), 200)
  assert.equal(await status('127.0.0.3'), 200)
})

test('an address that this machine has not is said to be none', async () => {
  const reach = { host: '192.0.2.1' }
  const server = createEdge({ log, endpoints: [], reach })
  await assert.rejects(
    listen(server, 0, reach),
    error => invalid(error) && /no address 192\.0\.2\.1/.test(String(error)),
  )
})
