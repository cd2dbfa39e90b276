import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Milliseconds between two lines about what goes on. */
const LINE = 5_000
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** What a person should read instead of a stack, and the exit code with it. */
export class PrepareError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/**
 * Runs programs one after the other. Each is the head of a group of processes of its own: a terminal's Ctrl-C reaches this
 * one alone, which then ends the whole group and waits for it, so that nothing goes on behind the prompt.
 */
export class Runner {
  #stopping = new AbortController()
  #child
  #watch
  #handlers = []
  /** Told the pid of what runs now, and `undefined` when it has ended. */
  onChild = () => undefined

  constructor({ root, say }) {
    this.root = root
    this.say = say
    for (const name of ENDINGS) {
      const handler = () => this.#stop(name)
      process.on(name, handler)
      this.#handlers.push([name, handler])
    }
    // npm tells nobody that it was ended, and whoever ends it means what it runs.
    const parent = process.ppid
    if (process.env.npm_lifecycle_event)
      this.#watch = setInterval(() => process.ppid !== parent && this.#stop('SIGTERM'), 500).unref()
  }

  /** Aborted, with a {@link PrepareError}, when this process is told to end. */
  get signal() {
    return this.#stopping.signal
  }

  /** Runs a program to its end. Throws {@link PrepareError}. `what` says what it does, for the lines while it does it. */
  async run(command, args, { what, quiet = false }) {
    this.signal.throwIfAborted()
    const isWindows = process.platform === 'win32'
    const child = spawn(command, args, {
      cwd: this.root,
      stdio: ['ignore', quiet ? 'ignore' : 2, 2],
      detached: !isWindows,
      shell: isWindows,
    })
    this.#child = child
    if (child.pid !== undefined) this.onChild(child.pid)
    const begun = Date.now()
    const lines = setInterval(() => {
      const words = typeof what === 'function' ? what() : what
      this.say(`  ${words}, ${Math.round((Date.now() - begun) / 1_000)} s so far`)
    }, LINE)
    const ended = await new Promise(resolve => {
      child.once('error', error => resolve(error.message))
      child.once('exit', (code, name) => resolve(code === 0 ? undefined : (name ?? `code ${code}`)))
    })
    clearInterval(lines)
    this.#child = undefined
    this.signal.throwIfAborted()
    this.onChild(undefined)
    if (ended !== undefined)
      throw new PrepareError(
        `✗ ${[command, ...args].join(' ')} ended with ${ended}.\n  Mend what it says above, then start again: what is half done is done anew.`,
      )
  }

  end() {
    clearInterval(this.#watch)
    for (const [name, handler] of this.#handlers) process.off(name, handler)
  }

  #stop(name) {
    this.#stopping.abort(
      new PrepareError('Stopped. The next start goes on, or begins anew.', 128 + constants.signals[name]),
    )
    const child = this.#child
    if (!child?.pid) return
    try {
      // At once and all of it: npm would take minutes to undo what is thrown away anyway.
      if (process.platform === 'win32') child.kill()
      else process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
}
