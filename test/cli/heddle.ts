import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

export const entry = join(import.meta.dirname, '../../apps/cli/src/main.ts')

export type Environment = Record<string, string | undefined>

/** What a command is started with: a home of its own, any port, the committed model, and nobody's engine. */
export const environment = (home: string, over: Environment = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  HEDDLE_HOME: home,
  XDG_STATE_HOME: `${home}.state`,
  HEDDLE_PORT: '0',
  HEDDLE_MODEL: 'heddle-tiny',
  HEDDLE_ENGINE: 'none',
  ...over,
})

/** Runs a command to its end. */
export function heddle(
  home: string,
  args: readonly string[],
  over: Environment = {},
): Promise<{ code: number; text: string; out: string }> {
  return new Promise(resolve => {
    const options = { env: environment(home, over), timeout: 230_000 }
    execFile(process.execPath, [entry, ...args], options, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, text: out + err, out })
    })
  })
}

/** Starts `heddle up` and waits until it is ready. */
export function up(
  t: TestContext,
  home: string,
  over: Environment = {},
  args: readonly string[] = [],
): Promise<{ child: ChildProcess; text: string; url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [entry, 'up', ...args], {
    env: environment(home, over),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const stop = (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise(resolve => {
      child.once('exit', () => resolve())
      child.kill('SIGINT')
    })
  }
  t.after(stop)
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      const url = /^ready (http\S+)/m.exec(text)?.[1]
      if (url) resolve({ child, text, url, stop })
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', () => reject(new Error(text)))
  })
}
