import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Digest, isHeddleError } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { Places } from './places.ts'

const { wordOf } = fixture
const NEVER = new AbortController().signal
const entering = (asker: string, patience: number, signal = NEVER) => ({ asker, patience, signal })
const turn = (): Promise<void> => new Promise(setImmediate)

const steps = fc.array(fc.record({ id: fc.nat(30), own: fc.boolean(), ends: fc.boolean() }), { maxLength: 60 })

test('sold jobs never take a kept place, all together never more than there are, and own jobs get what is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(7), steps, async (concurrency, reserve, story) => {
      const places = new Places({ reserve })
      const running = new Map<Digest, boolean>()
      for (const { id: number, own, ends } of story) {
        const id = wordOf(number)
        if (ends || running.has(id)) {
          running.delete(id)
          places.leave(id)
          continue
        }
        places.begin(id)
        const sold = [...running.values()].filter(one => !one).length
        try {
          await places.take(id, { concurrency, own }, entering('a', 0))
          running.set(id, own)
        } catch (error) {
          assert.ok(isHeddleError(error, 'busy'))
          places.leave(id)
          assert.ok(running.size >= concurrency || (!own && sold >= concurrency - reserve))
        }
        const soldNow = [...running.values()].filter(one => !one).length
        assert.ok(running.size <= concurrency)
        assert.ok(soldNow <= Math.max(0, concurrency - reserve))
      }
    }),
  )
})

test('who waits gets the place that another leaves: the house first, then in turns, and nobody waits beside a free one', async () => {
  const want = fc.record({ own: fc.boolean(), asker: fc.constantFrom('x', 'y') })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.nat(2),
      fc.array(want, { maxLength: 20 }),
      async (concurrency, reserve, wants) => {
        const places = new Places({ reserve })
        const forSale = Math.max(0, concurrency - reserve)
        const running: { id: Digest; own: boolean }[] = []
        const waiting = new Set<Digest>()
        const over = new AbortController()
        for (const [i, { own, asker }] of wants.entries()) {
          const id = wordOf(i)
          places.begin(id)
          waiting.add(id)
          void places.take(id, { concurrency, own }, entering(asker, 600_000, over.signal)).then(
            () => {
              waiting.delete(id)
              running.push({ id, own })
            },
            () => undefined,
          )
        }
        await turn()
        while (running.length > 0) {
          assert.ok(running.length <= concurrency)
          assert.ok(running.filter(one => !one.own).length <= forSale)
          const ownWait = wants.some(({ own }, i) => own && waiting.has(wordOf(i)))
          if (waiting.size > 0 && running.length < concurrency)
            assert.ok(!ownWait && running.filter(one => !one.own).length === forSale, 'a place stands empty')
          const before = running.length
          const { id } = running.shift()!
          places.leave(id)
          await turn()
          if (ownWait) assert.equal(running.length === before && running.at(-1)!.own, true, 'sold before own')
        }
        const never = wants.filter(({ own }) => !own && forSale === 0).length
        assert.equal(waiting.size, never)
        assert.equal(places.status().waiting, never)
        assert.equal(places.status().placed, 0)
        over.abort()
        assert.equal(places.status().waiting, 0)
      },
    ),
    { numRuns: 60 },
  )
})

test('what waits here holds no more bytes than it may, and has no place', async () => {
  const places = new Places({ queue: 512, queueBytes: 1_000 })
  const wanted = { concurrency: 1, own: false }
  const over = new AbortController()
  const take = (number: number, bytes: number) => {
    places.begin(wordOf(number))
    return places.take(wordOf(number), wanted, { ...entering('a', 600_000, over.signal), bytes: () => bytes })
  }
  await take(0, 5_000)
  const waiting = [take(1, 600)]
  await assert.rejects(take(2, 600), error => isHeddleError(error, 'busy'))
  places.leave(wordOf(2))
  waiting.push(take(3, 400))
  assert.deepEqual([places.status().placed, places.status().waiting], [1, 2])
  over.abort()
  for (const one of waiting) await assert.rejects(one, error => isHeddleError(error, 'aborted'))
})
