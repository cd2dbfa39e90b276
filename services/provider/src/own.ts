import { type Address, type Channel, type Digest, HeddleError } from '@heddle/protocol'

/** The house's own gateway: it is served for nothing, and before everybody who pays. */
export type Own = {
  payer: Address
  /** Anybody can name a payer in a channel; only the holder of this key can sign under it. */
  payerAuthorizer: Address
  /** Places of the offers' concurrency that are never sold. */
  reserve: number
}

/** Whether a job's channel is the own payer's. Throws `offer_unknown`, for whom such an offer was never made. */
export function checkOwn(own: Own | undefined, { payer, payerAuthorizer }: Channel): void {
  if (!own || payer !== own.payer || payerAuthorizer !== own.payerAuthorizer) {
    throw new HeddleError('offer_unknown', 'this offer is for another payer')
  }
}

/**
 * The jobs that run now; of those that have a place, which are the house's own and which are sold. Sold work never takes
 * the places that are kept, so the house's jobs find one as long as the house itself leaves one.
 */
export class Places extends Set<Digest> {
  readonly #reserve: number
  readonly #own = new Set<Digest>()
  readonly #sold = new Set<Digest>()

  constructor(reserve = 0) {
    super()
    this.#reserve = reserve
  }

  /** Gives a job its place, until it is deleted here. Throws `busy`. */
  take(id: Digest, concurrency: number | undefined, own: boolean): void {
    if (concurrency !== undefined) {
      const forSale = concurrency - Math.min(this.#reserve, concurrency)
      const full = this.#own.size + this.#sold.size >= concurrency || (!own && this.#sold.size >= forSale)
      if (full) throw new HeddleError('busy', `${this.#own.size + this.#sold.size} jobs run, ${concurrency} can`)
    }
    if (own) this.#own.add(id)
    else this.#sold.add(id)
  }

  override delete(id: Digest): boolean {
    this.#own.delete(id)
    this.#sold.delete(id)
    return super.delete(id)
  }
}
