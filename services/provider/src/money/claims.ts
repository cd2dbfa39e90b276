import type { Claimer } from '@heddle/payments'
import type { Log } from '@heddle/protocol'

/** Claims by value at every tick, and everything once in a while; at once when a payer begins to withdraw. */
export function scheduleClaims(options: {
  claimer: Claimer
  log: Log
  /** Milliseconds between looks at the threshold, and between claims of everything. */
  tick: number
  sweep: number
}): { urgent(): void; stop(): void } {
  const { claimer, log } = options
  let lastSweep = performance.now()
  const claim = (all: boolean): void => {
    claimer.claim({ all }).then(
      ({ rows, amount }) => {
        if (rows > 0) log.info('claimed', { rows, amount })
      },
      error => log.warn('claim put off', { error: error instanceof Error ? error.message : String(error) }),
    )
  }
  const timer = setInterval(() => {
    const all = performance.now() - lastSweep >= options.sweep
    if (all) lastSweep = performance.now()
    claim(all)
  }, options.tick)
  return { urgent: () => claim(false), stop: () => clearInterval(timer) }
}
