import { type ChildProcess, spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HeddleError } from '@heddle/protocol'
import type { Isolation } from './isolation.ts'
import { type EngineConfig, type EngineFacts, type FromEngine, readFromEngine, type ToEngine } from './messages.ts'

/** One run of the engine's process. */
export type EngineProcess = {
  /** The process that was started; behind bubblewrap the engine is its descendant. */
  pid: number
  facts: EngineFacts
  send(message: ToEngine): void
  /** Ends it at once; `why` is what `gone` then says. */
  kill(why: string): void
  /** Resolves with the reason when the process is gone. */
  gone: Promise<string>
}

export type StartOptions = {
  config: EngineConfig
  isolation: Isolation
  /** Folders that the engine has no business to see, e.g. the one with the keys. */
  hide: readonly string[]
  startMs: number
  onMessage(message: FromEngine): void
}

/** A process that has loaded a model, and talks in its own words. */
export type ModelProcess<To> = Omit<EngineProcess, 'send'> & { send(message: To): void }

export type ModelProcessOptions<From> = Omit<StartOptions, 'onMessage'> & {
  /** What runs behind the wall: a file of this package, with the extension of this one. */
  script: URL
  /** Undefined for anything that is no sound message: the process is not trusted, and is killed. */
  read(value: unknown): From | Ready | Fatal | undefined
  onMessage(message: From): void
}

type Ready = { type: 'ready' } & EngineFacts
type Fatal = { type: 'fatal'; message: string }

const STDERR_KEPT = 2_000

// Memory of a process that mostly waits: one malloc arena that gives back what it frees, a small nursery.
const LEAN = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '1048576', MALLOC_MMAP_THRESHOLD_: '1048576' }
const NODE_FLAGS = ['--max-semi-space-size=1', '--optimize-for-size', '--no-warnings']

/** Starts the engine and waits until its model is loaded. Throws `engine_down`, or `engine_slow` after `startMs`. */
export const startEngineProcess = (options: StartOptions): Promise<EngineProcess> =>
  startModelProcess<FromEngine, ToEngine>({ ...options, script: sibling('./child'), read: readFromEngine })

// The same extension as this file: .ts as it is, .js when built.
const sibling = (path: string): URL => new URL(`${path}${extname(import.meta.url)}`, import.meta.url)

/** Starts a process that loads one model behind the wall. Throws `engine_down`, or `engine_slow` after `startMs`. */
export async function startModelProcess<From extends { type: string }, To extends object>(
  options: ModelProcessOptions<From>,
): Promise<ModelProcess<To>> {
  const { isolation, hide, startMs, script, read, onMessage } = options
  // The file itself: what a link names can change, and a hidden folder must not hide it.
  const config = { ...options.config, modelPath: await realpath(options.config.modelPath) }
  const command = [process.execPath, ...NODE_FLAGS, fileURLToPath(script), JSON.stringify(config)]
  const [file, ...rest] = isolation.wrap(command, hide, [config.modelPath]) as [string, ...string[]]
  const child = spawn(file, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...LEAN },
    // Its own group: a terminal's Ctrl-C reaches the daemon, not the engine under it.
    detached: true,
  })
  let complaint = ''
  let killed: string | undefined
  const kill = (why: string): void => {
    killed ??= why
    child.kill('SIGKILL')
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-STDERR_KEPT)
  })
  const gone = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('exit', (code, signal) => resolve(reasonOf(code, signal, complaint, killed)))
  })
  try {
    const facts = await firstWord(child, read, gone, startMs)
    child.on('message', value => {
      const message = read(value)
      if (message) onMessage(message as From)
      else kill('it said what no engine says')
    })
    return {
      pid: child.pid!,
      facts,
      send: message => void (child.connected && child.send(message, () => {})),
      kill,
      gone,
    }
  } catch (error) {
    kill('it did not start')
    throw error
  }
}

function firstWord(
  child: ChildProcess,
  read: (value: unknown) => { type: string } | undefined,
  gone: Promise<string>,
  startMs: number,
): Promise<EngineFacts> {
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => reject(new HeddleError('engine_slow', `no model loaded in ${startMs} ms`)), startMs)
    child.once('message', message => {
      clearTimeout(slow)
      const word = read(message) as Ready | Fatal | undefined
      if (word?.type === 'ready') resolve(word)
      else reject(new HeddleError('engine_down', word?.type === 'fatal' ? word.message : 'it spoke out of turn'))
    })
    void gone.then(reason => {
      clearTimeout(slow)
      reject(new HeddleError('engine_down', reason))
    })
  })
}

function reasonOf(code: number | null, signal: string | null, complaint: string, killed: string | undefined): string {
  if (killed) return `the engine was ended: ${killed}`
  const last = complaint.trim().split('\n').at(-1)
  // Nothing here did it.
  const outside = signal === 'SIGKILL' && !last ? ', from outside: the system does that when memory is short' : ''
  return `the engine ended with ${signal ?? `code ${code}`}${last ? `: ${last}` : outside}`
}
