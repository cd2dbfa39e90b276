import {
  type Address,
  type Clock,
  canonical,
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

/** One served thing under terms; `own` for the house's own payer alone. */
export type Serving = { workload: string; served: Served; terms: Terms; own?: boolean }

/** What the house pays itself: nothing, so that no deposit and no chain are needed. */
export const ownTerms = (terms: Terms): Terms => ({
  ...terms,
  exposure: 0n,
  prices: Object.fromEntries(Object.keys(terms.prices).map(unit => [unit, 0n])),
})

const LIFETIME = 600_000
const RENEWAL = 300_000
/** Between two looks at what the engines serve. */
const LOOK = 1_000

/** The offers that are out: renewed before they expire, and honoured until well after. */
export class Offers {
  readonly #signer: Signer
  readonly #clock: Clock
  readonly #make: () => Serving[]
  #current: SignedOffer[] = []
  #own: SignedOffer[] = []
  #madeAt = Number.NEGATIVE_INFINITY
  #lookedAt = Number.NEGATIVE_INFINITY
  /** What the current offers serve, canonical JSON. */
  #served = ''
  #known = new Map<Digest, { offer: Offer; own: boolean }>()

  constructor(options: {
    signer: Signer
    clock: Clock
    serving: () => Serving[]
  }) {
    this.#signer = options.signer
    this.#clock = options.clock
    this.#make = options.serving
  }

  /** The offers to publish now. */
  current(): readonly SignedOffer[] {
    const now = this.#clock.now()
    if (now - this.#madeAt >= RENEWAL || this.#isOther(now)) this.#renew(now)
    return this.#current
  }

  /** Whether what is served is no longer what is offered: an engine gained, lost or changed a model. */
  #isOther(now: number): boolean {
    if (now - this.#lookedAt < LOOK) return false
    this.#lookedAt = now
    return canonical(this.#make().map(({ served }) => served)) !== this.#served
  }

  #renew(now: number): void {
    this.#madeAt = now
    this.#lookedAt = now
    const expires = Math.floor((now + LIFETIME) / 1000)
    const serving = this.#make()
    this.#served = canonical(serving.map(({ served }) => served))
    const made = serving.map(({ workload, served, terms, own = false }) => {
      const offer: Offer = {
        version: WIRE_VERSION,
        provider: this.#signer.address,
        chainId: terms.chainId,
        settlement: terms.settlement,
        asset: terms.asset,
        workload,
        serves: {
          name: served.name,
          digest: served.digest,
          ...(served.quantization ? { quantization: served.quantization } : {}),
        },
        engine: served.engine,
        features: [...served.features],
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
      return { ...signOffer(offer, this.#signer), own }
    })
    const plain = ({ offer, signature }: SignedOffer): SignedOffer => ({ offer, signature })
    this.#current = made.filter(one => !one.own).map(plain)
    this.#own = made.filter(one => one.own).map(plain)
    const alive = [...this.#known].filter(([, { offer }]) => offer.expires * 1000 + LIFETIME > now)
    this.#known = new Map([...alive, ...made.map(one => [offerDigest(one.offer), one] as const)])
  }

  /** The offers that are for the house's own payer alone. */
  own(): readonly SignedOffer[] {
    this.current()
    return this.#own
  }

  /** Whether an offer is for the house's own payer alone. */
  isOwn(digest: Digest): boolean {
    return this.#known.get(digest)?.own === true
  }

  /** The offer that a job names. Throws `offer_unknown`, `offer_expired`. */
  find(digest: Digest): Offer {
    this.current()
    const offer = this.#known.get(digest)?.offer
    if (!offer) throw new HeddleError('offer_unknown', digest)
    if (offer.expires * 1000 + RENEWAL < this.#clock.now()) throw new HeddleError('offer_expired', digest)
    return offer
  }

  /** An offer of this provider as it signed it, however long ago: the same again. */
  signed(offer: Offer): SignedOffer {
    return signOffer(offer, this.#signer)
  }

  /** Makes new offers at the next look, e.g. after the engine started. */
  refresh(): void {
    this.#madeAt = Number.NEGATIVE_INFINITY
  }
}
