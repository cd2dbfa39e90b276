import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arePricesSound, inputOf, nothingUsed, type Role, rememberedOf, sumIn, type Usage } from './index.ts'

const roles: readonly Role[] = ['input', 'cached', 'output', 'time', 'space']
const workload = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.constantFrom(...roles), { minKeys: 1, maxKeys: 6 })
  .map(units => ({ units }))
const used = workload.chain(one =>
  fc
    .record(Object.fromEntries(Object.keys(one.units).map(unit => [unit, fc.bigInt({ min: 0n, max: 10n ** 12n })])))
    .map(usage => ({ workload: one, usage: usage as Usage })),
)

test('roles share out a usage: nothing is counted twice, and nothing is left', () => {
  fc.assert(
    fc.property(used, ({ workload, usage }) => {
      const sum = roles.reduce((total, role) => total + sumIn(workload, usage, role), 0n)
      assert.equal(
        sum,
        Object.values(usage).reduce((total, count) => total + count, 0n),
      )
      assert.equal(sumIn(workload, nothingUsed(workload), ...roles), 0n)
    }),
  )
})

test('the input of a bound is what goes in, known or not, and nothing else', () => {
  fc.assert(
    fc.property(used, ({ workload, usage }) => {
      const input = inputOf(workload, usage)
      assert.equal(sumIn(workload, input, 'input', 'cached'), sumIn(workload, usage, 'input', 'cached'))
      assert.equal(sumIn(workload, input, 'output', 'time', 'space'), 0n)
      assert.deepEqual(Object.keys(input).sort(), Object.keys(usage).sort())
    }),
  )
})

test('what is remembered is as much as went in, where the workload counts it apart', () => {
  fc.assert(
    fc.property(used, ({ workload, usage }) => {
      const known = rememberedOf(workload, usage)
      assert.equal(sumIn(workload, known, ...roles), sumIn(workload, usage, ...roles))
      if (Object.values(workload.units).includes('cached')) assert.equal(sumIn(workload, known, 'input'), 0n)
      else assert.deepEqual(known, usage)
    }),
  )
})

test('prices of what is known already are at most those of what has to be read', () => {
  const units = { read: 'input', known: 'cached', written: 'output' } as const
  const sound = (prices: Record<string, string>): boolean => arePricesSound({ units }, { prices })
  assert.ok(sound({ read: '5', known: '5', written: '0' }))
  for (const prices of [{ read: '5', known: '6', written: '1' }, { read: '5', known: '1' }, {}])
    assert.ok(!sound(prices as Record<string, string>))
  assert.ok(arePricesSound({ units: { second: 'time' } }, { prices: { second: '1' } }))
})
