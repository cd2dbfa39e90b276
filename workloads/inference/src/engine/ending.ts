/** Jobs that an engine was told to end, and how long it may be silent about it. */
export type Ending = {
  told(job: number): void
  ended(job: number): void
  /** The engine said anything at all: it is slow at most, and works. */
  heard(): void
  /** The process is gone, and what it was told with it. */
  forget(): void
}

/**
 * Tells a hung engine from a slow one. However long a job takes to end on a busy machine, an engine that goes on with
 * others, or with the same one, is never ended for it: only one of which nothing is heard for `silentMs`.
 *
 * So a job that never ends beside others that go on keeps its place, and nothing else, until the others leave the engine that
 * long in peace. To end it sooner would take the answers of those who are served from them, and from outside it looks the same as a
 * machine on which ending takes long.
 *
 * @example
 * ```ts
 * // sketch
 * const ending = startEnding(300_000, () => engine.kill('it hung'))
 * ending.told(7)
 * ending.heard() // the time begins anew
 * ending.ended(7) // and is over
 * ```
 */
export function startEnding(silentMs: number, onHung: () => void): Ending {
  const jobs = new Set<number>()
  let timer: NodeJS.Timeout | undefined

  function expect(): void {
    clearTimeout(timer)
    timer = jobs.size > 0 ? setTimeout(onHung, silentMs) : undefined
  }
  return {
    told(job) {
      jobs.add(job)
      // Another job that is to end buys no time: only the engine does.
      if (!timer) expect()
    },
    ended(job) {
      if (jobs.delete(job)) expect()
    },
    heard() {
      if (timer) expect()
    },
    forget() {
      jobs.clear()
      expect()
    },
  }
}
