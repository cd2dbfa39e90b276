import { HeddleError } from '@heddle/protocol'

/** Places for jobs that run, and a bounded queue for those that wait. */
export type Slots = {
  /** Resolves with a place; call the result once to give it back. Throws `busy` when the queue is full, `aborted`. */
  take(signal: AbortSignal): Promise<() => void>
  free(): number
  waiting(): number
}

export function startSlots(places: number, queue: number): Slots {
  let running = 0
  const waiters: (() => void)[] = []
  function give(): void {
    const next = waiters.shift()
    if (next) next()
    else running--
  }
  const place = () => {
    let given = false
    return () => {
      if (!given) give()
      given = true
    }
  }
  return {
    async take(signal) {
      if (signal.aborted) throw new HeddleError('aborted')
      if (running < places) {
        running++
        return place()
      }
      if (waiters.length >= queue) throw new HeddleError('busy', `${places} jobs run and ${queue} wait`)
      return new Promise((resolve, reject) => {
        const turn = () => {
          signal.removeEventListener('abort', leave)
          resolve(place())
        }
        const leave = () => {
          waiters.splice(waiters.indexOf(turn), 1)
          reject(new HeddleError('aborted'))
        }
        signal.addEventListener('abort', leave, { once: true })
        waiters.push(turn)
      })
    },
    free: () => places - running,
    waiting: () => waiters.length,
  }
}
