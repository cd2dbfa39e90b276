import { HeddleError } from './errors/heddle-error.ts'

/** Where one that waits stands now. */
export type InQueue = {
  /** 1 for whoever is next. */
  position(): number
}

export type Entering = {
  /** Whose turn it is: those who wait are served round robin by it. */
  asker: string
  signal: AbortSignal
  /** Milliseconds that it may wait. */
  patience: number
  /** Told once when it has to wait. */
  waits?: (place: InQueue) => void
}

type Waiter = { asker: string; serve(): boolean; refuse(error: HeddleError): void }

/** Seconds that a wait is estimated to at least and at most. */
const SHORTEST = 1
const LONGEST = 600
/** Servings that the estimate of the next ones rests on. */
const REMEMBERED = 32

/**
 * A bounded queue that is fair between askers: one after the other is served, each in the order of its own coming. Who
 * asks much waits behind itself, and when the queue is full it is the longest line that loses its last. What can be served
 * is for the caller to say: two that wait may wait for different things.
 *
 * @example
 * ```ts
 * import { FairQueue } from '@heddle/protocol'
 * const queue = new FairQueue(512)
 * let free = 0
 * const take = () => (free > 0 ? free-- : undefined)
 * const served = queue.enter({ asker: 'a', signal: new AbortController().signal, patience: 1_000 }, take)
 * free = 1
 * queue.advance()
 * await served // 1
 * ```
 */
export class FairQueue {
  readonly #most: number
  /** Askers in the order of their turns; each with those of it that wait. */
  readonly #lines = new Map<string, Waiter[]>()
  readonly #served: number[] = []
  #waiting = 0

  /** `most`: how many may wait at once. */
  constructor(most: number) {
    this.#most = most
  }

  /** How many wait. */
  waiting(): number {
    return this.#waiting
  }

  /**
   * Resolves with what `take` gives, at once or in turn. Throws `busy` when the queue is full or patience ends (its cause
   * says after how many seconds to come back), `aborted` when the signal does.
   */
  enter<T>({ asker, signal, patience, waits }: Entering, take: () => T | undefined): Promise<T> {
    if (signal.aborted) return Promise.reject(new HeddleError('aborted'))
    const taken = take()
    if (taken !== undefined) {
      this.#note()
      return Promise.resolve(taken)
    }
    if (patience <= 0) return Promise.reject(this.#busy('no place is free'))
    if (this.#waiting >= this.#most && !this.#makeRoom(asker))
      return Promise.reject(this.#busy(`${this.#waiting} wait, ${this.#most} can`))
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
      }
      const waiter: Waiter = {
        asker,
        serve() {
          const taken = take()
          if (taken === undefined) return false
          end()
          resolve(taken)
          return true
        },
        refuse(error) {
          end()
          reject(error)
        },
      }
      const leave = (): void => {
        this.#remove(waiter)
        waiter.refuse(new HeddleError('aborted'))
      }
      const timer = setTimeout(
        () => {
          this.#remove(waiter)
          waiter.refuse(this.#busy(`no place came in ${Math.round(patience / 1_000)} s`))
        },
        Math.min(patience, 0x7fff_ffff),
      )
      signal.addEventListener('abort', leave, { once: true })
      const line = this.#lines.get(asker)
      if (line) line.push(waiter)
      else this.#lines.set(asker, [waiter])
      this.#waiting += 1
      waits?.({ position: () => this.#positionOf(waiter) })
    })
  }

  /** Something may have become free: serves whom it can, in turn. */
  advance(): void {
    for (let served = true; served; ) {
      served = false
      for (const [asker, line] of [...this.#lines]) {
        const at = line.findIndex(waiter => waiter.serve())
        if (at < 0) continue
        const [waiter] = line.splice(at, 1)
        this.#waiting -= 1
        this.#note()
        served = true
        // The next turn is somebody else's.
        this.#lines.delete(waiter!.asker)
        if (line.length > 0) this.#lines.set(asker, line)
      }
    }
  }

  /** Seconds until somebody who comes now would be served, by what was measured. */
  estimate(): number {
    const [first] = this.#served
    if (first === undefined) return SHORTEST
    const each = (performance.now() - first) / this.#served.length
    return Math.min(LONGEST, Math.max(SHORTEST, Math.ceil(((this.#waiting + 1) * each) / 1_000)))
  }

  #note(): void {
    this.#served.push(performance.now())
    if (this.#served.length > REMEMBERED) this.#served.shift()
  }

  #busy(why: string): HeddleError {
    return new HeddleError('busy', why, { cause: { retryAfter: this.estimate() } })
  }

  /** The longest line loses its last to a shorter one. */
  #makeRoom(asker: string): boolean {
    let longest: Waiter[] = []
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line
    const last = longest.at(-1)
    if (!last || longest.length <= (this.#lines.get(asker)?.length ?? 0) + 1) return false
    this.#remove(last)
    last.refuse(this.#busy(`${this.#most} can wait, and of these callers most are yours`))
    return true
  }

  #remove(waiter: Waiter): void {
    const line = this.#lines.get(waiter.asker)
    const at = line?.indexOf(waiter) ?? -1
    if (!line || at < 0) return
    line.splice(at, 1)
    this.#waiting -= 1
    if (line.length === 0) this.#lines.delete(waiter.asker)
  }

  /** Round robin from now on: before it come all of its own before it, and of others as many, or one more by turn. */
  #positionOf(waiter: Waiter): number {
    const own = this.#lines.get(waiter.asker)?.indexOf(waiter) ?? -1
    if (own < 0) return 1
    let before = own
    let sooner = true
    for (const [asker, line] of this.#lines) {
      if (asker === waiter.asker) sooner = false
      else before += Math.min(line.length, own + (sooner ? 1 : 0))
    }
    return before + 1
  }
}
