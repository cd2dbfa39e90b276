/** Callers that wait for something to change. */
export type Waiting = Set<() => void>

/** Wakes everyone who waits: each looks again for itself. */
export const wake = (waiting: Waiting): void => {
  for (const resume of [...waiting]) resume()
}

/** Waits for a wake-up, so many milliseconds or an abort, whichever is first. */
export function woken(waiting: Waiting, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      waiting.delete(done)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    waiting.add(done)
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted) done()
  })
}
