import { type Log, toHeddleError } from '@heddle/protocol'
import { collectWhenIdle } from './idle.ts'
import { asStorageError } from './storage.ts'

/**
 * Runs a daemon until it is told to stop: SIGINT, SIGTERM, or the end of the process that started it. `stop` gets ten
 * seconds; what it has not finished then is what a crash would leave, which is safe.
 */
function runUntilStopped(options: { log: Log; stop: () => Promise<void> }): void {
  let stopping = false
  const stop = (reason: string): void => {
    if (stopping) return
    stopping = true
    options.log.info('stopping', { reason })
    setTimeout(() => process.exit(1), 10_000).unref()
    options.stop().then(
      () => process.exit(0),
      error => {
        options.log.error('stopping failed', { error: error instanceof Error ? error.message : String(error) })
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('disconnect', () => stop('the starting process ended'))
  process.on('uncaughtException', error => {
    options.log.error('uncaught', { error: error.message, stack: error.stack })
    process.exit(70)
  })
}

/** Tells the process that started this daemon where it listens, over the IPC channel that it opened. */
function announce(message: Record<string, unknown>): void {
  process.send?.(message)
}

/**
 * Runs a daemon in this process: starts it, tells the process that started this one where it listens or what kept it from
 * starting, and stops it when told to. `start` gives what is announced beside its port.
 */
export async function runDaemon<Started extends { port: number; stop(): Promise<void> }>(
  log: Log,
  start: () => Promise<Started>,
): Promise<void> {
  // Who starts it may end before it has started: what it has then is what a crash would leave.
  const orphaned = (): void => process.exit(1)
  if (process.send) {
    if (!process.connected) orphaned()
    process.once('disconnect', orphaned)
  }
  try {
    const { stop, ...told } = await start()
    collectWhenIdle()
    process.off('disconnect', orphaned)
    runUntilStopped({ log, stop })
    announce({ ready: true, ...told })
  } catch (thrown) {
    const error = toHeddleError(asStorageError(thrown))
    log.error('not started', { code: error.code, error: error.message, stack: error.stack })
    announce({ error: error.toJSON() })
    process.exitCode = 1
    setTimeout(() => process.exit(1), 100)
  }
}
