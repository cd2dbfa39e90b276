import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folder } from '../faults/stage.ts'

const entry = join(import.meta.dirname, '../../apps/cli/src/main.ts')
/** An address of this machine where nothing listens. */
const NOBODY = 'http://127.0.0.1:9'

type Environment = Record<string, string | undefined>

const environment = (home: string, over: Environment = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  HEDDLE_HOME: home,
  HEDDLE_PORT: '0',
  HEDDLE_MODEL: 'heddle-tiny',
  ...over,
})

/** Runs a command to its end. */
function heddle(
  home: string,
  args: readonly string[],
  over: Environment = {},
): Promise<{ code: number; text: string }> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [entry, ...args],
      { env: environment(home, over), timeout: 60_000 },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: out + err })
      },
    )
  })
}

/** Starts `heddle up` and waits until it is ready. */
function up(
  t: TestContext,
  home: string,
  over: Environment = {},
): Promise<{ child: ChildProcess; text: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [entry, 'up'], {
    env: environment(home, over),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const stop = (): Promise<void> => {
    if (child.exitCode !== null) return Promise.resolve()
    return new Promise(resolve => {
      child.once('exit', () => resolve())
      child.kill('SIGINT')
    })
  }
  t.after(stop)
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      if (/^ready http/m.test(text)) resolve({ child, text, stop })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', () => reject(new Error(text)))
  })
}

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
  assert.match((await heddle(home, ['fund', 'lots'])).text, /bad_request/)
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

test('a house on the chain of another house; a home of one chain is refused on the next', async t => {
  const [first, second] = [folder(t), folder(t)]
  const owner = await up(t, first)
  const { run } = JSON.parse((await heddle(first, ['status', '--json'])).text) as {
    run: { chain: { url: string; asset: string } }
  }
  const guest = await up(t, second, { HEDDLE_CHAIN_URL: run.chain.url, HEDDLE_ASSET: run.chain.asset })
  assert.match(guest.text, /✓ 1 answer/)
  assert.match((await heddle(second, ['reconcile'])).text, /green/)
  await guest.stop()
  const moved = await heddle(second, ['up'])
  assert.match(moved.text, /chain_wrong/)
  await owner.stop()
})
