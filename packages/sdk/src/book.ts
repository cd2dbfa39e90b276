import {
  type Address,
  type Clock,
  type Domain,
  HeddleError,
  isHeddleError,
  type Log,
  type Model,
  modelOf,
  type Offer,
  type Question,
  type SignedOffer,
  type Workload,
} from '@heddle/protocol'
import { Affinity, goesOn, preferAffine } from './affinity.ts'
import { type AnswerLimits, USUAL_ANSWERS } from './answers.ts'
import type { ProviderClient } from './provider-client.ts'
import type { Policy, Purse } from './purse.ts'
import { route } from './routing.ts'

/** A provider that this consumer knows: where it is, and the key that it pinned when it first saw it. */
export type Known = {
  /** Where it is reached; nothing for one that cannot be, and dials in: it is known by its key. */
  endpoint?: string
  pinned?: Address
  /** An engine of this consumer's own house: only what it offers for nothing is asked of it. */
  own?: boolean
}

/** A provider as it is right now. */
export type Standing = {
  readonly client: ProviderClient
  readonly own: boolean
  readonly honesty: Honesty
  pinned: Address | undefined
  offers: readonly SignedOffer[]
  /** Smoothed time to first byte in milliseconds, over answers that were paid for. */
  latency: number | undefined
  /** Smoothed units of output a second, from asking to the receipt. */
  throughput: number | undefined
  running: number
  /** Asked after all others until this time (unix milliseconds): it could not be reached. */
  restUntil: number
  /** By digest, what it says that it cannot answer with now. */
  down: ReadonlySet<string>
  failure: string | undefined
}

/** The least that an offer's honest rate is likely to be (0 … 1); nothing where nobody checked it. */
export type Honesty = (offer: Offer) => number | undefined

export type Choice = { standing: Standing; offer: Offer; offered: SignedOffer; cost: bigint }

/** Milliseconds in which whoever could not be reached is asked after all others. */
export const REST = 3_000
const SMOOTHING = 0.3
/** The share of new conversations in which nobody is preferred for what it knows, where the asker wants that. */
const WANDERING = 0.1
/** Fewer units of output say nothing about throughput. */
const LEAST_OUTPUT = 16

export type BookOptions = {
  providers: readonly Known[]
  /** Whom own engines answer for nothing. */
  payer?: Address
  /** Where this consumer pays: who sells elsewhere is not asked. */
  domain?: Domain
  /** What was found by checking. */
  honesty?: Honesty
  random?: () => number
  /** What is read of providers' answers: {@link USUAL_ANSWERS} where they are left out. */
  answers?: Partial<AnswerLimits>
  /** How a provider is talked to. */
  clientOf: (known: Known, limits: AnswerLimits) => ProviderClient
  clock: Clock
  log: Log
}

/** The offers that are live now, and what was measured of those who make them. */
export class Book {
  readonly #standings: Standing[]
  readonly #clock: Clock
  readonly #log: Log
  readonly #payer: Address | undefined
  readonly #domain: Domain | undefined
  readonly #random: () => number
  readonly #affinity = new Affinity()

