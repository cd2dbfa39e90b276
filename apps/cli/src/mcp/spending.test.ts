import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { Spending } from './spending.ts'

const step = fc.record({ most: fc.bigInt(0n, 50n), charged: fc.nat(100), settles: fc.nat(20) })

test('whatever is held and settled in whatever order, spent and held never pass the cap', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 200n), fc.array(step, { maxLength: 40 }), (cap, steps) => {
      const spending = new Spending(cap)
      const open: { most: bigint; settle(charge: bigint): void }[] = []
      for (const { most, charged, settles } of steps) {
        try {
          open.push({ most, ...spending.hold(most) })
        } catch (error) {
          assert.ok(isHeddleError(error, 'cap_reached'))
          assert.ok(most > spending.left)
        }
        const [one] = open.splice(settles % Math.max(1, open.length), 1)
        // A charge is never above what was held for it.
        const charge = one ? (one.most * BigInt(charged)) / 100n : 0n
        one?.settle(charge)
        one?.settle(charge)
        assert.ok(spending.spent + spending.held <= cap)
        assert.equal(spending.left, cap - spending.spent - spending.held)
      }
    }),
  )
})
