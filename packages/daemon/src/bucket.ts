const MINUTE = 60_000

/** What a request took of a bucket; what it did not use after all can be given back once. */
export type Taken = { giveBack(unused: number): void }

/**
 * A token bucket: lets through at most `perMinute` in every minute, and at once no more than that. Whole numbers only,
 * so that no rounding lets anything through; a clock that goes back fills nothing.
 *
 * @example
 * ```ts
 * import { Bucket } from '@heddle/daemon'
 * const bucket = new Bucket(2)
 * 'wait' in bucket.take(2, 0) // false
 * // Milliseconds until it would be let through:
 * bucket.take(1, 0) // { wait: 30000 }
 * ```
 */
export class Bucket {
  readonly #perMinute: number
  /** In units of 1/60,000, so that a millisecond fills a whole number of them. */
  readonly #capacity: number
  #level: number
  #at = Number.NEGATIVE_INFINITY
  /** How far below full the bucket always was since each open taking: more than that can never be given back. */
  readonly #open = new Set<{ room: number }>()

  /** `perMinute` is a whole number from 1 to 10^11. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute
    this.#capacity = perMinute * MINUTE
    this.#level = this.#capacity
  }

  /** Takes an amount at a time (milliseconds), or says how long to wait; `Infinity` for more than it ever holds. */
  take(amount: number, now: number): Taken | { wait: number } {
    this.#fill(now)
    const cost = amount * MINUTE
    if (cost > this.#capacity) return { wait: Number.POSITIVE_INFINITY }
    if (cost > this.#level) return { wait: Math.ceil((cost - this.#level) / this.#perMinute) }
    this.#level -= cost
    const taken = { room: cost }
    this.#open.add(taken)
    this.#narrow()
    return {
      giveBack: unused => {
        if (!this.#open.delete(taken)) return
        const back = Math.min(Math.max(0, Math.trunc(unused)) * MINUTE, taken.room)
        this.#level += back
        // As if it had never been taken: all the others were that much closer to a full bucket.
        for (const other of this.#open) other.room = Math.max(0, other.room - back)
        this.#narrow()
      },
    }
  }

  #fill(now: number): void {
    const elapsed = Math.min(Math.max(0, Math.floor(now - this.#at)), MINUTE)
    this.#at = Math.max(this.#at, Math.floor(now))
    this.#level = Math.min(this.#capacity, this.#level + elapsed * this.#perMinute)
    this.#narrow()
  }

  #narrow(): void {
    const room = this.#capacity - this.#level
    for (const taken of this.#open) {
      if (taken.room > room) taken.room = room
      if (taken.room === 0) this.#open.delete(taken)
    }
  }
}
