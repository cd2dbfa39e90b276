import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Address, verifyReceipt } from '@heddle/protocol'
import { call } from '../../apps/cli/src/call.ts'
import { startTestHouse } from '../house.ts'
import type { Installed } from './installed/cache.ts'
import { writeRecorded } from './recorded.ts'
import { type Script, startScriptedEngine } from './scripted/engine.ts'
import { type ProgramRow, readTable, writeProgram } from './table.ts'
import { type Exchange, questionsIn, startTap } from './tap.ts'

/** Milliseconds after which a program that says nothing more is ended, so that a test shows what it said. */
const LIMIT = 180_000

/** Set, it writes what was found and sent instead of holding it against what is committed. */
const isRecording = process.env['HEDDLE_RECORD'] !== undefined

export type Ran = { code: number | null; stdout: string; stderr: string }

/**
 * An unmodified program in front of a house whose own engine plays a script: as a person would start it, in a new
 * folder, with a home of its own and nothing of this machine's settings.
 */
export async function startProgram(t: TestContext, installed: Installed, script: Script) {
  const { client, version, command } = installed
  const engine = await startScriptedEngine(t, script)
  const house = await startTestHouse(t, { providers: 0, own: [engine.settings] })
  const tap = await startTap(t, house.run.gateway.url)
  const folder = mkdtempSync(join(tmpdir(), 'heddle-program-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const [home, workplace] = [join(folder, 'home'), join(folder, 'work')]
  mkdirSync(home)
  mkdirSync(workplace)
  return {
    house,
    engine,
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
      start(t, [...command, ...args], workplace, { ...settings(home), ...env }).ended,
    /** Starts what serves until the test ends. */
    serve: (args: readonly string[], env: Record<string, string> = {}): Serving =>
      start(t, [...command, ...args], workplace, { ...settings(home), ...env }),
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

export type Program = Awaited<ReturnType<typeof startProgram>>

/** A program that runs: what it has said so far, and how it ends. */
export type Serving = { said(): string; ended: Promise<Ran>; isRunning(): boolean }

/** Nothing of this machine's settings: a proxy, a key or a configuration would decide what is tried. */
const settings = (home: string): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
  HOME: home,
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
})

function start(t: TestContext, command: readonly string[], cwd: string, env: Record<string, string>): Serving {
  const child = spawn(command[0]!, command.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const said = { stdout: '', stderr: '' }
  let isRunning = true
  child.stdout.on('data', (piece: Buffer) => {
    said.stdout += piece.toString()
  })
  child.stderr.on('data', (piece: Buffer) => {
    said.stderr += piece.toString()
  })
  // What it started may outlive it: its whole group ends with it.
  const end = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
  const limit = setTimeout(end, LIMIT)
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => end())
    child.once('close', code => {
      isRunning = false
      clearTimeout(limit)
      resolve({ code, ...said })
    })
  })
  t.after(() => {
    end()
    return ended
  })
  return { said: () => said.stdout + said.stderr, ended, isRunning: () => isRunning }
}

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
