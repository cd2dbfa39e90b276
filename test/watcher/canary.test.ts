import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Canary, planCanary, type Served, type Shape } from '@heddle/watcher'
import fc from 'fast-check'

/** Numbers from 0 to just below 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

const MODELS = ['a-model', 'another'] as const
const shape: fc.Arbitrary<Shape> = fc.record({
  at: fc.integer({ min: 1_700_000_000_000, max: 1_700_003_600_000 }),
  model: fc.constantFrom(...MODELS, 'gone'),
  prompt: fc.integer({ min: 1, max: 4_000 }),
  task: fc.constantFrom('chat' as const, 'completion' as const),
  settings: fc.record(
    {
      maxCompletion: fc.integer({ min: 1, max: 1_024 }),
      temperature: fc.constantFrom(0, 0.2, 0.7, 1),
      topP: fc.constantFrom(0.9, 1),
      topK: fc.constantFrom(20, 40),
      seed: fc.nat(),
      cache: fc.constant('0123456789abcdef'),
    },
    { requiredKeys: ['maxCompletion', 'temperature', 'topP'] },
  ),
})
const traffic = fc.array(shape, { maxLength: 60 })
const SERVED: readonly Served[] = [
  { provider: '0xa', model: 'a-model' },
  { provider: '0xb', model: 'a-model' },
  { provider: '0xb', model: 'another' },
]
const options = { perHour: 30, served: SERVED }

const textOf = ({ body }: Canary): string =>
  String(body['prompt'] ?? (body['messages'] as { content: string }[] | undefined)?.[0]?.content)

test('a canary asks as one of the requests that were seen: model, sampling and length together', () => {
  fc.assert(
    fc.property(traffic, fc.nat(), (seen, seed) => {
      const canary = planCanary(seen, options, randomFrom(seed))!
      const { model, messages: _, prompt: __, seed: own, provider, ...rest } = canary.body as Record<string, unknown>
      const live = seen.filter(one => (MODELS as readonly string[]).includes(one.model))
      const { only } = provider as { only: string[] }
      assert.ok(SERVED.some(one => one.model === model && one.provider === only[0]))
      if (live.length === 0) return
      const like = live.filter(({ settings, task, ...one }) => {
        const { maxCompletion, temperature, topP, topK } = settings
        const same = { max_tokens: maxCompletion, temperature, top_p: topP, ...(topK ? { top_k: topK } : {}) }
        const path = task === 'chat' ? '/v1/chat/completions' : '/v1/completions'
        const seeded = (settings['seed'] === undefined) === (own === undefined)
        const length = textOf(canary).length
        const close = length <= Math.max(4 * one.prompt, 200) && length >= Math.min(4 * (one.prompt - 12), 16_000) - 200
        return one.model === model && path === canary.path && seeded && close && isSame(rest, same)
      })
      assert.ok(like.length > 0, JSON.stringify(canary.body))
    }),
  )
})

const isSame = (a: object, b: object): boolean => {
  const text = (value: object) => JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
  return text(a) === text(b)
}

test('it is the same for the same draws, and nothing in it tells that it is one', () => {
  fc.assert(
    fc.property(traffic, fc.nat(), (seen, seed) => {
      const canary = planCanary(seen, options, randomFrom(seed))!
      assert.deepEqual(planCanary(seen, options, randomFrom(seed)), canary)
      assert.doesNotMatch(JSON.stringify(canary.body), /canary|watch|heddle|check|probe/i)
      assert.ok(Number.isFinite(canary.wait) && canary.wait >= 0)
    }),
  )
})

test('canaries come as often as they should, in the pauses of the traffic', () => {
  const random = randomFrom(7)
  const gaps = [200, 300, 30_000, 500, 9_000]
  const seen: Shape[] = []
  for (let i = 0, at = 0; i < 100; i++, at += gaps[i % gaps.length]!) {
    seen.push({
      at,
      model: 'a-model',
      prompt: 100,
      task: 'chat',
      settings: { maxCompletion: 64, temperature: 1, topP: 1 },
    })
  }
  for (const served of [SERVED, [{ provider: '0xa', model: 'other' }]]) {
    for (const from of [seen, []]) {
      const waits = Array.from({ length: 3_000 }, () => planCanary(from, { perHour: 30, served }, random)!.wait)
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
      assert.ok(Math.abs(mean - 120_000) < 12_000, `${mean}`)
    }
  }
})

test('every request that was seen is copied as often as any other', () => {
  const random = randomFrom(11)
  const seen: Shape[] = Array.from({ length: 8 }, (_, i) => ({
    at: i,
    model: 'a-model',
    prompt: 50,
    task: 'chat',
    settings: { maxCompletion: i + 1, temperature: 1, topP: 1 },
  }))
  const counts = new Map<unknown, number>()
  for (let i = 0; i < 8_000; i++) {
    const most = planCanary(seen, options, random)!.body['max_tokens']
    counts.set(most, (counts.get(most) ?? 0) + 1)
  }
  assert.equal(counts.size, 8)
  for (const count of counts.values()) assert.ok(Math.abs(count - 1_000) < 150, `${count}`)
})

test('everybody who serves a model is asked as often as any other', () => {
  const random = randomFrom(5)
  const seen: Shape[] = [{ at: 0, model: 'a-model', prompt: 50, task: 'chat', settings: { maxCompletion: 9 } }]
  const askedA = Array.from({ length: 2_000 }, () => planCanary(seen, options, random)!.body['provider']).filter(
    provider => (provider as { only: string[] }).only[0] === '0xa',
  )
  assert.ok(Math.abs(askedA.length - 1_000) < 100, `${askedA.length}`)
})

test('questions differ: hardly ever is one asked twice', () => {
  const random = randomFrom(3)
  const shape: Shape = { at: 0, model: 'a-model', prompt: 120, task: 'chat', settings: { maxCompletion: 9 } }
  const texts = new Set(Array.from({ length: 1_000 }, () => textOf(planCanary([shape], options, random)!)))
  assert.ok(texts.size > 990, `${texts.size}`)
})

test('without a model, or where none are wanted, there is nothing to ask', () => {
  assert.equal(planCanary([], { perHour: 30, served: [] }, randomFrom(1)), undefined)
  assert.equal(planCanary([], { perHour: 0, served: SERVED }, randomFrom(1)), undefined)
})
