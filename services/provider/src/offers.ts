import {
  type Address,
  type Clock,
  type Digest,
  HeddleError,
  type Offer,
  offerDigest,
  type Served,
  type SignedOffer,
  type Signer,
  signOffer,
  WIRE_VERSION,
} from '@heddle/protocol'

/** What a provider asks for its work, and the terms of its channels. Amounts in base units. */
export type Terms = {
  chainId: number
  settlement: Address
  asset: Address
  receiver: Address
  receiverAuthorizer: Address
  withdrawDelay: number
  minDeposit: bigint
  exposure: bigint
  prices: Readonly<Record<string, bigint>>
  limits: Readonly<Record<string, number>>
  endpoint: string
}

const LIFETIME = 600_000
const RENEWAL = 300_000

/** The offers that are out: renewed before they expire, and honoured until well after. */
export class Offers {
  readonly #signer: Signer
  readonly #clock: Clock
  readonly #make: () => { workload: string; served: Served; terms: Terms }[]
  #current: SignedOffer[] = []
  #madeAt = Number.NEGATIVE_INFINITY
  #known = new Map<Digest, Offer>()

  constructor(options: {
    signer: Signer
    clock: Clock
    serving: () => { workload: string; served: Served; terms: Terms }[]
  }) {
    this.#signer = options.signer
    this.#clock = options.clock
    this.#make = options.serving
  }

  /** The offers to publish now. */
  current(): readonly SignedOffer[] {
    const now = this.#clock.now()
    if (now - this.#madeAt >= RENEWAL) this.#renew(now)
    return this.#current
  }

  #renew(now: number): void {
    this.#madeAt = now
    const expires = Math.floor((now + LIFETIME) / 1000)
    this.#current = this.#make().map(({ workload, served, terms }) => {
      const offer: Offer = {
        version: WIRE_VERSION,
        provider: this.#signer.address,
        chainId: terms.chainId,
        settlement: terms.settlement,
        asset: terms.asset,
        workload,
        serves: { name: served.name, digest: served.digest },
        engine: served.engine,
        prices: Object.fromEntries(Object.entries(terms.prices).map(([unit, price]) => [unit, price.toString()])),
        limits: { ...terms.limits, context: served.context },
        exposure: terms.exposure.toString(),
        receiver: terms.receiver,
        receiverAuthorizer: terms.receiverAuthorizer,
        withdrawDelay: terms.withdrawDelay,
        minDeposit: terms.minDeposit.toString(),
        endpoint: terms.endpoint,
        expires,
      }
      return signOffer(offer, this.#signer)
    })
    const alive = [...this.#known].filter(([, offer]) => offer.expires * 1000 + LIFETIME > now)
    this.#known = new Map([...alive, ...this.#current.map(({ offer }) => [offerDigest(offer), offer] as const)])
  }

  /** The offer that a job names. Throws `offer_unknown`, `offer_expired`. */
  find(digest: Digest): Offer {
    this.current()
    const offer = this.#known.get(digest)
    if (!offer) throw new HeddleError('offer_unknown', digest)
    if (offer.expires * 1000 + RENEWAL < this.#clock.now()) throw new HeddleError('offer_expired', digest)
    return offer
  }

  /** Any current offer: the terms of channels are the same in all of them. Throws `engine_down` when there is none. */
  any(): Offer {
    const first = this.current()[0]
    if (!first) throw new HeddleError('engine_down', 'this provider serves nothing yet')
    return first.offer
  }

  /** Makes new offers at the next look, e.g. after the engine started. */
  refresh(): void {
    this.#madeAt = Number.NEGATIVE_INFINITY
  }
}
