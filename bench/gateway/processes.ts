import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { DAEMON_FLAGS } from '../../apps/cli/src/up/children.ts'

/** A process under measurement. */
export type Measured = { name: string; pid: number; port: number; stop(): Promise<void> }

/** Starts a module as a process that says on which port it listens, and ends with this one. */
export function start(name: string, module: string, env: Readonly<Record<string, string>> = {}): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(module, {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...DAEMON_FLAGS, ...(process.env['HEDDLE_BENCH_NODE'] ?? '').split(' ').filter(Boolean)],
    })
    child.once('exit', code => reject(new Error(`${name} ended with ${code}`)))
    child.on('message', (message: { ready?: boolean; port?: number; error?: { message?: string } }) => {
      if (message.error) reject(new Error(`${name}: ${message.error.message}`))
      else if (message.ready) resolve({ name, pid: child.pid!, port: message.port ?? 0, stop: () => end(child) })
    })
  })
}

export function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  })
}

/** Linux counts a process's time in hundredths of a second. */
const TICK_MICROSECONDS = 10_000

/** Microseconds of CPU that a process has used, all its threads included. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS
}
