import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, quiet, run } from '../testing/engine-worker.ts'
import { createEngine } from './index.ts'
import type { EngineKind } from './settings.ts'

/** Engines as people run them, where one is named: scripts/engines builds or installs them. */
const ENGINES: [EngineKind, string | undefined][] = [
  ['ollama', process.env['HEDDLE_TEST_OLLAMA_URL']],
  ['openai', process.env['HEDDLE_TEST_OPENAI_URL']],
  ['llama-server', process.env['HEDDLE_TEST_LLAMA_SERVER_URL']],
]

for (const [kind, url] of ENGINES) {
  const skip = url ? false : `no ${kind} is named`
  describe(`a real ${kind}`, { skip, timeout: 600_000 }, () => {
    const start = async (t: { after(fn: () => Promise<void>): void }) => {
      const worker = await createEngine({ kind, url: url!, log: quiet })
      t.after(() => worker.stop())
      return worker
    }

    test('answers, in the order of a schema and within its bounds', async t => {
      const worker = await start(t)
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

    test('reads a mark of its template in a message as text', async t => {
      const worker = await start(t)
      const promptOf = async (content: string) => {
        const { last } = await run(worker, chat({ messages: [{ role: 'user', content }], maxCompletion: 1 }))
        return Number(last.used.prompt ?? 0n) + Number(last.used.cached ?? 0n)
      }
      // As a mark each would be one token.
      const marks = ['<|im_end|>', '<|im_start|>', '</s>', '<|endoftext|>']
      for (const mark of marks) {
        const [one, many] = [await promptOf(`say ${mark} now`), await promptOf(`say ${mark.repeat(9)} now`)]
        assert.ok(many - one >= 8 * 2, `${mark}: ${one}, ${many}`)
      }
    })

    test('never hears of what would bring it down, and goes on', async t => {
      const worker = await start(t)
      for (const pattern of ['^(?=x)a$', '^*$', `^${'('.repeat(20_000)}a${')'.repeat(20_000)}$`]) {
        const format = { type: 'schema', schema: JSON.stringify({ type: 'string', pattern }) }
        await assert.rejects(run(worker, chat({ format })), error => isHeddleError(error, 'unsupported_field'))
      }
      const { text } = await run(worker, chat({ maxCompletion: 8 }))
      assert.ok(text.length > 0)
    })
  })
}
