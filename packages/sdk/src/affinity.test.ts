import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Question, Workload } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { Affinity, preferAffine } from './affinity.ts'
import { Book } from './book.ts'
import { ProviderClient } from './provider-client.ts'
import type { Candidate, Route } from './routing.ts'

const { addressOf, offer } = fixture
const A = addressOf(1)
const B = addressOf(2)

const say = (...texts: string[]) => texts.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content }))
const system = { role: 'system', content: 'You weave.' }
const asked = (spec: Record<string, unknown>, over: Partial<Question> = {}): Question => ({
  workload: 'inference',
  models: ['a-model'],
  spec,
  ...over,
})

test('the next turn of a conversation goes where its beginning was read', () => {
  const affinity = new Affinity()
  affinity.remember('k', asked({ messages: say('one') }), 'a-model', A, 0)
  assert.equal(affinity.last('k', asked({ messages: say('one', 'yes', 'two') }), 'a-model', 1), A)
  assert.equal(affinity.last('k', asked({ messages: say('other') }), 'a-model', 1), undefined)
})

test('another question under the same system prompt goes there too, unless it has a place of its own', () => {
  const affinity = new Affinity()
  const of = (text: string) => asked({ messages: [system, ...say(text)] })
  affinity.remember('k', of('one'), 'a-model', A, 0)
  assert.equal(affinity.last('k', of('two'), 'a-model', 1), A)
  affinity.remember('k', of('two'), 'a-model', B, 2)
  assert.equal(affinity.last('k', of('one'), 'a-model', 3), A)
  assert.equal(affinity.last('k', of('three'), 'a-model', 3), B)
})

test('keys, models and tags never meet, and what is old is forgotten', () => {
  const affinity = new Affinity()
  const question = asked({ messages: say('one') })
  affinity.remember('k', question, 'a-model', A, 0)
  assert.equal(affinity.last('other', question, 'a-model', 1), undefined)
  assert.equal(affinity.last(null, question, 'a-model', 1), undefined)
  assert.equal(affinity.last('k', question, 'b-model', 1), undefined)
  assert.equal(affinity.last('k', question, 'a-model', 600_000), undefined)
  const tagged = asked({ messages: say('one'), cache: 'ab'.repeat(8) })
  assert.equal(affinity.last('k', tagged, 'a-model', 1), undefined)
  affinity.remember('k', tagged, 'a-model', B, 1)
  assert.equal(affinity.last('k', asked({ messages: say('else'), cache: 'ab'.repeat(8) }), 'a-model', 2), B)
})

test('a conversation with a tag stays where its beginning was read, also when the tag has moved on', () => {
  const affinity = new Affinity()
  const cache = 'ab'.repeat(8)
  const of = (...texts: string[]) => asked({ messages: [system, ...say(...texts)], cache })
  affinity.remember('k', of('one'), 'a-model', A, 0)
  affinity.remember('k', of('other'), 'a-model', B, 1)
  assert.equal(affinity.last('k', of('one', 'yes', 'two'), 'a-model', 2), A)
  assert.equal(affinity.last('k', of('new'), 'a-model', 2), B)
})

test('who wanders begins one conversation in ten without regard to who knows the beginning, and goes on with none so', () => {
  const workload = {
    kind: 'inference',
    units: { prompt: 'input', cached: 'cached', completion: 'output' },
    requires: () => [],
    total: () => ({ prompt: 100n, cached: 0n, completion: 10n }),
  } as unknown as Workload<unknown>
  const draws: number[] = []
  const nobody = new ProviderClient('nobody', { link: () => Promise.reject(new Error('nobody')), close() {} })
  const book = new Book({
    providers: [{ endpoint: 'http://127.0.0.1:9' }, { endpoint: 'http://127.0.0.1:9' }],
    clientOf: () => nobody,
    random: () => draws.shift() ?? 1,
    clock: { now: () => 1_800_000_000_000 },
    log: { info() {}, warn() {}, error() {} },
  })
  for (const [i, standing] of book.standings().entries()) {
    standing.offers = [{ offer: { ...offer, provider: [A, B][i]! }, signature: '0x' }]
    standing.latency = i
  }
  const wanders = { id: 'k', wanders: true }
  const models: Question['models'] = [offer.serves.name]
  const of = (...texts: string[]) => asked({ messages: [system, ...say(...texts)] }, { models })
  const first = (question: Question, purse: { id: string; wanders?: boolean } = wanders) =>
    book.choose(workload, question, purse)[0]!.offer.provider
  assert.equal(first(of('one')), A)
  book.answering(wanders, of('one'), book.choose(workload, of('one'), wanders)[1]!)
  draws.push(0.09, 0.1)
  assert.deepEqual([first(of('two')), first(of('two'))], [A, B])
  draws.push(0, 0)
  assert.equal(first(of('one', 'yes', 'two')), B)
  assert.equal(first(of('two'), { id: 'k' }), B)
})

type Over = Partial<Candidate> & { cost?: bigint; remembered?: bigint }
const way = (provider: typeof A, { cost = 100n, remembered = 60n, ...over }: Over = {}): Route<Candidate> => ({
  standing: { own: false, offers: [], latency: 100, throughput: undefined, running: 0, restUntil: 0, ...over },
  offer: { ...offer, provider },
  offered: { offer: { ...offer, provider }, signature: '0x' },
  cost,
  remembered,
})
const first = (routes: Route<Candidate>[], over: Partial<Question> = {}): string =>
  preferAffine(routes, B, asked({}, over))[0]!.offer.provider

test('who knows the beginning is asked first, and nobody is lost', () => {
  const routes = [way(A), way(addressOf(3)), way(B)]
  const preferred = preferAffine(routes, B, asked({}))
  assert.deepEqual(
    preferred.map(one => one.offer.provider),
    [B, A, addressOf(3)],
  )
  assert.equal(preferAffine(routes, undefined, asked({})), routes)
})

test('not where the wait is much longer, not for more money, not against the asker, not instead of an own engine', () => {
  assert.equal(first([way(A), way(B, { latency: 1_000 })]), B)
  assert.equal(first([way(A), way(B, { latency: 1_101 })]), A)
  assert.equal(first([way(A), way(B, { latency: 300, running: 4 })]), A)
  assert.equal(first([way(A), way(B, { cost: 150n, remembered: 100n })]), B)
  assert.equal(first([way(A), way(B, { cost: 150n, remembered: 101n })]), A)
  assert.equal(first([way(A), way(B)], { routing: { sort: 'price' } }), A)
  assert.equal(first([way(A), way(B)], { routing: { order: [A] } }), A)
  assert.equal(first([way(A, { own: true }), way(B)]), A)
})
