import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Asked, chanceOf, planRun, type Seen, type Served } from '@heddle/watcher'
import fc from 'fast-check'
import { randomFrom } from '../../bench/checks/canaries/words.ts'

const HOUR = 3_600_000
const [A, B, C] = ['0xa', '0xb', '0xc'] as const
const SERVED: readonly Served[] = [A, B, C].map(provider => ({ provider, model: 'a-model' }))

type Over = Partial<Seen> & { begins?: string; asks?: string; after?: string; together?: string }
const question = (id: string, at: number, { begins = 'system', asks = id, after, together = id, ...over }: Over = {}) =>
  ({
    id,
    apiKey: 'k',
    provider: A,
    model: 'digest',
    name: 'a-model',
    started: at,
    finished: at + 500,
    usage: {},
    expires: 0,
    settings: {},
    again: { begins, asks, together, ...(after === undefined ? {} : { after }) },
    ...over,
  }) satisfies Seen

const some = fc.record({
  gap: fc.constantFrom(0, 200, 5_000, 40_000),
  key: fc.constantFrom('k', 'l'),
  begins: fc.constantFrom('s', 't'),
  text: fc.nat(12),
  goesOn: fc.boolean(),
  provider: fc.constantFrom(A, B, C),
  model: fc.constantFrom('a-model', 'another'),
  shared: fc.boolean(),
})
const traffic = fc.array(some, { maxLength: 60 }).map(list => {
  let at = 0
  return list.map((one, i): Seen => {
    at += one.gap
    const { again, ...rest } = question(`q${i}`, at, {
      apiKey: one.key,
      begins: one.begins,
      asks: `x${one.text}`,
      provider: one.provider,
      name: one.model,
      ...(one.goesOn ? { after: `x${(one.text + 1) % 12}` } : {}),
    })
    return one.shared ? { ...rest, again } : rest
  })
})

/** Runs until there is nothing more to ask, with the same memory of what was asked as a watcher has. */
function runsOf(seen: readonly Seen[], random: () => number) {
  const runs: { provider: string; like: Seen | undefined; questions: readonly Seen[]; before: readonly Asked[] }[] = []
  let asked: readonly Asked[] = []
  const likes = [undefined, ...seen.filter(({ again }) => again)]
  for (let i = 0; i < 200; i++) {
    const like = likes[Math.floor(random() * likes.length)]
    const provider = like?.provider ?? [A, B, C][i % 3]!
    const run = planRun(seen, { provider, served: SERVED, asked, ...(like ? { like } : {}) }, random)
    if (!run) continue
    runs.push({ provider, like, questions: run.questions, before: asked })
    asked = [...asked, ...run.questions.map(({ id, again }) => ({ id, asks: again!.asks, provider }))]
  }
  return runs
}

test('nobody is asked what it answered or has seen, nothing is asked twice, and only what may be shared', () => {
  let count = 0
  fc.assert(
    fc.property(traffic, fc.nat(), (seen, seed) => {
      const used = new Set<string>()
      for (const { provider, like, questions, before } of runsOf(seen, randomFrom(seed))) {
        count++
        for (const one of questions) {
          assert.ok(one.again, 'its key does not share')
          assert.ok(!used.has(one.id), 'asked twice')
          used.add(one.id)
          assert.notEqual(one.provider, provider)
          assert.ok(SERVED.some(served => served.provider === provider && served.model === one.name))
          const { asks, begins } = one.again
          // Whoever asks one provider the same again and again has no text that is new.
          const copies = (by: string, key: string | null) =>
            seen.filter(other => other.again?.asks === asks && other.provider === by && other.apiKey === key).length
          const often = [A, B, C].some(by => ['k', 'l'].some(key => copies(by, key) > 1))
          const known =
            seen.some(other => other.again?.asks === asks && other.provider === provider) ||
            before.some(other => other.asks === asks && other.provider === provider)
          assert.ok(often || !known, 'it has seen the text')
          if (!like) continue
          assert.deepEqual([one.apiKey, begins, one.name], [like.apiKey, like.again?.begins, like.name])
        }
      }
    }),
    { numRuns: 200 },
  )
  assert.ok(count > 100, `${count}`)
})

