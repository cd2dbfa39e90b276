import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { startRecordingEngine } from '../testing/recording-engine.ts'
import { engineAddress } from './address.ts'
import { assertNotExposed, exposureOf } from './exposure.ts'
import { createEngine } from './index.ts'

const quiet = { info() {}, warn() {}, error() {} }

async function listen(t: TestContext, host: string): Promise<number> {
  const server = createServer(socket => socket.destroy()).listen(0, host)
  await new Promise(resolve => server.once('listening', resolve))
  t.after(() => server.close())
  return (server.address() as { port: number }).port
}

test('what listens on loopback alone is not exposed', async t => {
  for (const host of ['127.0.0.1', '127.0.0.2']) assert.deepEqual(await exposureOf(await listen(t, host)), [])
})

test('what listens on every address is exposed, and each way in is named', async t => {
  const port = await listen(t, '0.0.0.0')
  const ways = await exposureOf(port)
  assert.ok(ways.length > 0)
  if (process.platform === 'linux') assert.ok(ways.includes(`it listens on 0.0.0.0:${port}`), ways.join())
  const others = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  for (const { address } of others.filter(one => !one.internal && one.family === 'IPv4'))
    assert.ok(ways.includes(`it answers on ${address}:${port}`), ways.join())
  await assert.rejects(assertNotExposed('ollama', port), error => isHeddleError(error, 'engine_exposed'))
})

test('an engine that others can reach is not served; no setting changes that', async t => {
  const engine = await startRecordingEngine('ollama', {}, '0.0.0.0')
  t.after(() => engine.stop())
  for (const more of [{}, { remote: true }])
    await assert.rejects(createEngine({ kind: 'ollama', url: engine.url, log: quiet, ...more }), error => {
      assert.ok(isHeddleError(error, 'engine_exposed'))
      assert.match(error.fix, /OLLAMA_HOST=127\.0\.0\.1/)
      return true
    })
  assert.equal(engine.questions().length, 0)
})

test('addresses: loopback by plain http, others by https and only when said', () => {
  assert.equal(engineAddress('http://localhost:11434').origin, 'http://127.0.0.1:11434')
  assert.equal(engineAddress('http://[::1]:8080/').origin, 'http://[::1]:8080')
  assert.equal(engineAddress('https://engine.example/api', true).path, '/api')
  const refused: [string, boolean, string][] = [
    ['http://192.168.1.5:11434', false, 'engine_exposed'],
    ['http://192.168.1.5:11434', true, 'engine_exposed'],
    ['http://0.0.0.0:11434', true, 'engine_exposed'],
    ['http://127.0.0.1.evil.example:1', true, 'engine_exposed'],
    ['http://localhost.evil.example', true, 'engine_exposed'],
    ['https://engine.example', false, 'setting_invalid'],
    ['http://user:pass@127.0.0.1:1', false, 'setting_invalid'],
    ['http://127.0.0.1:1/?x', false, 'setting_invalid'],
    ['file:///etc/passwd', false, 'setting_invalid'],
    ['unix:/run/x', false, 'setting_invalid'],
    ['nonsense', false, 'setting_invalid'],
  ]
  for (const [url, remote, code] of refused) {
    let thrown: unknown
    try {
      engineAddress(url, remote)
    } catch (error) {
      thrown = error
    }
    assert.equal((thrown as { code?: string } | undefined)?.code, code, url)
  }
})
