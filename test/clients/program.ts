import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Address, verifyReceipt } from '@heddle/protocol'
import { call } from '../../apps/cli/src/call.ts'
import { startTestHouse } from '../house.ts'

import type { Installed } from './installed/cache.ts'
import { writeRecorded } from './recorded.ts'
import { cleanSettings, type Ran, type Serving, startRunning } from './running.ts'
import { type Script, startScriptedEngine } from './scripted/engine.ts'
import { type ProgramRow, readTable, writeProgram } from './table.ts'
import { type Exchange, questionsIn, startTap } from './tap.ts'

type TestHouse = Awaited<ReturnType<typeof startTestHouse>>

/** Set, it writes what was found and sent instead of holding it against what is committed. */
const isRecording = process.env['HEDDLE_RECORD'] !== undefined

/**
 * An unmodified program in front of a house whose own engine plays a script: as a person would start it, in a new
 * folder, with a home of its own and nothing of this machine's settings.
 */
export async function startProgram(t: TestContext, installed: Installed, script: Script) {
  const engine = await startScriptedEngine(t, script)
  const house = await startTestHouse(t, { providers: 0, own: [engine.settings] })
  return { ...(await startBefore(t, installed, house)), engine }
}

/** The same in front of a house that runs a real model, by the path of its weights, at a provider that is paid. */
export const startOnModel = async (t: TestContext, installed: Installed, model: string) =>
  startBefore(t, installed, await startTestHouse(t, { providers: 1, model }))

async function startBefore(t: TestContext, installed: Installed, house: TestHouse) {
  const { client, version, command } = installed
  const tap = await startTap(t, house.run.gateway.url)
  const folder = mkdtempSync(join(tmpdir(), 'heddle-program-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const [home, workplace] = [join(folder, 'home'), join(folder, 'work')]
  mkdirSync(home)
  mkdirSync(workplace)
  return {
    house,
    exchanges: tap.exchanges,
    /** Where the client finds the gateway: at something that listens in between. */
    url: tap.url,
    base: `${tap.url}/v1`,
    apiKey: house.apiKey,
    model: house.model.name,
    home,
    workplace,
    written: (name: string): string => readFileSync(join(workplace, name), 'utf8'),
    run: (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
      startRunning(t, [...command, ...args], workplace, { ...cleanSettings(home), ...env }).ended,
    /** Starts what serves until the test ends. */
    serve: (args: readonly string[], env: Record<string, string> = {}): Serving =>
      startRunning(t, [...command, ...args], workplace, { ...cleanSettings(home), ...env }),
    /** Every question was answered, and every answer's receipt is stored and good; gives the receipts. */
    checkReceipts: (exchanges = tap.exchanges) => checkReceipts(exchanges, house.run.gateway.url),
    /** What the gateway passed over, by name, in the order in which it was first named. */
    unused: () => unusedIn(tap.exchanges),
    /** A new key of this gateway, with terms of its own. */
    async key(terms: object): Promise<string> {
      const made = await call<{ key: string }>(`${house.run.gateway.url}/heddle/1/admin/keys`, {
        method: 'POST',
        token: house.run.adminToken,
        body: { cap: '1000000000000000000', ...terms },
      })
      return made.key
    },
    /** Holds what was found against the committed table, or writes it there with HEDDLE_RECORD=1. */
    compare(outcomes: ProgramRow['outcomes']): void {
      if (isRecording) writeRecorded(installed, tap.exchanges)
      compare({ client, version, outcomes, unused: unusedIn(tap.exchanges) })
    },
  }
}

/** A program in front of a house of whatever kind. */
export type Program = Awaited<ReturnType<typeof startBefore>>
/** One in front of a script: `engine` holds what it was asked. */
export type Scripted = Awaited<ReturnType<typeof startProgram>>

function compare(row: ProgramRow): void {
  if (isRecording) writeProgram(row)
  const written = readTable().programs.find(({ client }) => client === row.client)
  assert.deepEqual(row, written, 'write it anew with HEDDLE_RECORD=1 and node scripts/compatibility.ts')
}

/** Without places in lists: how long a conversation was says nothing of a client. */
const unusedIn = (exchanges: readonly Exchange[]): string[] => {
  const named = exchanges.flatMap(({ answered }) => String(answered['heddle-unused'] ?? '').split(/,\s*/))
  return [...new Set(named.map(one => one.replace(/\[\d+\]/g, '[]')))].filter(Boolean)
}

async function checkReceipts(exchanges: readonly Exchange[], gateway: string) {
  const questions = questionsIn(exchanges)
  assert.ok(questions.length > 0, 'nothing was asked')
  const receipts = []
  for (const { path, status, answer, body } of questions) {
    assert.equal(status, 200, `${path} was answered ${answer.slice(0, 500)}\nto ${body.slice(0, 500)}`)
    const id = /"receipt":"(0x[0-9a-f]{64})"/.exec(answer)?.[1]
    assert.ok(id, `${path} was answered without a receipt: ${answer.slice(-500)}`)
    const stored = (await (await fetch(`${gateway}/heddle/1/receipts/${id}`)).json()) as {
      receipt: unknown
      provider: Address
    }
    receipts.push(verifyReceipt(stored.receipt, stored.provider).receipt)
  }
  return receipts
}
