import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Address,
  type HeddleError,
  isHeddleError,
  type Offer,
  type Question,
  type Workload,
} from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { POLICIES, type Policy } from './purse.ts'
import { type Candidate, type Route, route } from './routing.ts'

const { addressOf, offer: anOffer } = fixture
const NOW = 1_800_000_000_000

/** A hundred tokens in, ten out; a spec says which features it needs. */
const workload = {
  kind: 'inference',
  units: { prompt: 'input', cached: 'cached', completion: 'output' },
  requires: (spec: { features?: string[] }) => spec.features ?? [],
  total: () => ({ prompt: 100n, cached: 0n, completion: 10n }),
} as unknown as Workload<unknown>

type Over = Partial<Candidate> & { offer?: Partial<Offer>; quantization?: string; name?: string }

function provider(id: number, { offer, quantization, name = 'a-model', ...over }: Over = {}) {
  const serves = { ...anOffer.serves, name, ...(quantization ? { quantization } : {}) }
  const made: Offer = { ...anOffer, provider: addressOf(id), serves, features: ['chat'], ...offer }
  return {
    own: false,
    offers: [{ offer: made, signature: '0x' as const }],
    latency: undefined,
    throughput: undefined,
    running: 0,
    restUntil: 0,
    ...over,
  } satisfies Candidate
}
const own = (id: number, over: Over = {}) =>
  provider(id, { own: true, ...over, offer: { prices: { prompt: '0', cached: '0', completion: '0' }, ...over.offer } })
const priced = (prompt: number, completion: number): Over => ({
  offer: { prices: { prompt: String(prompt), cached: '0', completion: String(completion) } },
})

const asked = (routing: Question['routing'] = {}, over: Partial<Question> = {}): Question => ({
  workload: 'inference',
  models: ['a-model'],
  spec: {},
  routing,
  ...over,
})

const idsOf = (routes: readonly Route<Candidate>[]): number[] =>
  routes.map(({ offer }) => Number.parseInt(offer.provider.slice(2, 4), 16))
const choose = (providers: Candidate[], question = asked(), policy: Policy = 'own-first'): number[] =>
  idsOf(route(providers, workload, question, policy, NOW))
const refusal = (run: () => unknown): HeddleError => {
  try {
    run()
  } catch (error) {
    assert.ok(isHeddleError(error))
    return error
  }
  return assert.fail('nothing was refused')
}

test('without any rule: own first, then by cost, wait and work in hand', () => {
  const slow = provider(1, { ...priced(1, 1), latency: 2_000 })
  const dear = provider(2, { ...priced(2, 2), latency: 0 })
  const busy = provider(3, { ...priced(1, 1), running: 5 })
  assert.deepEqual(choose([busy, slow, dear, own(4)]), [4, 2, 1, 3])
})

test('policies: own engines first, alone, never, or by cost alone', () => {
  const providers = [provider(1, priced(1, 1)), own(2), provider(3, { ...priced(1, 0), latency: 9_000 })]
  assert.deepEqual(choose(providers, asked(), 'own-first'), [2, 1, 3])
  assert.deepEqual(choose(providers, asked(), 'own-only'), [2])
  assert.deepEqual(choose(providers, asked(), 'network-only'), [1, 3])
  assert.deepEqual(choose(providers, asked(), 'cheapest'), [2, 3, 1])
})

test('order comes before everything, also before own engines; the others follow', () => {
  const providers = [provider(1, priced(1, 1)), provider(2, priced(9, 9)), own(3)]
  assert.deepEqual(choose(providers, asked({ order: [addressOf(2).toUpperCase().replace('0X', '0x')] })), [2, 3, 1])
})

test('sort by price, wait or throughput; what was never measured is tried', () => {
  const a = provider(1, { ...priced(1, 1), latency: 500, throughput: 10 })
  const b = provider(2, { ...priced(2, 2), latency: 100, throughput: 20 })
  const c = provider(3, { ...priced(3, 3) })
  assert.deepEqual(choose([c, b, a], asked({ sort: 'price' })), [1, 2, 3])
  assert.deepEqual(choose([a, b, c], asked({ sort: 'latency' })), [3, 2, 1])
  assert.deepEqual(choose([a, b, c], asked({ sort: 'throughput' })), [3, 2, 1])
})

