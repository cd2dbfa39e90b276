import { setImmediate } from 'node:timers/promises'
import { HeddleError, readOffer, type SignedOffer } from '@heddle/protocol'

/** Milliseconds of work on signatures, after which others have their turn. */
const SLICE = 10

/**
 * Reads what one provider offers, again and again. It is a stranger who writes these lists: each signature is looked at
 * once, an offer that stands there twice is one, and a long list keeps nobody else waiting.
 */
export class OfferReader {
  readonly #most: number
  /** What stood in the last list, by its text. */
  #known = new Map<string, SignedOffer>()

  /** `most` is how many offers a list may have. */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * The offers of a list, in its order. Throws `offer_invalid` for a list that is none, that is too long, or that holds
   * what its provider has not signed, and `offer_expired`.
   */
  async read(list: unknown, now: number): Promise<SignedOffer[]> {
    if (!Array.isArray(list)) throw new HeddleError('offer_invalid', 'no list of offers')
    if (list.length > this.#most) throw new HeddleError('offer_invalid', `a list of more than ${this.#most} offers`)
    const read = new Map<string, SignedOffer>()
    let began = performance.now()
    for (const one of list as unknown[]) {
      const text = JSON.stringify(one)
      if (read.has(text)) continue
      const known = this.#known.get(text)
      if (known && known.offer.expires * 1_000 <= now) throw new HeddleError('offer_expired')
      read.set(text, known ?? readOffer(one, now))
      if (performance.now() - began < SLICE) continue
      await setImmediate()
      began = performance.now()
    }
    this.#known = read
    return [...read.values()]
  }
}
