import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { heddle, up } from './heddle.ts'

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
  assert.match(again.text, /port_taken/)
  assert.match(again.text, /runs already/)
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
