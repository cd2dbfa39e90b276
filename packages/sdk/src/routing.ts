import {
  arePricesSound,
  HeddleError,
  isNamed,
  type Offer,
  priceOf,
  type Question,
  type Routing,
  rememberedOf,
  routingRules,
  type SignedOffer,
  type Workload,
} from '@heddle/protocol'
import type { Policy } from './purse.ts'

/** What routing needs to know of a provider. */
export type Candidate = {
  /** An engine of this consumer's own house: its offers are free. */
  readonly own: boolean
  readonly offers: readonly SignedOffer[]
  /** The least that an offer's honest rate is likely to be; nothing where nobody checked it. */
  readonly honesty?: (offer: Offer) => number | undefined
  /** Smoothed milliseconds to the first byte, and units a second, over answers that were paid for. */
  readonly latency: number | undefined
  readonly throughput: number | undefined
  /** Jobs of this consumer that run there. */
  readonly running: number
  /** Asked after all others until this time (unix milliseconds): it could not be reached. */
  readonly restUntil: number
  /** By digest, what it says that it cannot answer with now. */
  readonly down?: ReadonlySet<string>
}

/** One way to have a question answered: what it may cost, and what if the engine remembered all of its prompt. */
export type Route<C extends Candidate> = {
  standing: C
  offer: Offer
  /** The same, as its provider signed it. */
  offered: SignedOffer
  cost: bigint
  remembered: bigint
}

/** What a second of waiting is worth: a provider that is a second slower must be half as dear. */
const PATIENCE = 1_000

/**
 * Who could answer this question, the best first: for each model in turn those that the rules leave, in the order of the
 * rules. Throws, about the first model that is known: `model_unknown`, `unsupported_by_model` (its cause names the
 * feature), `routing_unmatched` (its cause names the rule that left nobody), `no_provider` when nobody can be asked now.
 */
export function route<C extends Candidate>(
  standings: readonly C[],
  workload: Workload<unknown>,
  question: Question,
  policy: Policy,
  now: number,
): Route<C>[] {
  const problems: HeddleError[] = []
  const routes = question.models.flatMap(model => {
    const result = routesOf(standings, workload, question, model, policy, now)
    if (!(result instanceof HeddleError)) return result
    problems.push(result)
    return []
  })
  if (routes.length > 0) return routes
  throw problems.find(problem => problem.code !== 'model_unknown') ?? problems[0]!
}

function routesOf<C extends Candidate>(
  standings: readonly C[],
  workload: Workload<unknown>,
  { spec, routing = {} }: Question,
  model: string,
  policy: Policy,
  now: number,
): Route<C>[] | HeddleError {
  let left = standings.flatMap(standing =>
    standing.offers
      .filter(({ offer }) => offer.workload === workload.kind && offer.serves.name === model)
      .map(offered => ({ standing, offer: offered.offer, offered })),
  )
  if (left.length === 0) {
    const anybody = standings.some(standing => standing.offers.length > 0)
    return anybody
      ? new HeddleError('model_unknown', model, { cause: { param: 'model' } })
      : new HeddleError('no_provider')
  }
  for (const rule of rulesOf(workload, spec, routing, model, policy, now)) {
    left = left.filter(({ standing, offer }) => rule.keeps(offer, standing))
    if (left.length === 0) return rule.problem()
  }
  const routes = left.map(one => {
    const total = workload.total(spec, one.offer)
    return { ...one, cost: priceOf(one.offer, total), remembered: priceOf(one.offer, rememberedOf(workload, total)) }
  })
  return routes.sort(ordering(routing, policy, now))
}

type Rule = { keeps(offer: Offer, standing: Candidate): boolean; problem(): HeddleError }

function rulesOf(
  workload: Workload<unknown>,
  spec: unknown,
  routing: Routing,
  model: string,
  policy: Policy,
  now: number,
): Rule[] {
  const rules: Rule[] = [
    {
      keeps: offer => arePricesSound(workload, offer),
      problem: () => new HeddleError('no_provider', `no offer of ${model} has sound prices`),
    },
    ...workload.requires(spec).map(feature => ({
      keeps: (offer: Offer) => offer.features.includes(feature),
      problem: () => new HeddleError('unsupported_by_model', `${model}: no ${feature}`, { cause: { feature } }),
    })),
  ]
  if (policy === 'own-only' || policy === 'network-only') {
    const why = `policy: the key is ${policy}, and nobody else has ${model}`
    rules.push({
      keeps: (_, { own }) => own === (policy === 'own-only'),
      problem: () => new HeddleError('routing_unmatched', why, { cause: { rule: 'policy' } }),
    })
  }
  for (const { keeps, problem } of routingRules(routing, model))
    rules.push({ keeps: (offer, { honesty }) => keeps(offer, honesty?.(offer)), problem })
  rules.push({
    keeps: offer => offer.expires * 1000 > now,
    problem: () => new HeddleError('no_provider', `nobody who offers ${model} can be asked now`),
  })
  return rules
}

type Order = (a: Route<Candidate>, b: Route<Candidate>) => number

/** What was never measured counts as the best there could be, so that it is tried once. */
const ORDERS: Readonly<Record<NonNullable<Routing['sort']>, Order>> = {
  price: (a, b) => (a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : 0),
  latency: (a, b) => waitOf(a.standing) - waitOf(b.standing),
  throughput: (a, b) => 1 / (a.standing.throughput ?? Infinity) - 1 / (b.standing.throughput ?? Infinity),
}

/** Only an order of choices, never an amount of money: a float is good enough. */
const score = ({ cost, standing }: Route<Candidate>): number =>
  (Number(cost) + 1) * (1 + (standing.latency ?? 0) / PATIENCE) * (1 + standing.running)

/** Whoever is likely to fail comes last, and is asked all the same where nobody else is left: it may be the only one. */
const doubt = ({ standing, offer }: Route<Candidate>, now: number): number =>
  (standing.restUntil > now ? 2 : 0) + (standing.down?.has(offer.serves.digest) ? 1 : 0)

function ordering({ order = [], sort }: Routing, policy: Policy, now: number): Order {
  const place = ({ offer }: Route<Candidate>): number => {
    const at = order.findIndex(entry => isNamed([entry], offer))
    return at < 0 ? order.length : at
  }
  const first = ({ standing }: Route<Candidate>): number => (policy === 'own-first' && standing.own ? 0 : 1)
  const wanted = sort ?? (policy === 'cheapest' ? 'price' : undefined)
  return (a, b) =>
    doubt(a, now) - doubt(b, now) ||
    place(a) - place(b) ||
    first(a) - first(b) ||
    (wanted ? ORDERS[wanted](a, b) : 0) ||
    score(a) - score(b)
}

/** Milliseconds until a first byte, as far as they can be foreseen. */
export const waitOf = ({ latency, running }: Candidate): number => (latency ?? 0) * (1 + running)
