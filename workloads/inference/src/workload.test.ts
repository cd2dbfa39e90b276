import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addUsage, canonical, type Offer } from '@heddle/protocol'
import fc from 'fast-check'
import { type InferenceSpec, type InferenceUnit, inference } from './workload.ts'

const offerOf = (limits: Record<string, number>) => ({ limits }) as unknown as Offer

const spec: InferenceSpec = {
  messages: [{ role: 'user', content: 'hi' }],
  maxCompletion: 100,
  temperature: 0,
  topP: 1,
  stop: [],
}

const arbitrarySpec: fc.Arbitrary<InferenceSpec> = fc.record({
  messages: fc.array(
    fc.record({
      role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
      content: fc.string({ unit: 'grapheme', maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  maxCompletion: fc.integer({ min: 1, max: 1000 }),
  temperature: fc.double({ min: 0, max: 2, noNaN: true }),
  topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
  stop: fc.array(fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }), { maxLength: 4 }),
})

test('a spec survives JSON and its canonical form', () => {
  fc.assert(
    fc.property(arbitrarySpec, value => {
      const parsed = inference.spec.parse(value)
      assert.equal(canonical(inference.spec.parse(JSON.parse(canonical(parsed)))), canonical(parsed))
    }),
  )
})

test('a spec is refused for what it should not hold', () => {
  const cases: [string, object][] = [
    ['an unknown field', { ...spec, seed: 1 }],
    ['a field inside a message', { ...spec, messages: [{ role: 'user', content: 'hi', name: 'x' }] }],
    ['no message', { ...spec, messages: [] }],
    ['a role that is no one', { ...spec, messages: [{ role: 'tool', content: 'hi' }] }],
    ['half a character', { ...spec, messages: [{ role: 'user', content: '\ud83d' }] }],
    ['more bytes than a message may have', { ...spec, messages: [{ role: 'user', content: 'é'.repeat(131_073) }] }],
    ['nothing to complete', { ...spec, maxCompletion: 0 }],
    ['a topP of 0', { ...spec, topP: 0 }],
    ['a temperature above 2', { ...spec, temperature: 2.1 }],
    ['five stops', { ...spec, stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['an empty stop', { ...spec, stop: [''] }],
  ]
  for (const [what, value] of cases) assert.equal(inference.spec.safeParse(value).success, false, what)
})

test('bound: first the prompt and 64, then 64 at a time, then what is left', () => {
  const offer = offerOf({ context: 2048, maxCompletion: 1000 })
  assert.deepEqual(inference.bound(spec, offer, { prompt: 0n, completion: 0n }), { prompt: 146n, completion: 64n })
  assert.deepEqual(inference.bound(spec, offer, { prompt: 20n, completion: 30n }), { prompt: 0n, completion: 64n })
  assert.deepEqual(inference.bound(spec, offer, { prompt: 20n, completion: 64n }), { prompt: 0n, completion: 36n })
  assert.deepEqual(inference.bound(spec, offer, { prompt: 20n, completion: 100n }), { prompt: 0n, completion: 0n })
  assert.deepEqual(inference.total(spec, offer), { prompt: 146n, completion: 100n })
})

test("bound: an offer's context and completion limit cap it", () => {
  const offer = offerOf({ context: 32, maxCompletion: 8 })
  assert.deepEqual(inference.bound(spec, offer, { prompt: 0n, completion: 0n }), { prompt: 32n, completion: 8n })
  assert.deepEqual(inference.total(spec, offer), { prompt: 32n, completion: 8n })
})

test('bound: chunk by chunk never adds up to more than total', () => {
  fc.assert(
    fc.property(
      arbitrarySpec,
      fc.integer({ min: 1, max: 4096 }),
      fc.integer({ min: 1, max: 900 }),
      (value, context, cap) => {
        const offer = offerOf({ context, maxCompletion: cap })
        let used: Record<InferenceUnit, bigint> = { prompt: 0n, completion: 0n }
        const total = inference.total(value, offer)
        for (let chunk = 0; chunk < 20; chunk++) {
          used = addUsage(used, inference.bound(value, offer, used))
          assert.ok(used.prompt <= total.prompt && used.completion <= total.completion)
        }
        assert.deepEqual(used, total)
      },
    ),
  )
})
