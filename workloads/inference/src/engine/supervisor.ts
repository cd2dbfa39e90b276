import { HeddleError, type Log } from '@heddle/protocol'
import { startEnding } from './ending.ts'
import type { Ask, EngineFacts, FromEngine } from './messages.ts'
import { type EngineProcess, type StartOptions, startEngineProcess } from './process.ts'

/** What a job hears from the engine. `gone`: the process died, or was killed because it hung. */
export type JobEvent =
  | Extract<FromEngine, { type: 'pieces' | 'working' | 'pause' | 'failed' | 'closed' }>
  | { type: 'gone'; reason: string }

/** An engine that is kept alive. */
export type Engine = {
  /** Of the running process, or of the last one. */
  facts(): EngineFacts
  ready(): boolean
  status(): { pid: number; restarts: number; down: string }
  /** Starts a job; `listen` hears of it until `closed` or `gone`. Throws `engine_down`. */
  open(ask: Omit<Ask, 'type' | 'job'>, listen: (event: JobEvent) => void): EngineJob
  stop(): Promise<void>
}

export type EngineJob = {
  more(): void
  /** Frees the sequence at the next step; an engine that says nothing at all meanwhile is killed after `hungMs`. */
  close(): void
}

export type SuperviseOptions = Omit<StartOptions, 'onMessage'> & {
  log: Log
  /** Called before each start; throws where the weights are not the expected ones any more. */
  verify(): Promise<void>
  /** Milliseconds before the first restart, doubled up to `maxBackoffMs`, reset by a minute of health. */
  backoffMs: number
  maxBackoffMs: number
  /** Milliseconds of silence about any job, after which an engine that was told to end one counts as hung. */
  hungMs: number
}

const HEALTHY_MS = 60_000

/** Starts the engine, and starts it again whenever it dies. Throws when the first start fails. */
export async function superviseEngine(options: SuperviseOptions): Promise<Engine> {
  const { log, verify, backoffMs, maxBackoffMs, hungMs, ...start } = options
  const jobs = new Map<number, (event: JobEvent) => void>()
  let current: EngineProcess | undefined
  let stopped = false
  let wait = backoffMs
  let timer: NodeJS.Timeout | undefined
  let launching: Promise<unknown> = Promise.resolve()
  let jobNumber = 0
  const status = { pid: 0, restarts: 0, down: '' }
  const ending = startEnding(hungMs, () => current?.kill(`it did not end a job, and was silent for ${hungMs} ms`))

  function onMessage(message: FromEngine): void {
    if (message.type === 'ready' || message.type === 'fatal') return
    const listen = jobs.get(message.job)
    if (message.type === 'closed') {
      jobs.delete(message.job)
      ending.ended(message.job)
    }
    ending.heard()
    listen?.(message)
  }

  async function launch(): Promise<EngineProcess> {
    await verify()
    const engine = await startEngineProcess({ ...start, onMessage })
    if (stopped) engine.kill('it is not needed any more')
    current = engine
    Object.assign(status, { pid: engine.pid, down: '' })
    const healthy = setTimeout(() => {
      wait = backoffMs
    }, HEALTHY_MS).unref()
    void engine.gone.then(reason => {
      clearTimeout(healthy)
      current = undefined
      status.down = reason
      const listeners = [...jobs.values()]
      jobs.clear()
      ending.forget()
      for (const listen of listeners) listen({ type: 'gone', reason })
      if (!stopped) relaunchLater(reason)
    })
    return engine
  }

  function relaunchLater(reason: string): void {
    log.warn('engine_restart', { reason, waitMs: wait })
    timer = setTimeout(() => {
      status.restarts++
      launching = launch().catch((error: Error) => {
        status.down = error.message
        if (!stopped) relaunchLater(error.message)
      })
    }, wait)
    wait = Math.min(wait * 2, maxBackoffMs)
  }

  let { facts } = await launch()

  return {
    facts() {
      if (current) facts = current.facts
      return facts
    },
    ready: () => current !== undefined,
    status: () => ({ ...status }),
    open(ask, listen) {
      const engine = current
      if (!engine) throw new HeddleError('engine_down', status.down || undefined)
      const job = ++jobNumber
      jobs.set(job, listen)
      engine.send({ type: 'open', job, ...ask })
      return {
        more: () => engine.send({ type: 'more', job }),
        close() {
          if (!jobs.has(job)) return
          engine.send({ type: 'close', job })
          ending.told(job)
        },
      }
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await launching
      const engine = current
      engine?.kill('it was stopped')
      await engine?.gone
    },
  }
}
