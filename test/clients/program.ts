import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Address, verifyReceipt } from '@heddle/protocol'
import { startTestHouse } from '../house.ts'
import type { Installed } from './installed/cache.ts'
import { type Script, startScriptedEngine } from './scripted/engine.ts'
import { type Exchange, startTap } from './tap.ts'

/** Milliseconds after which a program that says nothing more is ended, so that a test shows what it said. */
const LIMIT = 180_000

export type Ran = { code: number | null; stdout: string; stderr: string }

/**
 * An unmodified program in front of a house whose own engine plays a script: as a person would start it, in a new
 * folder, with a home of its own and nothing of this machine's settings.
 */
export async function startProgram(t: TestContext, { command }: Installed, script: Script) {
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
      run([...command, ...args], workplace, {
        PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
        HOME: home,
        LANG: 'C.UTF-8',
        NO_COLOR: '1',
        ...env,
      }),
    /** Every question was answered, and every answer's receipt is stored and good; gives the receipts. */
    checkReceipts: () => checkReceipts(tap.exchanges, house.run.gateway.url),
    unused: () => unusedIn(tap.exchanges),
  }
}

export type Program = Awaited<ReturnType<typeof startProgram>>

function run(command: readonly string[], cwd: string, env: Record<string, string>): Promise<Ran> {
  const child = spawn(command[0]!, command.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (piece: Buffer) => (said.stdout += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (said.stderr += piece.toString()))
  // What it started may outlive it: its whole group ends with it.
  const end = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
  const limit = setTimeout(end, LIMIT)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => end())
    child.once('close', code => {
      clearTimeout(limit)
      resolve({ code, ...said })
    })
  })
}

/** The exchanges in which a model was asked. */
export const questionsIn = (exchanges: readonly Exchange[]): Exchange[] =>
  exchanges.filter(({ method, path }) => method === 'POST' && !path.includes('count_tokens'))

/** What the gateway passed over, by name, in the order in which it was first named. */
const unusedIn = (exchanges: readonly Exchange[]): string[] => [
  ...new Set(exchanges.flatMap(({ answered }) => String(answered['heddle-unused'] ?? '').split(/,\s*/)).filter(Boolean)),
]

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
