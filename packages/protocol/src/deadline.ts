/** A time by which something must have come. */
export type Deadline = {
  /** It must come within this many milliseconds from now; what was set before is forgotten. */
  within(ms: number): void
  /** Nothing is waited for now. */
  pause(): void
  /** Nothing will be waited for any more. */
  stop(): void
}

/** Longest that a timer can be set for. */
const MAX_MS = 0x7fff_ffff

/**
 * Calls `late` when a deadline has passed. A deadline that moves on with every piece that comes costs no timer each time: the one
 * that runs looks at the clock when it fires, and is set again for what is left.
 *
 * @example
 * ```ts
 * import { startDeadline } from '@heddle/protocol'
 * const deadline = startDeadline(() => console.log('late'))
 * deadline.within(15_000)
 * deadline.stop()
 * ```
 */
export function startDeadline(late: () => void): Deadline {
  let due = Number.POSITIVE_INFINITY
  let fires = Number.POSITIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function arm(now: number): void {
    fires = due
    timer = setTimeout(look, Math.min(Math.max(0, due - now), MAX_MS))
  }
  function look(): void {
    fires = Number.POSITIVE_INFINITY
    if (due === Number.POSITIVE_INFINITY) return
    const now = performance.now()
    // Timers count whole milliseconds, and may be early by one.
    if (due - now >= 1) arm(now)
    else late()
  }
  return {
    within(ms) {
      const now = performance.now()
      due = now + ms
      if (due >= fires) return
      clearTimeout(timer)
      arm(now)
    },
    pause() {
      due = Number.POSITIVE_INFINITY
    },
    stop() {
      clearTimeout(timer)
      due = Number.POSITIVE_INFINITY
    },
  }
}
