import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Ledger, openSqliteLedger, type Write } from '@heddle/ledger'
import { recoverGrant } from '@heddle/payments'
import { isHeddleError } from '@heddle/protocol'
import type { Hold } from '@heddle/sdk'
import { failing, fixture } from '@heddle/testing'
import fc from 'fast-check'
import { Askers } from './askers.ts'
import type { KeyTerms } from './key-terms.ts'
import { Keys } from './keys.ts'

const { domain, parties } = fixture
const askers = new Askers(new Uint8Array(32))

async function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-keys-'))
  const file = join(directory, 'ledger.db')
  const ledger = failing<Write, Ledger>(await openSqliteLedger(file))
  const time = { now: 1_800_000_000_000 }
  const open = (): Keys =>
    new Keys({ ledger, domain, authorizer: parties.authorizer, askers, clock: { now: () => time.now } })
  t.after(async () => {
    await ledger.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const keys = open()
  const make = async (cap: bigint, terms: KeyTerms = {}, name = `key-${Math.random()}`) => {
    const key = await keys.add({ name, cap }, terms)
    return { name, bearer: { authorization: `Bearer ${key}` }, key }
  }
  return { ledger, keys, open, make, time }
}

const code = (wanted: Parameters<typeof isHeddleError>[1]) => (error: unknown) => isHeddleError(error, wanted)

test('a key is shown once, stored by its digest, and granted with all its terms', async t => {
  const { ledger, keys, make } = await setup(t)
  const terms: KeyTerms = { rate: 60, tokens: 1_000, expires: 2_000_000_000_000, models: ['m'], policy: 'own-only' }
  const { key, bearer, name } = await make(5n, terms)
  assert.match(key, /^hd-[\w-]{32}$/)
  const [row] = await ledger.read('keys')
  assert.ok(!JSON.stringify(row, (_, value) => String(value)).includes(key))
  assert.equal(recoverGrant(domain, row!), parties.authorizer.address)
  const entered = await keys.enter(bearer)
  assert.deepEqual([entered.name, entered.terms, entered.purse.policy], [name, terms, 'own-only'])
  assert.equal((await keys.enter({ 'x-api-key': key })).id, entered.id)
  await assert.rejects(keys.add({ name, cap: 1n }, {}), code('key_exists'))
})

test('no key, another key, an expired one, a revoked one: each is refused in its own words', async t => {
  const { keys, make, time, open, ledger } = await setup(t)
  await assert.rejects(keys.enter({}), code('key_missing'))
  await assert.rejects(keys.enter({ authorization: 'Bearer hd-other' }), code('key_unknown'))
  const { bearer, name } = await make(5n, { expires: time.now + 1_000 })
  await keys.enter(bearer)
  time.now += 1_000
  await assert.rejects(keys.enter(bearer), code('key_expired'))
  const second = await make(5n)
  await keys.revoke(second.name)
  await assert.rejects(keys.enter(second.bearer), code('key_revoked'))
  await assert.rejects(keys.revoke(second.name), code('key_unknown'))
  await assert.rejects(open().enter(second.bearer), code('key_revoked'), 'also after a start')
  for (const row of await ledger.read('keys')) assert.equal(recoverGrant(domain, row), parties.authorizer.address)
  await make(1n, {}, second.name)
  assert.equal((await keys.all()).filter(({ row }) => row.name === second.name).length, 2)
  assert.ok(name)
})

const step = fc.record({ most: fc.bigInt(0n, 60n), least: fc.bigInt(0n, 60n), part: fc.nat(100), settles: fc.nat(9) })

test('a cap is never exceeded, in whatever order many jobs hold, spend and let go', async t => {
  const { keys, make, ledger } = await setup(t)
  await fc.assert(
    fc.asyncProperty(fc.bigInt(0n, 200n), fc.array(step, { maxLength: 30 }), async (cap, steps) => {
      const { bearer, name } = await make(cap)
      const { purse } = await keys.enter(bearer)
      const open: Hold[] = []
      let spent = 0n
      for (const { most, least, part, settles } of steps) {
        try {
          const hold = purse.hold(most, least < most ? least : most)
          assert.ok(hold.amount <= most && hold.amount >= (least < most ? least : most))
          open.push(hold)
        } catch (error) {
          // What runs holds it for now, or it is spent for good.
          const wanted = least < most ? least : most
          assert.ok(isHeddleError(error, cap - spent >= wanted ? 'cap_held' : 'cap_reached'))
        }
        const [hold] = open.splice(settles % Math.max(1, open.length), 1)
        if (!hold) continue
        const charge = (hold.amount * BigInt(part)) / 100n
        if (part === 0) hold.release()
        else {
          await ledger.commit(...hold.spend(charge))
          spent += charge
        }
        hold.release()
        const state = (await keys.all()).find(({ row }) => row.name === name)!
        const held = open.reduce((sum, one) => sum + one.amount, 0n)
        assert.deepEqual([state.row.spent, state.held], [spent, held])
        assert.ok(spent + held <= cap, `${spent} spent and ${held} held of ${cap}`)
      }
    }),
    { numRuns: 60 },
  )
})

/** What happens to one key: a job is asked, one ends and is charged a share of what it may cost, or the process dies. */
const lives = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ asks: fc.bigInt({ min: 1n, max: 60n }), least: fc.bigInt({ min: 1n, max: 9n }) }),
    },
    { weight: 3, arbitrary: fc.record({ ends: fc.nat(9), share: fc.bigInt({ min: 0n, max: 100n }) }) },
    { weight: 1, arbitrary: fc.constant({ dies: true } as const) },
  ),
  { minLength: 4, maxLength: 25 },
)

