import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { TestContext } from 'node:test'

/** Milliseconds after which a program that says nothing more is ended, so that a test shows what it said. */
const LIMIT = 180_000

export type Ran = { code: number | null; stdout: string; stderr: string }

/** A program that runs: what it has said so far, and how it ends. */
export type Serving = { said(): string; ended: Promise<Ran>; isRunning(): boolean }

/** Nothing of this machine's settings: a proxy, a key or a configuration would decide what is tried. */
export const cleanSettings = (home: string): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
  HOME: home,
  LANG: 'C.UTF-8',
  NO_COLOR: '1',
})

/** Starts a program in a group of its own, which ends with it, or with the test. */
export function startRunning(
  t: TestContext,
  command: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Serving {
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
