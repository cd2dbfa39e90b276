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
  /** How much memory it holds while it waits; asked once, when it has to. */
  bytes?: () => number
  /** Told once when it has to wait. */
  waits?: (place: InQueue) => void
}

type Waiter = { asker: string; bytes: number; serve(): boolean; refuse(error: HeddleError): void }

/** Seconds that a wait is estimated to at least and at most. */
const SHORTEST = 1
const LONGEST = 600
/** Servings that the estimate of the next ones rests on. */
const REMEMBERED = 32

/**
 * A bounded queue that is fair between askers: one after the other is served, each in the order of its own coming. Who
 * asks much waits behind itself, and when the queue is full, by number or by bytes, it is the longest line that loses its
 * last, or the heaviest. What can be served
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
  readonly #mostBytes: number
  /** Milliseconds from one serving to the next, the last ones, while nothing was free. */
  readonly #gaps: number[] = []
  /** Since when nothing is free, or since the last serving meanwhile; and until when that is known. */
  #full: { from: number; until: number } | undefined
  #waiting = 0
  #bytes = 0

  /** `most`: how many may wait at once; `mostBytes`: how much memory they may hold together. */
  constructor(most: number, mostBytes = Infinity) {
    this.#most = most
    this.#mostBytes = mostBytes
  }

  /** How many wait. */
  waiting(): number {
    return this.#waiting
  }

  /**
   * Resolves with what `take` gives, at once or in turn. Throws `busy` when the queue is full or patience ends (its cause
   * says after how many seconds to come back), `aborted` when the signal does.
   */
  enter<T>({ asker, signal, patience, bytes: measure, waits }: Entering, take: () => T | undefined): Promise<T> {
    if (signal.aborted) return Promise.reject(new HeddleError('aborted'))
    const taken = take()
    if (taken !== undefined) {
      // Whoever finds a place at once tells nothing of how long the next one would wait.
      if (this.#waiting === 0) this.#note(this.#full?.until)
      return Promise.resolve(taken)
    }
    const now = performance.now()
    this.#full = { from: this.#full?.from ?? now, until: now }
    if (patience <= 0) return Promise.reject(this.#busy('no place is free'))
    const bytes = measure?.() ?? 0
    if (!this.#makeRoom(asker, bytes))
      return Promise.reject(this.#busy(`${this.#waiting} wait, with ${this.#bytes} bytes: no more can`))
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
      }
      const waiter: Waiter = {
        asker,
        bytes,
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
      this.#bytes += bytes
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
        this.#bytes -= waiter!.bytes
        this.#note(performance.now())
        served = true
        // The next turn is somebody else's.
        this.#lines.delete(asker)
        if (line.length > 0) this.#lines.set(asker, line)
      }
    }
  }

  /** Seconds until somebody who comes now would be served, by what was measured. */
  estimate(): number {
    const measured = this.#gaps.reduce((sum, gap) => sum + gap, 0)
    const mean = measured / Math.max(1, this.#gaps.length)
    const since = this.#full && this.#waiting > 0 ? performance.now() - this.#full.from : 0
    // What lasts longer than usual already counts as it is.
    const each = Math.max(mean, (measured + since) / (this.#gaps.length + 1))
    return Math.min(LONGEST, Math.max(SHORTEST, Math.ceil(((this.#waiting + 1) * each) / 1_000)))
  }

  /** Somebody was served; until `at` nothing had been free. */
  #note(at: number | undefined): void {
    if (!this.#full || at === undefined) return
    this.#gaps.push(at - this.#full.from)
    if (this.#gaps.length > REMEMBERED) this.#gaps.shift()
    this.#full = this.#waiting > 0 ? { from: at, until: at } : undefined
  }

  #busy(why: string): HeddleError {
    return new HeddleError('busy', why, { cause: { retryAfter: this.estimate() } })
  }

  /**
   * Whether one more can wait. As long as there is no room, the longest line loses its last to one that is shorter with
   * what comes, or the heaviest to one that is lighter; nobody goes where that does not help.
   */
  #makeRoom(asker: string, bytes: number): boolean {
    const lines = new Map([...this.#lines].map(([name, line]) => [name, [...line]]))
    const leave: Waiter[] = []
    let freed = 0
    for (;;) {
      const isFull = this.#waiting - leave.length >= this.#most
      if (!isFull && this.#bytes - freed + bytes <= this.#mostBytes) break
      const weightOf = (line: readonly Waiter[]): number =>
        isFull ? line.length : line.reduce((sum, waiter) => sum + waiter.bytes, 0)
      let heaviest: Waiter[] = []
      for (const line of lines.values()) if (weightOf(line) > weightOf(heaviest)) heaviest = line
      if (weightOf(heaviest) <= weightOf(lines.get(asker) ?? []) + (isFull ? 1 : bytes)) return false
      const last = heaviest.pop()!
      freed += last.bytes
      leave.push(last)
    }
    for (const waiter of leave) {
      this.#remove(waiter)
      waiter.refuse(this.#busy('no more can wait, and of what does most is yours'))
    }
    return true
  }

  #remove(waiter: Waiter): void {
    const line = this.#lines.get(waiter.asker)
    const at = line?.indexOf(waiter) ?? -1
    if (!line || at < 0) return
    line.splice(at, 1)
    this.#waiting -= 1
    this.#bytes -= waiter.bytes
    // Where nobody waits any more, nothing tells when the next place came.
    if (this.#waiting === 0) this.#full = undefined
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
