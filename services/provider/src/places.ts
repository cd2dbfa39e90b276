import { type Digest, type Entering, FairQueue } from '@heddle/protocol'

/** What a job wants a place for: how many its offer has, and whether it is the house's own. */
export type Wanted = { concurrency: number | undefined; own: boolean }

export type PlacesOptions = {
  /** Places that are never sold. */
  reserve?: number
  /** How many jobs may wait for a place, of the house and of those who pay each. */
  queue?: number
  /** How many bytes those that wait may hold, of the house and of those who pay each (256 MiB). */
  queueBytes?: number
}

const QUEUE = 512
const QUEUE_BYTES = 256 << 20

/**
 * The jobs that are here now; of those that have a place, which are the house's own and which are sold. Sold work never
 * takes the places that are kept, so the house's jobs find one as long as the house itself leaves one; who finds none
 * waits in a queue, the house's own jobs before all that is sold.
 */
export class Places {
  /** All that are here, with a place or without. */
  readonly #here = new Set<Digest>()
  readonly #reserve: number
  readonly #own = new Set<Digest>()
  readonly #sold = new Set<Digest>()
  readonly #queues: { own: FairQueue; sold: FairQueue }

  constructor({ reserve = 0, queue = QUEUE, queueBytes = QUEUE_BYTES }: PlacesOptions = {}) {
    this.#reserve = reserve
    this.#queues = { own: new FairQueue(queue, queueBytes), sold: new FairQueue(queue, queueBytes) }
  }

  /** Whether a job is here: it is looked at, waits, or runs. */
  has(id: Digest): boolean {
    return this.#here.has(id)
  }

  /** A job comes here; it has no place yet. */
  begin(id: Digest): void {
    this.#here.add(id)
  }

  /**
   * Gives a job a place until it leaves; waits for one as long as `entering` says. Throws `busy`, whose cause
   * says after how many seconds to come back, and `aborted`.
   */
  async take(id: Digest, wanted: Wanted, entering: Entering): Promise<void> {
    await this.#queues[wanted.own ? 'own' : 'sold'].enter(entering, () => this.#takeNow(id, wanted))
  }

  #takeNow(id: Digest, { concurrency, own }: Wanted): true | undefined {
    if (concurrency !== undefined) {
      const forSale = concurrency - Math.min(this.#reserve, concurrency)
      const full = this.#own.size + this.#sold.size >= concurrency || (!own && this.#sold.size >= forSale)
      if (full) return undefined
    }
    if (own) this.#own.add(id)
    else this.#sold.add(id)
    return true
  }

  /** How many have a place, how many wait for one, and seconds until a sold one that comes now would have it. */
  status(): { placed: number; waiting: number; estimate: number } {
    const { own, sold } = this.#queues
    return {
      placed: this.#own.size + this.#sold.size,
      waiting: own.waiting() + sold.waiting(),
      estimate: sold.estimate(),
    }
  }

  /** A job leaves: its place, if it had one, is the next one's. */
  leave(id: Digest): void {
    this.#here.delete(id)
    if (!this.#own.delete(id) && !this.#sold.delete(id)) return
    this.#queues.own.advance()
    this.#queues.sold.advance()
  }
}
