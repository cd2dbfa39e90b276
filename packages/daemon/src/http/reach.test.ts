import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { closeServer, createEdge, listen, sendJson } from './edge.ts'
import { foreignTo, LOOPBACK, type Reach, reachSetting, urlAt } from './reach.ts'

const invalid = (error: unknown): boolean => isHeddleError(error, 'setting_invalid')

test('an address of this machine is where a daemon listens; a name, a port or nothing is not', () => {
  assert.deepEqual(reachSetting('10.77.0.1'), { host: '10.77.0.1' })
  assert.deepEqual(reachSetting('fd00::1'), { host: 'fd00::1' })
  for (const host of ['', 'gpu.example', '10.77.0.1:80', '10.77.0.0/24', '0x7f.1'])
    assert.throws(() => reachSetting(host), invalid)
})

test('every address at once needs the URL that others use, which has no path', () => {
  for (const host of ['0.0.0.0', '::']) {
    assert.throws(() => reachSetting(host), invalid)
    assert.deepEqual(reachSetting(host, 'https://gpu.example'), { host, url: 'https://gpu.example' })
  }
  for (const url of [
    'gpu.example',
    'ftp://gpu.example',
    'https://gpu.example/v1',
    'https://a@gpu.example',
    'https://x/?y',
  ])
    assert.throws(() => reachSetting('0.0.0.0', url), invalid, url)
})

test('it is called by its URL, else by its address and port', () => {
  assert.equal(urlAt({ host: '10.77.0.1' }, 8402), 'http://10.77.0.1:8402')
  assert.equal(urlAt({ host: 'fd00::1' }, 8402), 'http://[fd00::1]:8402')
  assert.equal(urlAt({ host: '0.0.0.0', url: 'https://gpu.example' }, 8402), 'https://gpu.example')
})

test('other Host names and other origins are foreign, whatever it listens on', () => {
  const open: Reach = { host: '10.77.0.1', url: 'https://gpu.example' }
  const good: [Reach, { host?: string; origin?: string }][] = [
    [LOOPBACK, { host: 'localhost:8402', origin: 'http://localhost:8402' }],
    [open, { host: '10.77.0.1:8402' }],
    [open, { host: '127.0.0.1:8402' }],
    [open, { host: 'gpu.example', origin: 'https://gpu.example' }],
    [{ host: 'fd00::1' }, { host: '[fd00::1]:8402' }],
    [open, {}],
  ]
  for (const [reach, headers] of good) assert.equal(foreignTo(reach)(headers), undefined, JSON.stringify(headers))
  const bad: [Reach, { host?: string; origin?: string }][] = [
    [LOOPBACK, { host: '10.77.0.1:8402' }],
    [open, { host: 'evil.example' }],
    [open, { host: '10.77.0.1.evil.example' }],
    [open, { host: 'gpu.example.evil.example' }],
    [open, { host: '10.77.0.1:8402', origin: 'http://evil.example' }],
    [open, { host: '10.77.0.1:8402', origin: 'null' }],
  ]
  for (const [reach, headers] of bad) assert.notEqual(foreignTo(reach)(headers), undefined, JSON.stringify(headers))
})

test('a daemon listens where it was told, and nowhere else', async t => {
  const log = { info() {}, warn() {}, error() {} }
  const reach = { host: '127.0.0.2' }
  const endpoints = [
    {
      method: 'GET',
      path: '/',
      handle: ({ response }: { response: Parameters<typeof sendJson>[0] }) => sendJson(response, 200, {}),
    },
  ]
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
  assert.equal(await status('127.0.0.2'), 200)
  assert.equal(await status('127.0.0.1'), 'ECONNREFUSED')
})
