import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Milliseconds between two looks. */
const EVERY = 5_000
/** A look at which the event loop was busy for less than this share of the time counts as idle. */
const IDLE = 0.2
/** Idle looks in a row after which what was left behind is collected. */
const LOOKS = 3
/** By how much the heap must have grown since the last time, or there is nothing to collect. */
const GROWTH = 1.25

export type IdleParts = {
  /** The share of the time since the last call in which the event loop was busy, 0 … 1. */
  busy(): number
  /** Bytes that the heap takes. */
  heap(): number
  collect(): void
}

/**
 * Gives back what a burst of work left behind, once there is nothing to do. V8 collects when something is asked of it, so
 * a daemon that fell idle under load would keep that load's garbage for good: half of its memory. Gives what stops it.
 */
export function collectWhenIdle(parts: IdleParts = ofThisProcess()): () => void {
  let idle = 0
  // A start leaves as much behind as a burst of work.
  let least = 0
  const timer = setInterval(() => {
    idle = parts.busy() < IDLE ? idle + 1 : 0
    if (idle < LOOKS || parts.heap() < least * GROWTH) return
    parts.collect()
    least = parts.heap()
    idle = 0
  }, EVERY)
  timer.unref()
  return () => clearInterval(timer)
}

function ofThisProcess(): IdleParts {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options?: object) => void
  let last = performance.eventLoopUtilization()
  return {
    busy() {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, last)
      last = now
      return utilization
    },
    heap: () => process.memoryUsage().heapTotal,
    // The second time gives pages back that the first one emptied.
    collect() {
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    },
  }
}
