import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { startTestHouse } from '../house.ts'
import { type Feature, type Outcome, type Row, readTable, writeRow } from './table.ts'

/** Set, it writes what was found instead of holding it against the committed table. */
const isRecording = process.env['HEDDLE_RECORD'] !== undefined
/** With another model other things are possible: then the table is left alone. */
const isUsualModel = process.env['HEDDLE_TEST_MODEL'] === undefined

/** Tried as it is: a refusal is an outcome, and says which. Everything that resolves without one works. */
export type Refusal = { code: string; field?: string | undefined }

/**
 * One unmodified client in front of a house of its own, started as processes. `feature` tries one thing and notes how
 * it went; `compare` holds the notes against the committed table.
 */
export async function startClient(t: TestContext, client: string, version: string) {
  const house = await startTestHouse(t, { providers: 1 })
  const url = house.run.gateway.url
  const base = `${url}/v1`
  const listed = await fetch(`${base}/models`, { headers: { authorization: `Bearer ${house.apiKey}` } })
  const { data } = (await listed.json()) as { data: { heddle: { features: string[] } }[] }
  const outcomes: Row['outcomes'] = {}
  const note = (feature: Feature, outcome: Outcome): void => {
    assert.equal(outcomes[feature], undefined, `"${feature}" is tried twice`)
    outcomes[feature] = outcome
  }
  return {
    house,
    url,
    base,
    apiKey: house.apiKey,
    model: house.model.name,
    /** Whether the model says that it can do something: then it must, and else it must be refused. */
    has: (ability: string): boolean => data[0]!.heddle.features.includes(ability),
    // biome-ignore lint/suspicious/noConfusingVoidType: an attempt that works has nothing to say
    feature: (feature: Feature, attempt: () => Promise<Refusal | void>): Promise<void> =>
      t.test(feature, async () => {
        const refusal = await attempt()
        if (!refusal) return note(feature, 'works')
        note(feature, { refused: refusal.code, ...(refusal.field && { field: refusal.field }) })
      }),
    compare: (): Promise<void> =>
      t.test('the table says what was found', () => {
        if (!isUsualModel) return
        const row: Row = { client, version, outcomes }
        if (isRecording) return writeRow(row)
        const written = readTable().rows.find(one => one.client === client)
        assert.deepEqual(written, row, 'write it anew with HEDDLE_RECORD=1 and node scripts/compatibility.ts')
      }),
  }
}

/** The version of an installed package; `entry` is something that it exports, where that is not the package itself. */
export function versionOf(entry: string, name: string = entry): string {
  let folder = dirname(createRequire(import.meta.url).resolve(entry))
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string
        version?: string
      }
      if (found.name === name && found.version) return found.version
    } catch {
      // Not here: its package.json stands further up.
    }
    if (folder === dirname(folder)) throw new Error(`${name} is not installed`)
    folder = dirname(folder)
  }
}

/** Waits for a rejection and gives what it holds. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new assert.AssertionError({ message: 'nothing was refused' })
}
