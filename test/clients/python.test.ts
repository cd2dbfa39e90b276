import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startClient } from './client.ts'
import { needed } from './installed/needed.ts'
import { type Feature, features } from './table.ts'

const run = promisify(execFile)

type Line = { feature: string; code?: string; field?: string | null; failure?: string }

test('openai, for Python', async t => {
  const client = await needed(t, 'openai-python')
  if (!client) return
  const { feature, compare, base, apiKey, model } = await startClient(t, client.client, client.version)
  const { stdout } = await run(client.command[0], [join(import.meta.dirname, 'python/openai_client.py')], {
    env: { HEDDLE_URL: base, HEDDLE_KEY: apiKey, HEDDLE_MODEL: model },
  })
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line)
  assert.ok(lines.length > 10)
  for (const { feature: name, code, field, failure } of lines) {
    assert.ok((features as readonly string[]).includes(name), name)
    await feature(name as Feature, async () => {
      assert.equal(failure, undefined)
      if (code) return { code, field: field ?? undefined }
    })
  }
  await compare()
})
