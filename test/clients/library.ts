import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { type Program, startProgram } from './program.ts'
import { PIXEL } from './question.ts'
import { libraryScript } from './scripted/library.ts'
import { type ProgramFeature, type ProgramRow, programFeatures } from './table.ts'

type Line = { feature: string; says?: string; failure?: string }

/**
 * Tests a library of Python's: runs `python/FILE`, which tries one feature after the other, in front of a house whose own
 * engine plays {@link libraryScript}.
 */
export function testLibrary(name: string, file: string): void {
  test(`${name}: what it offers works as its users call it`, async t => {
    const client = await needed(t, name)
    if (!client) return
    const program = await startProgram(t, client, libraryScript)
    const { stdout, stderr } = await program.run([join(import.meta.dirname, 'python', file)], {
      HEDDLE_URL: program.url,
      HEDDLE_KEY: program.apiKey,
      HEDDLE_MODEL: program.model,
      HEDDLE_PIXEL: PIXEL,
      HEDDLE_SPENT_KEY: await spentKey(program),
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    })
    const lines = stdout.split('\n').filter(line => line.startsWith('{"feature"'))
    assert.ok(lines.length > 1, stdout + stderr)
    const outcomes: ProgramRow['outcomes'] = {}
    for (const line of lines) {
      const { feature, says = 'works', failure } = JSON.parse(line) as Line
      assert.ok((programFeatures as readonly string[]).includes(feature), feature)
      outcomes[feature as ProgramFeature] = says
      await t.test(feature, () => assert.equal(failure, undefined, failure))
    }
    await t.test('the table says what was found', () => program.compare(outcomes))
  })
}

/** A key that may ask once a minute, and has. */
async function spentKey({ key, url, model }: Program): Promise<string> {
  const spent = await key({ name: 'spent', rate: 1 })
  const asked = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${spent}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello' }] }),
  })
  assert.equal(asked.status, 200, await asked.text())
  return spent
}
