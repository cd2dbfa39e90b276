/** A job's output between the worker and the door: what is put in comes out in order, and the worker can be held back. */
export type Flow = {
  put(bytes: Uint8Array): void
  /** Resolves when the door has taken everything. */
  drained(): Promise<void>
  /** Ends it, with an error when the answer breaks off. */
  end(error?: unknown): void
  output: AsyncIterableIterator<Uint8Array>
}

export function startFlow(): Flow {
  const pieces: Uint8Array[] = []
  let ended = false
  let failure: unknown
  let wakeReader: (() => void) | undefined
  let wakeWriters: (() => void)[] = []
  const wake = (): void => {
    wakeReader?.()
    wakeReader = undefined
  }
  const letGo = (): void => {
    for (const resolve of wakeWriters) resolve()
    wakeWriters = []
  }
  async function* read(): AsyncIterableIterator<Uint8Array> {
    try {
      for (;;) {
        const piece = pieces.shift()
        if (piece) yield piece
        else if (failure !== undefined) throw failure
        else if (ended) return
        else {
          letGo()
          await new Promise<void>(resolve => {
            wakeReader = resolve
          })
        }
      }
    } finally {
      ended = true
      letGo()
    }
  }
  return {
    put(bytes) {
      if (ended) return
      pieces.push(bytes)
      wake()
    },
    drained: () =>
      pieces.length === 0 || ended ? Promise.resolve() : new Promise(resolve => void wakeWriters.push(resolve)),
    end(error) {
      ended = true
      failure = error
      wake()
      letGo()
    },
    output: read(),
  }
}