test('fall-back models are asked in turn, after everybody who has the first', () => {
  const providers = [provider(1, { name: 'second' }), provider(2), provider(3)]
  const models: Question['models'] = ['a-model', 'nobody-has-it', 'second']
  assert.deepEqual(choose(providers, asked({}, { models })).at(-1), 1)
  assert.equal(choose(providers, asked({}, { models })).length, 3)
  assert.deepEqual(choose(providers, asked({}, { models: ['nobody-has-it', 'second'] })), [1])
})

test('a feature: only who has it all; nobody is an error that names it', () => {
  const providers = [provider(1), provider(2, { offer: { features: ['chat', 'tools'] } })]
  assert.deepEqual(choose(providers, asked({}, { spec: { features: ['chat', 'tools'] } })), [2])
  const error = refusal(() => choose(providers, asked({}, { spec: { features: ['chat', 'images'] } })))
  assert.equal(error.code, 'unsupported_by_model')
  assert.deepEqual(error.cause, { feature: 'images' })
})

test('the rule that leaves nobody is named', () => {
  const providers = [provider(1, { ...priced(2, 5), quantization: 'q8_0' })]
  const cases: [Question['routing'], string][] = [
    [{ only: [addressOf(9)] }, 'provider.only'],
    [{ ignore: [addressOf(1)] }, 'provider.ignore'],
    [{ quantizations: ['fp16', 'unknown'] }, 'provider.quantizations'],
    [{ maxPrice: { prompt: 1n } }, 'provider.max_price'],
    [{ only: [addressOf(1)], maxPrice: { completion: 4n } }, 'provider.max_price'],
    [{ minHonestRate: 0 }, 'provider.min_honest_rate'],
  ]
  for (const [routing, rule] of cases) {
    const error = refusal(() => choose(providers, asked(routing)))
    assert.equal(error.code, 'routing_unmatched')
    assert.deepEqual(error.cause, { rule, param: rule })
    assert.ok(error.message.startsWith(rule), error.message)
    assert.equal(error.retryable, false)
  }
  const error = refusal(() => choose(providers, asked(), 'own-only'))
  assert.deepEqual([error.code, error.cause], ['routing_unmatched', { rule: 'policy' }])
  assert.deepEqual(choose(providers, asked({ maxPrice: { prompt: 2n, completion: 5n }, quantizations: ['Q8_0'] })), [1])
  assert.deepEqual(choose([provider(2)], asked({ quantizations: ['unknown'] })), [2])
})

test('an unknown model, one whose offer is over, and nobody at all are three things', () => {
  const over = provider(1, { offer: { expires: NOW / 1000 } })
  assert.equal(refusal(() => choose([provider(1)], asked({}, { models: ['no-such'] }))).code, 'model_unknown')
  assert.equal(refusal(() => choose([over])).code, 'no_provider')
  assert.equal(refusal(() => choose([])).code, 'no_provider')
  assert.equal(refusal(() => choose([over], asked({}, { models: ['no-such', 'a-model'] }))).code, 'no_provider')
})

test('whoever could not be reached, or says that it is down, is asked last, and asked all the same where nobody else is', () => {
  const resting = provider(1, { ...priced(1, 1), restUntil: NOW + 1 })
  const down = provider(2, { ...priced(2, 2), down: new Set([anOffer.serves.digest]) })
  const dear = provider(3, priced(9, 9))
  assert.deepEqual(choose([resting, down, dear]), [3, 2, 1])
  assert.deepEqual(choose([resting, down, dear], asked({ order: [addressOf(1), addressOf(2)] })), [3, 2, 1])
  assert.deepEqual(choose([resting]), [1])
  assert.deepEqual(choose([own(4, { restUntil: NOW + 1 }), dear], asked(), 'own-only'), [4])
})

test('an offer that is dearer where nothing had to be read, or has no price for a unit, is never taken', () => {
  const twisted = provider(1, { offer: { prices: { prompt: '1', cached: '2', completion: '1' } } })
  const missing = provider(2, { offer: { prices: { prompt: '1', completion: '1' } } })
  assert.equal(refusal(() => choose([twisted, missing])).code, 'no_provider')
  assert.deepEqual(choose([twisted, missing, provider(3, priced(9, 9))]), [3])
})

const candidate = fc
  .record({
    id: fc.integer({ min: 1, max: 250 }),
    isOwn: fc.boolean(),
    prompt: fc.nat(9),
    cached: fc.nat(9),
    completion: fc.nat(9),
    latency: fc.option(fc.nat(5_000), { nil: undefined }),
    throughput: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    running: fc.nat(4),
    features: fc.subarray(['chat', 'tools', 'images']),
    quantization: fc.constantFrom(undefined, 'q4_0', 'fp16'),
    rests: fc.boolean(),
  })
  .map(({ id, isOwn, prompt, cached, completion, features, quantization, rests, ...measured }) =>
    provider(id, {
      ...measured,
      own: isOwn,
      restUntil: rests ? NOW + 1 : 0,
      ...(quantization ? { quantization } : {}),
      offer: {
        features,
        prices: { prompt: `${prompt}`, cached: `${cached}`, completion: `${completion}` },
      },
    }),
  )
