import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Deposit, type Hex, recoverDeposit } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { is, meet, openLedgers, payerOn, rowIn, setup, tokenDomain, unique } from '../testing/parties.ts'

const { parties } = fixture

test('a deposit is authorized once at a time, also by callers at once, and recovers to its payer', async t => {
  const { id, payer } = await setup(t)
  const made = await Promise.all(Array.from({ length: 4 }, () => payer.authorizeDeposit(id, 5n, 0)))
  for (const one of made) assert.deepEqual(one, made[0])
  assert.equal(recoverDeposit(tokenDomain, id, made[0]!), parties.payer.address)
  const expiry = made[0]!.validBefore * 1000
  assert.deepEqual(await payer.authorizeDeposit(id, 5n, expiry + 60_000), made[0], 'a slow chain may still take it')
  assert.notEqual((await payer.authorizeDeposit(id, 5n, expiry + 120_000)).salt, made[0]!.salt)
})

test('a deposit is authorized beside a raise without taking the ceiling back', async t => {
  const { followed, id, offer, paying } = await setup(t, 10_000n)
  let answer: () => void = () => undefined
  const payer = payerOn(paying, followed, {
    tokenDomain: () =>
      new Promise(resolve => {
        answer = () => resolve(tokenDomain)
      }),
  })
  const authorized = payer.authorizeDeposit(id, 5n, 0)
  await payer.sequenceOf(id)
  paying.failNext(1)
  await assert.rejects(payer.take(id, unique(), { delivered: 0n, next: 1n }, offer), is('disk_full'))
  await payer.take(id, unique(), { delivered: 0n, next: 1n }, offer)
  answer()
  await authorized
  assert.equal((await rowIn(paying, id)).ceiling, 1_000n)
})

/** A chain that executes an authorization once, in its time, and a follower that sees it later. */
test('whatever crashes between signing, sending and seeing, no deposit is made twice', async t => {
  const ledgers = await openLedgers(t)
  const step = fc.constantFrom('authorize', 'crash', 'send', 'see')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const { followed, id, payer: first } = await meet(ledgers)
      let payer = first
      let held: Deposit | undefined
      const executed = new Set<Hex>()
      let seen = 0
      for (const one of steps) {
        if (one === 'authorize') held = await payer.authorizeDeposit(id, 5n, 0)
        if (one === 'crash') payer = payerOn(ledgers.paying, followed)
        if (one === 'send' && held) executed.add(held.salt)
        if (one === 'see') {
          seen = executed.size
          followed.set(id, { balance: BigInt(seen) * 5n })
        }
        assert.ok(executed.size - seen <= 1, 'two deposits, and the first was not seen yet')
      }
    }),
    { numRuns: 25 },
  )
})
