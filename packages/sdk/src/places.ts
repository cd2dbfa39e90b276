import { type Alive, FairQueue } from '@heddle/protocol'
import type { Choice } from './book.ts'
import type { Place } from './running.ts'

/** Milliseconds between two words about where a question stands. */
const EVERY = 2_000

/** Who asks for a place, until when, and whom it tells where it stands. */
export type Asker = {
  asker: string
  signal: AbortSignal
  patience: number
  /** How much memory it holds while it waits. */
  bytes: () => number
  alive: ((sign: Alive) => void) | undefined
}

/**
 * The places that providers offer, as this consumer counts its own jobs there: what finds none waits here, and holds
 * neither money nor room on a channel meanwhile. Askers are served in turns.
 */
export class Places {
  readonly #queue: FairQueue

  constructor(most: number, mostBytes: number) {
    this.#queue = new FairQueue(most, mostBytes)
  }

  status(): { waiting: number; estimate: number } {
    return { waiting: this.#queue.waiting(), estimate: this.#queue.estimate() }
  }

  /** A place with the first of these that has one, now or in turn. Throws `busy`, `aborted`. */
  async take(
    ways: readonly Choice[],
    { asker, signal, patience, bytes, alive }: Asker,
  ): Promise<{ choice: Choice; place: Place }> {
    let telling: NodeJS.Timeout | undefined
    try {
      return await this.#queue.enter(
        {
          asker,
          signal,
          patience,
          bytes,
          waits(place) {
            if (!alive) return
            const tell = (): void => alive({ state: 'queued', position: place.position() })
            tell()
            telling = setInterval(tell, EVERY)
          },
        },
        () => this.#takeNow(ways),
      )
    } finally {
      clearInterval(telling)
    }
  }

  #takeNow(ways: readonly Choice[]): { choice: Choice; place: Place } | undefined {
    const choice = ways.find(({ standing, offer }) => standing.running < (offer.limits['concurrency'] ?? Infinity))
    if (!choice) return undefined
    const { standing } = choice
    standing.running += 1
    let open = true
    const free = (): void => {
      if (!open) return
      open = false
      standing.running -= 1
      this.#queue.advance()
    }
    return { choice, place: { free } }
  }
}