test('whenever the process dies, and however late a charge comes, what is charged stays within the cap', async t => {
  const { ledger, make, open } = await setup(t)
  const cap = 100n
  await fc.assert(
    fc.asyncProperty(lives, async steps => {
      const { bearer, key: _, name } = await make(cap)
      let keys = open()
      let { purse, id } = await keys.enter(bearer)
      let jobs: { amount: bigint; spend(charge: bigint): Write[] }[] = []
      let charged = 0n
      for (const step of steps) {
        if ('asks' in step) {
          try {
            const hold = purse.hold(step.asks > step.least ? step.asks : step.least, step.least)
            jobs.push(hold)
          } catch (error) {
            assert.ok(isHeddleError(error, 'cap_held') || isHeddleError(error, 'cap_reached'))
          }
        } else if ('ends' in step) {
          const [job] = jobs.splice(step.ends % Math.max(1, jobs.length), 1)
          if (!job) continue
          const charge = (job.amount * step.share) / 100n
          charged += charge
          await ledger.commit(...job.spend(charge))
        } else {
          keys = open()
          ;({ purse, id } = await keys.enter(bearer))
          const owner = id
          jobs = jobs.map(({ amount }) => {
            const release = keys.holdAgain(owner, amount)
            const spender = keys
            return {
              amount,
              // As a receipt that is fetched late: first it is spent, then nothing is held any more.
              spend(charge) {
                const writes = spender.spendLater(owner, charge)
                release()
                release()
                return writes
              },
            }
          })
        }
        assert.ok(charged <= cap, `${charged} charged of ${cap}`)
        const state = (await keys.all()).find(({ row }) => row.name === name)!
        assert.deepEqual([state.row.spent, state.held], [charged, jobs.reduce((sum, { amount }) => sum + amount, 0n)])
      }
    }),
    { numRuns: 40 },
  )
})

test('a cap is raised and lowered, at once and for good, never below what is spent and held', async t => {
  const { keys, make, ledger, open } = await setup(t)
  const { bearer, name } = await make(10n)
  const { purse } = await keys.enter(bearer)
  await ledger.commit(...purse.hold(6n, 6n).spend(6n))
  assert.throws(() => purse.hold(5n, 5n), code('cap_reached'))
  await keys.recap(name, 20n)
  const running = purse.hold(9n, 9n)
  assert.throws(
    () => purse.hold(10n, 10n),
    error => isHeddleError(error, 'cap_held') && / HED /.test(error.message),
  )
  await assert.rejects(keys.recap(name, 14n), code('bad_request'))
  await keys.recap(name, 15n)
  await ledger.commit(...running.spend(9n))
  assert.throws(() => purse.hold(1n, 1n), code('cap_reached'))
  const [row] = await ledger.read('keys')
  assert.deepEqual([row!.cap, row!.spent, recoverGrant(domain, row!)], [15n, 15n, parties.authorizer.address])
  const again = await open().enter(bearer)
  assert.throws(() => again.purse.hold(1n, 1n), code('cap_reached'))
  await assert.rejects(keys.recap('nobody', 1n), code('key_unknown'))
  await keys.revoke(name)
  await assert.rejects(keys.recap(name, 30n), code('key_unknown'))
})