  constructor(options: BookOptions) {
    this.#clock = options.clock
    this.#log = options.log
    this.#payer = options.payer
    this.#domain = options.domain
    this.#random = options.random ?? Math.random
    const { honesty = () => undefined, clientOf } = options
    this.#standings = options.providers.map(known => ({
      client: clientOf(known, { ...USUAL_ANSWERS, ...options.answers }),
      own: known.own ?? false,
      honesty,
      pinned: known.pinned,
      offers: [],
      latency: undefined,
      throughput: undefined,
      running: 0,
      restUntil: 0,
      down: new Set<string>(),
      failure: undefined,
    }))
  }

  standings(): readonly Standing[] {
    return this.#standings
  }

  /** Fetches every provider's offers; those of one that does not answer are good until they expire. */
  async refresh(): Promise<void> {
    await Promise.all(this.#standings.map(standing => this.#refreshOne(standing)))
  }

  /** Fetches the offers of one provider, which has just come. Gives whether it is known here. */
  async arrived(provider: Address): Promise<boolean> {
    const standing = this.#standings.find(({ pinned }) => pinned === provider)
    if (standing) await this.#refreshOne(standing)
    return standing !== undefined
  }

  async #refreshOne(standing: Standing): Promise<void> {
    try {
      const payer = standing.own ? this.#payer : undefined
      const { offers: all, down } = await standing.client.offers(this.#clock.now(), payer)
      const offers = standing.own ? all.filter(({ offer }) => isFree(offer)) : all
      if (this.#domain) for (const { offer } of offers) requireChain(offer, this.#domain)
      const provider = offers[0]?.offer.provider
      if (provider && standing.pinned && provider !== standing.pinned) {
        throw new HeddleError('offer_invalid', `the key is ${provider}, pinned is ${standing.pinned}`)
      }
      standing.pinned ??= provider
      standing.offers = offers
      standing.down = down
      standing.failure = undefined
      standing.restUntil = 0
    } catch (error) {
      const { message } = error as Error
      standing.offers = isHeddleError(error, 'provider_unreachable')
        ? standing.offers.filter(({ offer }) => offer.expires * 1000 > this.#clock.now())
        : []
      this.failed(standing, message)
      this.#log.warn('offers not fetched', { endpoint: standing.client.endpoint, error: standing.failure })
    }
  }

  /** What can be asked under a policy: own engines first, with all that anybody's offer of it can do. */
  models(policy: Policy = 'own-first'): Model[] {
    const models = new Map<string, Model>()
    const asked = this.#standings.filter(
      ({ own }) => !(policy === 'own-only' && !own) && !(policy === 'network-only' && own),
    )
    for (const { offer } of asked.toSorted((a, b) => Number(b.own) - Number(a.own)).flatMap(one => one.offers)) {
      const known = models.get(offer.serves.name)
      const features = known && [...new Set([...known.features, ...offer.features])]
      models.set(offer.serves.name, known ? { ...known, features: features! } : modelOf(offer))
    }
    return [...models.values()]
  }

  /**
   * Who could do this, the best first: by the rules of the asker and the key, by what it may cost, by the measured
   * wait, by how busy this consumer keeps it, by who read the same beginning before. Throws what {@link route} throws.
   */
  choose(workload: Workload<unknown>, question: Question, purse?: Pick<Purse, 'id' | 'policy' | 'wanders'>): Choice[] {
    const now = this.#clock.now()
    const routes = route(this.#standings, workload, question, purse?.policy ?? 'own-first', now)
    const wanders = purse?.wanders && !goesOn(question) && this.#random() < WANDERING
    const last =
      routes.length > 1 && !wanders
        ? this.#affinity.last(purse?.id ?? null, question, routes[0]!.offer.serves.name, now)
        : undefined
    const choices = preferAffine(routes, last, question)
    return question.routing?.fallbacks === false ? choices.slice(0, 1) : choices
  }

  /** Takes note of who begins to answer a question. */
  answering(purse: Pick<Purse, 'id'>, question: Question, { offer }: Choice): void {
    if (this.#standings.length < 2) return
    this.#affinity.remember(purse.id, question, offer.serves.name, offer.provider, this.#clock.now())
  }

  /** Takes note of a wait for the first byte. */
  measured(standing: Standing, milliseconds: number): void {
    standing.latency = smoothed(standing.latency, milliseconds)
  }

  /** Takes note of an answer that was paid for: how much output, in how many milliseconds from asking to the receipt. */
  delivered(standing: Standing, output: bigint, milliseconds: number): void {
    if (output < LEAST_OUTPUT || milliseconds <= 0) return
    standing.throughput = smoothed(standing.throughput, (Number(output) * 1_000) / milliseconds)
  }

  /** Takes note that a provider could not be reached: for a moment all others are asked before it. */
  failed(standing: Standing, reason: string): void {
    standing.restUntil = this.#clock.now() + REST
    standing.failure = reason
  }

  async close(): Promise<void> {
    await Promise.all(this.#standings.map(standing => standing.client.close()))
  }
}

/** What is signed for one chain and contract pays nobody on another. Throws `chain_other`, which says both. */
export function requireChain(
  { chainId, settlement, asset }: Pick<Offer, 'chainId' | 'settlement' | 'asset'>,
  here: Domain,
): void {
  if (chainId !== here.chainId)
    throw new HeddleError(
      'chain_other',
      `another chain: it sells on ${chainId} for ${asset}, this house pays on ${here.chainId}`,
    )
  if (settlement !== here.settlement)
    throw new HeddleError('chain_other', `another contract: it settles at ${settlement}, this at ${here.settlement}`)
}

const smoothed = (before: number | undefined, now: number): number =>
  before === undefined ? now : before + SMOOTHING * (now - before)

const isFree = ({ prices }: Offer): boolean => Object.values(prices).every(price => price === '0')
