import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { entry, environment, heddle, up } from './heddle.ts'

/** An address of this machine where nothing listens. */
const NOBODY = 'http://127.0.0.1:9'

test('where no model can be fetched, the committed one answers, and the screen says so', async t => {
  const home = folder(t)
  const nowhere = {
    HEDDLE_MODEL: undefined,
    PIP_INDEX_URL: `${NOBODY}/simple`,
    https_proxy: NOBODY,
    HTTPS_PROXY: NOBODY,
  }
  const { text } = await up(t, home, nowhere)
  assert.match(text, /! .*tiny model/)
  assert.match(text, /✓ 1 answer/)
  assert.match(text, /OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/v1 {3}key hd-\S+ {3}cap 1 HED/)
  const again = await heddle(home, ['up'])
  assert.match(again.text, /heddle runs already in .*: http:.*\(house_running\)\n {2}Use it/)
})

test('Ctrl-C in a terminal reaches daemons and house alike: nothing died, and the log says nothing of it', async t => {
  const home = folder(t)
  const child = spawn(process.execPath, [entry, 'up'], {
    env: environment(home, { HEDDLE_PROVIDERS: '1' }),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  t.after(() => child.exitCode ?? process.kill(-child.pid!, 'SIGKILL'))
  let text = ''
  for await (const chunk of child.stdout) {
    text += chunk
    if (/^ready /m.test(text)) break
  }
  process.kill(-child.pid!, 'SIGINT')
  assert.equal(await ended, 0, text)
  assert.doesNotMatch(readFileSync(join(home, 'log.jsonl'), 'utf8'), /daemon died/)
})

test('commands say what is wrong and how to fix it', async t => {
  const home = folder(t)
  const down = await heddle(home, ['status'])
  assert.equal(down.code, 2)
  assert.match(down.text, /not_running[\s\S]*heddle up/)
  const json = await heddle(home, ['channels', '--json'])
  assert.equal(JSON.parse(json.text).error.code, 'not_running')
  const receipt = await heddle(home, ['receipt', 'verify', 'no-such-thing'])
  assert.match(receipt.text, /not_found/)
  assert.match((await heddle(home, ['fund', 'lots'])).text, /AMOUNT: "lots" is no amount of HED/)
  assert.match((await heddle(home, ['up'], { HEDDLE_PORT: '99999' })).text, /setting_invalid/)
  assert.match((await heddle(home, ['up'], { HEDDLE_MODEL: '/no/such.gguf' })).text, /setting_invalid/)
})

test('a taken port, a chain that is down, a chain that is the wrong one', async t => {
  const home = folder(t)
  const server = createServer((_, response) => response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}')).listen(
    0,
    '127.0.0.1',
  )
  t.after(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  assert.match((await heddle(home, ['up'], { HEDDLE_PORT: String(port) })).text, /port_taken/)
  const asset = { HEDDLE_ASSET: `0x${'11'.repeat(20)}` }
  assert.match((await heddle(home, ['up'], { ...asset, HEDDLE_CHAIN_URL: NOBODY })).text, /chain_down/)
  assert.match((await heddle(home, ['up'], { HEDDLE_CHAIN_URL: NOBODY })).text, /HEDDLE_ASSET/)
})
