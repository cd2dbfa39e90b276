import type { Writable } from 'node:stream'

/** Resolves once a stream takes more, or will never again. Leaves no listener behind, however often it is waited for. */
export function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve()
  return new Promise(resolve => {
    const end = (): void => {
      stream.off('drain', end)
      stream.off('close', end)
      resolve()
    }
    stream.once('drain', end)
    stream.once('close', end)
  })
}
