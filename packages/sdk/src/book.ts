import {
  type Address,
  type Clock,
  HeddleError,
  type Log,
  type Model,
  type Offer,
  priceOf,
  type SignedOffer,
  type Workload,
} from '@heddle/protocol'
import { ProviderClient } from './provider-client.ts'

/** A provider that this consumer knows: where it is, and the key that it pinned when it first saw it. */
export type Known = { endpoint: string; pinned?: Address }

/** A provider as it is right now. */
export type Standing = {
  readonly client: ProviderClient
  pinned: Address | undefined
  offers: readonly SignedOffer[]
  /** Smoothed time to first byte in milliseconds, over answers that were paid for. */
  latency: number | undefined
  running: number
  /** Not asked before this time (unix milliseconds), after a failure. */
  restUntil: number
  failure: string | undefined
}

export type Choice = { standing: Standing; offer: Offer; cost: bigint }

const REST = 3_000
const SMOOTHING = 0.3
/** What a second of waiting is worth: a provider that is a second slower must be half as dear. */
const PATIENCE = 1_000

/** The offers that are live now, and what was measured of those who make them. */
export class Book {
  readonly #standings: Standing[]
  readonly #clock: Clock
  readonly #log: Log

  constructor(options: { providers: readonly Known[]; clock: Clock; log: Log }) {
    this.#clock = options.clock
    this.#log = options.log
    this.#standings = options.providers.map(({ endpoint, pinned }) => ({
      client: new ProviderClient(endpoint),
      pinned,
      offers: [],
      latency: undefined,
      running: 0,
      restUntil: 0,
      failure: undefined,
    }))
  }

  standings(): readonly Standing[] {
    return this.#standings
  }

  /** Fetches every provider's offers; one that does not answer has none until it does. */
  async refresh(): Promise<void> {
    await Promise.all(this.#standings.map(standing => this.#refreshOne(standing)))
  }

  async #refreshOne(standing: Standing): Promise<void> {
    try {
      const offers = await standing.client.offers(this.#clock.now())
      const provider = offers[0]?.offer.provider
      if (provider && standing.pinned && provider !== standing.pinned) {
        throw new HeddleError('offer_invalid', `the key is ${provider}, pinned is ${standing.pinned}`)
      }
      standing.pinned ??= provider
      standing.offers = offers
      standing.failure = undefined
    } catch (error) {
      standing.offers = []
      standing.failure = (error as Error).message
      this.#log.warn('offers not fetched', { endpoint: standing.client.endpoint, error: standing.failure })
    }
  }

  models(): Model[] {
    const models = new Map<string, Model>()
    for (const { offer } of this.#standings.flatMap(standing => standing.offers)) {
      const { name, digest } = offer.serves
      if (!models.has(name))
        models.set(name, { id: name, digest, context: offer.limits['context'] ?? 0, prices: offer.prices })
    }
    return [...models.values()]
  }

  /**
   * Who could do this, the best first: by what it may cost, by the measured wait, by how busy this consumer keeps it.
   * Throws `model_unknown` when nobody offers it, `no_provider` when nobody can be asked now.
   */
  choose(workload: Workload<unknown>, model: string, spec: unknown): Choice[] {
    const now = this.#clock.now()
    const choices: Choice[] = []
    let known = false
    for (const standing of this.#standings) {
      for (const { offer } of standing.offers) {
        if (offer.workload !== workload.kind || offer.serves.name !== model) continue
        known = true
        if (offer.expires * 1000 <= now || standing.restUntil > now) continue
        choices.push({ standing, offer, cost: priceOf(offer, workload.total(spec, offer)) })
      }
    }
    if (choices.length === 0) {
      const anybody = this.#standings.some(standing => standing.offers.length > 0)
      throw anybody && !known ? new HeddleError('model_unknown', model) : new HeddleError('no_provider')
    }
    return choices.sort((a, b) => score(a) - score(b))
  }

  /** Takes note of a wait for the first byte. */
  measured(standing: Standing, milliseconds: number): void {
    const { latency } = standing
    standing.latency = latency === undefined ? milliseconds : latency + SMOOTHING * (milliseconds - latency)
  }

  /** Takes note of a failure: the provider rests for a moment. */
  failed(standing: Standing, reason: string): void {
    standing.restUntil = this.#clock.now() + REST
    standing.failure = reason
  }

  async close(): Promise<void> {
    await Promise.all(this.#standings.map(standing => standing.client.close()))
  }
}

/** Only an order of choices, never an amount of money: a float is good enough. */
const score = ({ cost, standing }: Choice): number =>
  (Number(cost) + 1) * (1 + (standing.latency ?? 0) / PATIENCE) * (1 + standing.running)