test('a job that costs nothing is never stopped by a cap', async t => {
  const { keys, make } = await setup(t)
  const { purse } = await keys.enter((await make(0n)).bearer)
  assert.equal(purse.hold(0n, 0n).amount, 0n)
  assert.throws(() => purse.hold(1n, 1n), code('cap_reached'))
})

test('after a failure of the ledger what running jobs hold is still held, and what they spend is not forgotten', async t => {
  const { keys, make, ledger } = await setup(t)
  const { bearer, name } = await make(100n)
  const { purse } = await keys.enter(bearer)
  const running = purse.hold(60n, 60n)
  ledger.failNext(1)
  const { bearer: other } = await make(7n).catch(() => ({ bearer: {} }))
  assert.deepEqual(other, {}, 'a key that could not be stored is none')
  assert.throws(() => purse.hold(50n, 50n), code('cap_held'))
  await keys.all()
  await ledger.commit(...running.spend(40n))
  const state = (await keys.all()).find(({ row }) => row.name === name)!
  assert.deepEqual([state.row.spent, state.held], [40n, 0n])
  const [stored] = await ledger.read('keys')
  assert.equal(stored!.spent, 40n)
})

test('rates: requests and tokens a minute; the error says when to come back', async t => {
  const { keys, make, time } = await setup(t)
  const key = await keys.enter((await make(1n, { rate: 2, tokens: 100 })).bearer)
  key.request()
  key.request()
  assert.throws(
    () => key.request(),
    error => isHeddleError(error, 'rate_limited') && (error.cause as { retryAfter: number }).retryAfter === 30,
  )
  time.now += 30_000
  key.request()
  const taken = key.tokens(100n)
  assert.throws(() => key.tokens(1n), code('rate_limited'))
  taken.giveBack(60)
  key.tokens(60n)
  assert.throws(() => key.tokens(1n), code('rate_limited'))
  assert.throws(
    () => key.tokens(1n),
    error => isHeddleError(error, 'rate_limited') && (error.cause as { retryAfter: number }).retryAfter >= 1,
  )
})

test('what a rate never lets through is refused as such, and no wait is promised', async t => {
  const { make, keys } = await setup(t)
  const key = await keys.enter((await make(1n, { tokens: 100 })).bearer)
  key.tokens(100n)
  for (const much of [101n, 10n ** 11n, 10n ** 30n])
    assert.throws(
      () => key.tokens(much),
      error => isHeddleError(error, 'rate_unreachable') && !error.retryable && error.cause === undefined,
    )
})

test('what a key asked is shared only while it says so, is good, and asks strangers at all', async t => {
  const { keys, make, time } = await setup(t)
  const shared = async (terms: KeyTerms): Promise<boolean> => {
    const { bearer } = await make(1n, terms)
    return keys.isShareable((await keys.enter(bearer)).id)
  }
  assert.deepEqual(
    [await shared({}), await shared({ shareable: true }), await shared({ shareable: true, policy: 'own-only' })],
    [false, true, false],
  )
  const { bearer, name } = await make(1n, { shareable: true, expires: time.now + 1 })
  const { id, purse } = await keys.enter(bearer)
  assert.deepEqual([await keys.isShareable(id), purse.wanders], [true, true])
  time.now += 1
  assert.equal(await keys.isShareable(id), false)
  time.now -= 1
  await keys.revoke(name)
  assert.deepEqual(
    [await keys.isShareable(id), await keys.isShareable(null), await keys.isShareable('nobody')],
    [false, false, false],
  )
})
