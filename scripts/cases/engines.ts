import { join } from 'node:path'
import { type Houses, pythonWith } from './houses.ts'
import { freePair, type Ran, run, start } from './process.ts'
import type { Case } from './read.ts'

/** What a case with arguments of its own is run with; a text: why it cannot be run here. */
export type Recipe = (one: Case, houses: Houses, clone: string) => Promise<Ran | string>

const ollama = (): string | undefined => process.env['HEDDLE_TEST_OLLAMA_URL']
const openai = (): string | undefined => process.env['HEDDLE_TEST_OPENAI_URL']

/** Runs a program until it says that it is ready; that is all that such a case wants. */
async function untilReady(command: readonly string[], env: Record<string, string | undefined>): Promise<Ran> {
  try {
    const running = await start(command, { env, ready: /^ready /m })
    const output = running.output()
    await running.stop()
    return { code: 0, output }
  } catch (error) {
    return { code: 1, output: (error as Error).message }
  }
}

const modelOf = async ({ url, key }: { url: string; key: string }): Promise<string> => {
  const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  return ((await response.json()) as { data: { id: string }[] }).data[0]!.id
}

/** By the beginning of a case's name: those that want more than a house and its key. */
export const recipes: Readonly<Record<string, Recipe>> = {
  async 'cl-01'({ file }, houses) {
    const engine = ollama()
    if (!engine) return 'needs HEDDLE_TEST_OLLAMA_URL'
    const sellPort = await freePair()
    const own = ['--engine', 'ollama', '--engine-url', engine]
    const seller = await houses.start([...own, '--sell', '--sell-port', String(sellPort)])
    const buy = ['--providers', '0', '--chain', seller.run.chain.url, '--buy-from', `http://127.0.0.1:${sellPort}`]
    const buyer = await houses.start(['--engine', 'none', ...buy], { HEDDLE_ASSET: seller.run.chain.asset })
    const model = await modelOf(buyer)
    const results: Ran[] = []
    for (const shape of ['lookahead', 'star', 'nested'])
      results.push(await run(['python3', file, buyer.url, buyer.key, model, engine, shape]))
    return {
      code: Math.max(...results.map(({ code }) => code)),
      output: results.map(({ output }) => output).join('\n'),
    }
  },
  async 'cl-02'({ file }, houses) {
    const engine = ollama()
    if (!engine) return 'needs HEDDLE_TEST_OLLAMA_URL'
    const house = await houses.start(['--engine', 'ollama', '--engine-url', engine])
    return run(['python3', file, house.url, house.key, await modelOf(house)])
  },
  async 'cl-03'({ file }, houses) {
    const port = await freePair()
    // It says nothing when it listens, so a house may find it a moment later.
    const engine = start(
      [
        'python3',
        '-c',
        `print('ready', flush=True)\nimport runpy, sys\nsys.argv = ['x', 'serve', '${port}', '35']\nrunpy.run_path('${file}', run_name='__main__')`,
      ],
      { ready: /^ready/m, signal: 'SIGKILL' },
    )
    const running = await engine
    try {
      const house = await houses.start(['--engine', 'openai', '--engine-url', `http://127.0.0.1:${port}`])
      return await run(['python3', file, 'ask', house.url, house.key])
    } finally {
      await running.stop()
    }
  },
  async 'cl-04'({ file }, _, clone) {
    return run(['bash', file, String(await freePair())], { cwd: clone, env: { HEDDLE_ENGINE: 'none' } })
  },
  'cl-07': ({ file }, _, clone) => run(['bash', file, clone]),
  async 'cl-08'({ file }, houses, clone) {
    const sellPort = await freePair()
    const seller = await houses.start(['--engine', 'built-in', '--sell', '--sell-port', String(sellPort)])
    const { url, asset } = seller.run.chain
    return untilReady(['bash', file, clone, url, asset, `http://127.0.0.1:${sellPort}`], {})
  },
  async 'cl-09'({ file }, houses) {
    const python = await pythonWith('openai')
    if (!python) return 'needs a Python with openai (HEDDLE_TEST_PYTHON)'
    const house = await houses.ordinary()
    return run([python, file, house.url, house.key, await modelOf(house)], { milliseconds: 600_000 })
  },
  async 'cl-11'({ file }, houses, clone) {
    const house = await houses.start(['--engine', 'none', '--model', 'heddle-tiny'])
    const node = join(clone, 'node_modules/.bin/node')
    const env = { HK: house.key, PORT: new URL(house.url).port, SECS: '60' }
    const { code, output } = await run([node, file], { env })
    const { counts } = JSON.parse(output.split('\n').at(-1)!) as { counts: Record<string, number> }
    const wrong = Object.keys(counts).filter(what => what.startsWith('402') || what.startsWith('503 no_provider'))
    return { code: code || wrong.length, output }
  },
  async 'cl-13'({ file }, houses) {
    const engine = openai()
    if (!engine) return 'needs HEDDLE_TEST_OPENAI_URL'
    const house = await houses.start(['--engine', 'openai', '--engine-url', engine])
    const { code, output } = await run(['bash', file, house.url, house.key, await modelOf(house)])
    return { code: code || Number(/"error"/.test(output)), output }
  },
  async 'cl-14'({ file }, houses) {
    const engine = ollama()
    if (!engine) return 'needs HEDDLE_TEST_OLLAMA_URL'
    const python = await pythonWith('agents', 'openai')
    if (!python) return 'needs a Python with openai-agents (HEDDLE_TEST_PYTHON)'
    const house = await houses.start(['--engine', 'ollama', '--engine-url', engine])
    return run([python, file, house.url, house.key, await modelOf(house)])
  },
}
