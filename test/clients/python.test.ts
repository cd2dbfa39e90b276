import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startClient } from './client.ts'
import { type Feature, features } from './table.ts'

const run = promisify(execFile)
const VERSION = '3.54.0'

type Line = { feature: string; code?: string; field?: string | null; failure?: string }

test('openai, for Python', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-python-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const python = join(folder, 'bin/python')
  try {
    await run('python3', ['-m', 'venv', folder])
    const quiet = ['--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '15']
    await run(python, ['-m', 'pip', 'install', ...quiet, `openai==${VERSION}`])
  } catch (error) {
    // Only where Python or its packages cannot be had; the reason stands in the output.
    return t.skip(
      `Python's client is not tried: ${String((error as Error).message)
        .split('\n')
        .at(-2)}`,
    )
  }
  const { feature, compare, base, apiKey, model } = await startClient(t, 'openai (Python)', VERSION)
  const { stdout } = await run(python, [join(import.meta.dirname, 'python/openai_client.py')], {
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
