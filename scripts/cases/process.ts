import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'

export type Ran = { code: number; output: string }

/** Runs a program to its end, or until it was given too long; its whole group ends with it. */
export function run(
  command: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined>; milliseconds?: number } = {},
): Promise<Ran> {
  const { cwd, env, milliseconds = 300_000 } = options
  return new Promise(resolve => {
    const child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
      ...(cwd ? { cwd } : {}),
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const timer = setTimeout(() => {
      output += `\n(ended after ${milliseconds / 1000} s)`
      endGroup(child, 'SIGKILL')
    }, milliseconds)
    child.once('error', error => {
      output += error.message
    })
    // What it leaves running holds its output open: that has to end first.
    child.once('exit', () => endGroup(child, 'SIGTERM'))
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ code: code ?? 1, output: output.trim() })
    })
  })
}

/** Ends what a program that was started here started in turn. */
function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // Nothing of it is left.
  }
}

export type Running = { output(): string; stop(): Promise<void> }

/** Starts a program and waits until it says that it is ready. Throws what it said when it ended instead. */
export function start(
  command: readonly string[],
  options: { cwd?: string; env?: Record<string, string | undefined>; ready: RegExp; signal?: NodeJS.Signals },
): Promise<Running> {
  const { cwd, env, ready, signal = 'SIGINT' } = options
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
    ...(cwd ? { cwd } : {}),
  })
  let output = ''
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  const running: Running = {
    output: () => output,
    async stop() {
      endGroup(child, signal)
      const timer = setTimeout(() => endGroup(child, 'SIGKILL'), 20_000)
      await ended
      clearTimeout(timer)
    },
  }
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      if (ready.test(output)) resolve(running)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', () => reject(new Error(output.trim().slice(-2_000))))
  })
}

/** Two neighbouring ports that are free on loopback now. */
export async function freePair(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    if ((await isFree(first)) && (await isFree(first + 1))) return first
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
