import { type ChildProcess, fork } from 'node:child_process'
import { errorFromJson, HeddleError, isHeddleError, type Log } from '@heddle/protocol'

export type Ready = { port: number; address?: string }

/** A daemon as a child process: started again when it dies, on the port that it got. */
export type Child = { ready: Ready; pid(): number | null; stop(): Promise<void> }

/**
 * How Node runs a daemon. A small nursery or --optimize-for-size saves some 20 MB of an idle daemon, and makes every
 * request half as dear again.
 */
export const DAEMON_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'] as const

const BACKOFF = [100, 500, 2_000, 5_000] as const

/** Starts a daemon and waits until it announces that it is ready. Throws what kept it from starting. */
export async function startChild(options: {
  name: string
  module: string
  settings: { port: number }
  secrets: Readonly<Record<string, string>>
  log: Log
  onChange(): void
  /** Ends it while it starts. Throws `aborted` then, and leaves no process. */
  signal?: AbortSignal
}): Promise<Child> {
  const { name, module, secrets, log, onChange, signal } = options
  let settings = options.settings
  let process_: ChildProcess | undefined
  let stopping = false
  let failures = 0

  const start = (): Promise<Ready> =>
    new Promise((resolve, reject) => {
      const child = fork(module, {
        env: { ...cleanEnvironment(), ...secrets, HEDDLE_SETTINGS: JSON.stringify(settings) },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [...DAEMON_FLAGS],
      })
      process_ = child
      child.on('message', (message: { ready?: boolean; error?: unknown } & Ready) => {
        if (message.error) reject(errorFromJson(message.error))
        else if (message.ready) resolve(message)
      })
      child.once('exit', (code, signal) => {
        reject(new HeddleError('internal', `${name} ended with ${signal ?? code}`))
        if (stopping || process_ !== child) return
        log.warn('daemon died; starting it again', { name, code, signal })
        void again()
      })
    })

  const again = async (): Promise<void> => {
    const wait = BACKOFF[Math.min(failures, BACKOFF.length - 1)]!
    failures += 1
    await new Promise(resolve => setTimeout(resolve, wait))
    if (stopping) return
    await start().then(
      () => {
        failures = 0
        onChange()
      },
      error => log.error('daemon does not start', { name, error: (error as Error).message }),
    )
  }

  const abort = (): void => {
    stopping = true
    process_?.kill('SIGTERM')
  }
  let ready: Ready
  try {
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) throw new HeddleError('aborted', `stopped before ${name} was started`)
    ready = await firstStart(start)
  } catch (error) {
    stopping = true
    await end(process_)
    throw signal?.aborted ? new HeddleError('aborted', `stopped while ${name} was starting`) : error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  settings = { ...settings, port: ready.port }
  // A terminal's Ctrl-C reaches daemons and house alike: who ends with the house did not die.
  signal?.addEventListener('abort', () => {
    stopping = true
  })
  return {
    ready,
    pid: () => process_?.pid ?? null,
    stop() {
      stopping = true
      return end(process_)
    },
  }
}

/** Ends a daemon, which gets ten seconds for it, and waits until it is gone. */
function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
  })
}

/** How long the daemon of a house that crashed may take to see that it is alone, and to let go of its ledger. */
const LAST_ONE_GOES = 15_000

async function firstStart(start: () => Promise<Ready>): Promise<Ready> {
  for (const deadline = performance.now() + LAST_ONE_GOES; ; ) {
    try {
      return await start()
    } catch (error) {
      if (!isHeddleError(error, 'ledger_locked') || performance.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

/** Only what a daemon needs of this process's environment. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_OPTIONS']
  return Object.fromEntries(names.filter(name => process.env[name]).map(name => [name, process.env[name]]))
}
