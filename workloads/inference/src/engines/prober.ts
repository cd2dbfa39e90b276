import type { Probed } from './probe.ts'

/** Tries each model once, beside everything else. */
export type Prober = {
  /** What was found: at once where that is known, or after a moment; nothing as long as it is being tried. */
  look(local: string, probe: (signal: AbortSignal) => Promise<Probed>): Promise<Probed | undefined>
  stop(): void
}

/** An engine that answers soon is known before it is offered; a slow one is offered as it is, and tried meanwhile. */
const MOMENT_MS = 2_000

export function startProber(): Prober {
  const found = new Map<string, Promise<Probed>>()
  const stopping = new AbortController()
  return {
    async look(local, probe) {
      const trying = found.get(local) ?? probe(stopping.signal)
      found.set(local, trying)
      trying.catch(() => found.delete(local))
      const { promise, resolve } = Promise.withResolvers<undefined>()
      const timer = setTimeout(resolve, MOMENT_MS, undefined)
      try {
        return await Promise.race([trying.catch(() => undefined), promise])
      } finally {
        clearTimeout(timer)
      }
    },
    stop: () => stopping.abort(),
  }
}
