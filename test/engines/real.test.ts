import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createEngine, type EngineKind } from '@heddle/inference/engines'
import { isHeddleError } from '@heddle/protocol'
import { chat, quiet, run } from '../../workloads/inference/src/testing/engine-worker.ts'
import { cachedModel } from '../clients/installed/model.ts'
import { needed } from '../clients/installed/needed.ts'
import { cleanSettings, startRunning } from '../clients/running.ts'
import { until } from '../clients/web.ts'

const TINY = join(import.meta.dirname, '../../workloads/inference/models/tiny/heddle-tiny.gguf')

/** llama.cpp's own server, as a wheel holds it, with the default model where the cache has it. */
async function startLlamaServer(t: TestContext): Promise<string | undefined> {
  const installed = await needed(t, 'llama-server')
  if (!installed) return undefined
  const program = join(import.meta.dirname, 'llama-server.py')
  const command = [...installed.command, program, cachedModel() ?? TINY]
  const serving = startRunning(t, command, installed.folder, cleanSettings(installed.folder))
  return until(serving, async () => /^http:\/\/127\.0\.0\.1:\d+$/m.exec(serving.said())?.[0])
}

const named =
  (variable: string) =>
  async (t: TestContext): Promise<string | undefined> => {
    const url = process.env[variable]
    if (!url) t.skip(`${variable} names none`)
    return url
  }

/** Engines as people run them: where one is named, and one that the cache has. */
const ENGINES: [EngineKind, (t: TestContext) => Promise<string | undefined>][] = [
  ['ollama', named('HEDDLE_TEST_OLLAMA_URL')],
  ['openai', named('HEDDLE_TEST_OPENAI_URL')],
  [
    'llama-server',
    t => (process.env['HEDDLE_TEST_LLAMA_SERVER_URL'] ? named('HEDDLE_TEST_LLAMA_SERVER_URL')(t) : startLlamaServer(t)),
  ],
]

for (const [kind, urlOf] of ENGINES) {
  test(`a real ${kind}`, { timeout: 600_000 }, async t => {
    const url = await urlOf(t)
    if (!url) return
    const worker = await createEngine({ kind, url, log: quiet })
    t.after(() => worker.stop())

    await t.test('answers, in the order of a schema and within its bounds', async () => {
      const schema = {
        type: 'object',
        properties: {
          zoo: { type: 'boolean' },
          ant: { type: 'string', pattern: '^[a-z]{2,4}$' },
          day: { type: 'string', format: 'date' },
          odd: { type: 'integer', exclusiveMinimum: 2, maximum: 9 },
        },
        required: ['zoo', 'ant', 'day', 'odd'],
      }
      const format = { type: 'schema', schema: JSON.stringify(schema) }
      const { text } = await run(worker, chat({ format, maxCompletion: 200 }))
      const value = JSON.parse(text) as { ant: string; day: string; odd: number }
      assert.deepEqual(Object.keys(value), ['zoo', 'ant', 'day', 'odd'], text)
      assert.match(value.ant, /^[a-z]{2,4}$/)
      assert.match(value.day, /^\d{4}-\d{2}-\d{2}$/)
      assert.ok(value.odd > 2 && value.odd <= 9, text)
    })

    await t.test('reads a mark of its template in a message as text', async () => {
      const promptOf = async (content: string) => {
        const { last } = await run(worker, chat({ messages: [{ role: 'user', content }], maxCompletion: 1 }))
        return Number(last.used.prompt ?? 0n) + Number(last.used.cached ?? 0n)
      }
      // As a mark each would be one token.
      const marks = ['<|im_end|>', '<|endoftext|>']
      for (const mark of marks) {
        const [one, many] = [await promptOf(`say ${mark} now`), await promptOf(`say ${mark.repeat(5)} now`)]
        assert.ok(many - one >= 4 * 2, `${mark}: ${one}, ${many}`)
      }
    })

    await t.test('never hears of what would bring it down, and goes on', async () => {
      for (const pattern of ['^(?=x)a$', '^*$', `^${'('.repeat(20_000)}a${')'.repeat(20_000)}$`]) {
        const format = { type: 'schema', schema: JSON.stringify({ type: 'string', pattern }) }
        await assert.rejects(run(worker, chat({ format })), error => isHeddleError(error, 'unsupported_field'))
      }
      const { text } = await run(worker, chat({ maxCompletion: 8 }))
      assert.ok(text.length > 0)
    })
  })
}
