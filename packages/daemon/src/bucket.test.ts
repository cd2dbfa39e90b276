import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Bucket, type Taken } from './bucket.ts'

const isTaken = (result: Taken | { wait: number }): result is Taken => 'giveBack' in result

/** Runs requests through a bucket; gives what was let through, when, and how much of it was used in the end. */
function letThrough(perMinute: number, steps: readonly Step[]) {
  const bucket = new Bucket(perMinute)
  const passed: { at: number; used: number; taken: Taken }[] = []
  let now = 0
  // A clock that goes back stands still: the bucket's time is the latest that it was ever told.
  let latest = Number.NEGATIVE_INFINITY
  for (const { after, amount, unused, settles } of steps) {
    now += after
    latest = Math.max(latest, now)
    const result = bucket.take(amount, now)
    if (isTaken(result)) passed.push({ at: latest, used: amount, taken: result })
    const settled = passed[settles % Math.max(1, passed.length)]
    if (!settled) continue
    const back = Math.min(unused, settled.used)
    settled.taken.giveBack(back)
    // Given back twice it counts once: the first time is what is remembered.
    if (!done.has(settled.taken)) settled.used -= back
    done.add(settled.taken)
  }
  return passed
}
const done = new WeakSet<Taken>()

type Step = { after: number; amount: number; unused: number; settles: number }
const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(fc.constant(0), fc.integer({ min: -5_000, max: 90_000 })),
  amount: fc.integer({ min: 0, max: 40 }),
  unused: fc.nat(40),
  settles: fc.nat(30),
})

test('in no stretch of time is more used than the rate allows, whatever the order, the clock or what is given back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(step, { maxLength: 40 }), (perMinute, steps) => {
      const passed = letThrough(perMinute, steps)
      for (let from = 0; from < passed.length; from++) {
        let sum = 0
        for (const { at, used } of passed.slice(from)) {
          sum += used
          const most = perMinute + (perMinute * (at - passed[from]!.at)) / 60_000
          assert.ok(sum <= most, `${sum} used where ${most} are allowed`)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test('whoever waits as long as it was told is let through, and no sooner', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(1_000), fc.nat(1_000), (perMinute, first, second) => {
      fc.pre(first <= perMinute && second <= perMinute)
      const bucket = new Bucket(perMinute)
      bucket.take(first, 0)
      const result = bucket.take(second, 0)
      if (isTaken(result)) return assert.ok(first + second <= perMinute)
      assert.ok(!isTaken(bucket.take(second, result.wait - 1)))
      assert.ok(isTaken(bucket.take(second, result.wait)))
    }),
  )
})

test('more than a whole bucket is never let through', () => {
  assert.deepEqual(new Bucket(5).take(6, 0), { wait: Number.POSITIVE_INFINITY })
})