const addresses = fc.array(fc.integer({ min: 1, max: 250 }).map(addressOf), { maxLength: 4 })
const routing = fc.record(
  {
    order: addresses,
    only: fc.array(fc.integer({ min: 1, max: 250 }).map(addressOf), { minLength: 100, maxLength: 200 }),
    ignore: addresses,
    maxPrice: fc.record({ prompt: fc.bigInt(0n, 9n), completion: fc.bigInt(0n, 9n) }),
    quantizations: fc.subarray(['q4_0', 'fp16', 'unknown'], { minLength: 1 }),
    sort: fc.constantFrom('price' as const, 'latency' as const, 'throughput' as const),
  },
  { requiredKeys: [] },
)

test('whatever the rules: nobody is chosen whom they exclude, and nobody left out whom they allow', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(candidate, { maxLength: 12, selector: one => one.offers[0]!.offer.provider }),
      routing,
      fc.constantFrom(...POLICIES),
      fc.subarray(['chat', 'tools']),
      (providers, rules, policy, features) => {
        const allowed = (one: Candidate): boolean => {
          const { offer } = one.offers[0]!
          const price = (unit: string): bigint => BigInt(offer.prices[unit]!)
          return (
            features.every(feature => offer.features.includes(feature)) &&
            price('cached') <= price('prompt') &&
            !(policy === 'own-only' && !one.own) &&
            !(policy === 'network-only' && one.own) &&
            (!rules.only || rules.only.includes(offer.provider)) &&
            !rules.ignore?.includes(offer.provider) &&
            (!rules.quantizations || rules.quantizations.includes(offer.serves.quantization ?? 'unknown')) &&
            (!rules.maxPrice || Object.entries(rules.maxPrice).every(([unit, most]) => price(unit) <= most))
          )
        }
        const expected = new Set<Address>(providers.filter(allowed).map(one => one.offers[0]!.offer.provider))
        let chosen: Address[] = []
        try {
          const routes = route(providers, workload, asked(rules, { spec: { features } }), policy, NOW)
          chosen = routes.map(({ offer }) => offer.provider)
          const first = routes.findIndex(({ standing }) => standing.restUntil > NOW)
          const alive = routes.slice(0, first < 0 ? routes.length : first)
          assert.ok(routes.slice(alive.length).every(({ standing }) => standing.restUntil > NOW))
          const listed = alive.map(({ offer }) => rules.order?.indexOf(offer.provider) ?? -1)
          const head = listed.filter(at => at >= 0)
          assert.deepEqual(
            listed.slice(0, head.length),
            head.toSorted((a, b) => a - b),
          )
          const rest = alive.slice(head.length)
          const owned = rest.map(({ standing }) => standing.own)
          if (policy === 'own-first') assert.ok(!owned.join().includes('false,true'), owned.join())
          else if (rules.sort === 'price') {
            for (let i = 1; i < rest.length; i++) assert.ok(rest[i - 1]!.cost <= rest[i]!.cost)
          }
        } catch (error) {
          assert.ok(isHeddleError(error), String(error))
        }
        assert.deepEqual(new Set(chosen), expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('a least honest rate: by the lower end of what was found; who was never checked is passed over', () => {
  const found = (id: number, low: number | undefined) => provider(id, { honesty: () => low })
  const providers = [found(1, 0.99), found(2, 0.5), found(3, undefined), provider(4), own(5)]
  assert.deepEqual(choose(providers, asked({ minHonestRate: 0.5 })), [1, 2])
  assert.deepEqual(choose(providers, asked({ minHonestRate: 0.51 })), [1])
  assert.deepEqual(choose(providers, asked({ minHonestRate: 0 })), [1, 2])
  const error = refusal(() => choose(providers, asked({ minHonestRate: 1 })))
  assert.deepEqual([error.code, error.toJSON().param], ['routing_unmatched', 'provider.min_honest_rate'])
  const byModel = provider(6, { honesty: ({ serves }) => (serves.name === 'a-model' ? 1 : 0) })
  assert.deepEqual(choose([byModel], asked({ minHonestRate: 1 })), [6])
})