/** The runs that can be asked of B, like something that it was asked. */
function possible(seen: readonly Seen[]): string[] {
  const like = seen.find(({ provider }) => provider === B)!
  const random = randomFrom(1)
  const runs = new Set<string>()
  for (let i = 0; i < 400; i++) {
    const run = planRun(seen, { provider: B, like, served: SERVED, asked: [] }, random)
    if (run) runs.add(run.questions.map(({ id }) => id).join())
  }
  return [...runs].sort()
}
const mine = question('mine', 9e6, { provider: B })

test('a burst is one run, in order, and what comes evenly is many; a conversation stays whole', () => {
  const burst = [question('a', 0), question('b', 900), question('c', 1_100)]
  assert.deepEqual(possible([...burst, question('later', 600_000), mine]), ['a,b,c', 'later'])
  const even = [0, 9_000, 21_000, 30_000].map((at, i) => question(`e${i}`, at))
  assert.deepEqual(possible([...even, mine]), ['e0', 'e1', 'e2', 'e3'])
  const turns = [question('t', 0), question('u', 40_000, { after: 't' }), question('v', 200_000, { after: 'u' })]
  assert.deepEqual(possible([...turns, question('d', 90_000), mine]), ['d', 't,u,v'])
  const other = question('other', 1_000, { begins: 'else' })
  assert.deepEqual(possible([...burst, other, question('later', 600_000), mine]), ['a,b,c', 'later'])
  const signed = even.map((one, i) => (i < 2 ? { ...one, again: { ...one.again, together: 'e' } } : one))
  assert.deepEqual(possible([...signed, mine]), ['e0,e1', 'e2', 'e3'])
})

test('where the beginning of a conversation cannot be asked, the rest of it is not either', () => {
  const turns = [question('b', 0), question('b2', 9_000, { after: 'b' }), question('c', 90_000)]
  assert.deepEqual(possible([...turns, question('seen', 400_000, { provider: B, asks: 'b' })]), ['c'])
})

test('each question that sets one off is followed by one in the mean, however long the runs are', () => {
  const seen = Array.from({ length: 80 }, (_, i) => question(`q${i}`, i < 40 ? i * 100_000 : 3e7 + i * 10))
  const like = question('like', 9e7, { provider: B })
  const random = randomFrom(3)
  let asked = 0
  for (let i = 0; i < 10_000; i++)
    asked += planRun([...seen, like], { provider: B, like, served: SERVED, asked: [] }, random)?.questions.length ?? 0
  assert.ok(Math.abs(asked / 10_000 - 1) < 0.1, `${asked}`)
})

test('with nobody else, nobody who shares, or nothing alike, there is nothing to ask', () => {
  const other = question('other', 2)
  const plan = (seen: readonly Seen[], like = mine) =>
    Array.from({ length: 20 }, () => planRun(seen, { provider: B, like, served: SERVED, asked: [] }, () => 0))
  assert.ok(plan([mine, other]).every(Boolean))
  const { again: _, ...kept } = other
  for (const seen of [[mine], [mine, kept], [mine, { ...other, name: 'elsewhere' }], [mine, { ...other, apiKey: 'l' }]])
    assert.ok(plan(seen).every(run => run === undefined))
})

test('canaries follow the traffic: so many an hour, and never more than a quarter of it', () => {
  const now = 10 * HOUR
  const every = (gap: number) =>
    Array.from({ length: Math.floor(HOUR / gap) }, (_, i) => question(`${i}`, now - HOUR + i * gap + 1))
  const chance = (seen: readonly Seen[], perHour: number) => chanceOf(seen, { provider: A, perHour, now })
  const busy = every(10_000)
  assert.ok(Math.abs(chance(busy, 12) * busy.length - 12) < 0.1)
  assert.equal(chance(every(600_000), 12), 0.25)
  assert.equal(chance([], 12), 0)
  assert.equal(chanceOf(busy, { provider: B, perHour: 12, now }), 0)
})
