import type { Ledger } from '@heddle/ledger'
import type { Digest, JobRequest } from '@heddle/protocol'

/** The furthest expiry a job may have, in seconds: as long as its replay is remembered for sure. */
export const MAX_LIFETIME = 900

/**
 * Tells which jobs cannot have run before, so that the ledger is not asked about every new one. Of a job since this
 * start it knows 48 bits of the id: a chance likeness costs one look at the ledger. A job from before this start has an
 * expiry that says so.
 */
export class Seen {
  /** Unix seconds: a job that expires later was never posted before this start. */
  readonly #floor: number
  #young = new Set<number>()
  #old = new Set<number>()
  #turned = performance.now()

  constructor(options: { floor: number }) {
    this.#floor = options.floor
  }

  static async open(ledger: Ledger): Promise<Seen> {
    const [last] = await ledger.read('jobs', { order: { by: 'updated', descending: true }, limit: 1 })
    return new Seen({ floor: last ? Math.ceil(last.updated / 1000) + MAX_LIFETIME : 0 })
  }

  /** False when this job has certainly not run before. Remembers it. */
  maybe(id: Digest, job: JobRequest): boolean {
    this.#turn()
    const mark = Number.parseInt(id.slice(2, 14), 16)
    const known = this.#young.has(mark) || this.#old.has(mark)
    this.#young.add(mark)
    return known || job.expires <= this.#floor
  }

  /** A job that expired cannot be replayed. By the clock that nobody sets, or a leap of the other would forget too much. */
  #turn(): void {
    const now = performance.now()
    if (now - this.#turned < MAX_LIFETIME * 1000) return
    this.#turned = now
    this.#old = this.#young
    this.#young = new Set()
  }
}
