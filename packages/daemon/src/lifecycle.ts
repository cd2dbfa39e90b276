import type { Log } from '@heddle/protocol'

/**
 * Runs a daemon until it is told to stop: SIGINT, SIGTERM, or the end of the process that started it. `stop` gets ten
 * seconds; what it has not finished then is what a crash would leave, which is safe.
 */
export function runUntilStopped(options: { log: Log; stop: () => Promise<void> }): void {
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
export function announce(message: Record<string, unknown>): void {
  process.send?.(message)
}
