import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSqliteLedger } from '@heddle/ledger'
import { type Followed, Receiver } from '@heddle/payments'
import {
  canonical,
  channelId,
  digestOf,
  domainOf,
  isHeddleError,
  jobId,
  randomBytes,
  signJob,
  signVoucher,
  toHex,
  utf8,
  verifyReceipt,
} from '@heddle/protocol'
import { FakeFollowed, failing, fixture } from '@heddle/testing'
import fc from 'fast-check'
import { type SeenOnChain, Settler } from './receipt.ts'

const { offer, parties, channel } = fixture
const CEILING = 1_000_000n

/** A receiver with funded channels, and a settler on a ledger that can be made to fail. */
async function setup(t: TestContext, channels = 2, seen: SeenOnChain = () => null) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-settler-'))
  const ledger = failing(await openSqliteLedger(join(directory, 'ledger.db')))
  t.after(async () => {
    await ledger.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const followed = new FakeFollowed()
  const receiver = new Receiver({ ledger, followed: followed as unknown as Followed })
  const ids = await Promise.all(
    Array.from({ length: channels }, async () => {
      const config = { ...channel, salt: toHex(randomBytes(32)) }
      const id = channelId(domainOf(offer), config)
      followed.set(id, { balance: CEILING })
      await receiver.register(id, config, offer)
      await receiver.admit(signVoucher(domainOf(offer), id, CEILING, parties.authorizer), offer)
      return id
    }),
  )
  const settler = new Settler({ receiver, signer: parties.provider, clock: { now: () => 1_800_000_000_000 }, seen })
  const settle = async (at: number, charge: bigint, reserve = charge) => {
    const id = ids[at % ids.length]!
    const held = await receiver.reserve(id, reserve)
    assert.ok('reservation' in held)
    const job = { ...fixture.job, channel: id, nonce: toHex(randomBytes(32)) }
    const output = utf8('woven')
    return settler.settle(held.reservation, {
      id: jobId(job),
      signed: signJob(domainOf(offer), job, parties.authorizer),
      offer,
      used: { prompt: 1n, cached: 0n, completion: 1n },
      charge,
      output,
      digest: digestOf(output),
      finish: 'stop',
      started: 1_799_999_999_000,
    })
  }
  return { ledger, ids, settle, settler }
}

test('whatever ends together: every receipt verifies, sequences have no gap, totals are sums', async t => {
  const { ids, settle, ledger } = await setup(t)
  const charged = new Map(ids.map(id => [id, 0n]))
  const sequences = new Map(ids.map(id => [id, 0]))
  const rounds = fc.array(fc.record({ at: fc.nat(1), charge: fc.bigInt({ min: 0n, max: 50n }) }), { maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(rounds, async jobs => {
      const receipts = await Promise.all(jobs.map(({ at, charge }) => settle(at, charge)))
      const inOrder = receipts.map(one => verifyReceipt(JSON.parse(canonical(one)), parties.provider.address).receipt)
      inOrder.sort((a, b) => Number(a.sequence) - Number(b.sequence))
      for (const { channel: id, sequence, charge, charged: total } of inOrder) {
        assert.equal(Number(sequence), sequences.get(id)! + 1)
        assert.equal(BigInt(total), charged.get(id)! + BigInt(charge))
        sequences.set(id, Number(sequence))
        charged.set(id, BigInt(total))
      }
    }),
    { numRuns: 20 },
  )
  const rows = await ledger.read('channels')
  for (const row of rows) assert.equal(row.charged, charged.get(row.id as `0x${string}`))
})

test('what ends while a commit is on its way is signed together', async t => {
  const { settle, settler } = await setup(t)
  const receipts = await Promise.all(Array.from({ length: 40 }, (_, i) => settle(i, 1n)))
  assert.ok(settler.signatures() < 10, `${settler.signatures()} signatures`)
  assert.ok(receipts.some(one => one.path.size > 1))
})

test('each receipt names a block that goes with its own charge, asked for when it is signed', async t => {
  const asked: unknown[] = []
  const { ids, settle } = await setup(t, 2, (channel, charged) => {
    asked.push([channel, charged])
    return charged % 2n === 0n ? null : { block: Number(charged), hash: fixture.wordOf(7) }
  })
  const receipts = await Promise.all([1n, 2n, 3n, 4n].map(charge => settle(0, charge)))
  assert.deepEqual(
    asked,
    [1n, 3n, 6n, 10n].map(charged => [ids[0], charged]),
  )
  assert.deepEqual(
    receipts.map(({ receipt }) => receipt.seen?.block ?? null),
    [1, 3, null, null],
  )
})

test('a charge above what was reserved stops nobody else', async t => {
  const { settle } = await setup(t)
  const [wrong, right] = await Promise.allSettled([settle(0, 5n, 4n), settle(0, 5n)])
  assert.equal(wrong.status, 'rejected')
  assert.ok(right.status === 'fulfilled')
  assert.equal(right.value.receipt.charged, '5')
})

test('when the ledger fails nobody has a receipt, and what comes after starts from the file', async t => {
  const { settle, ledger } = await setup(t)
  await settle(0, 7n)
  ledger.failNext(1)
  const lost = await Promise.allSettled([settle(0, 1n), settle(0, 1n)])
  for (const one of lost) {
    assert.ok(one.status === 'rejected')
    assert.ok(isHeddleError(one.reason, 'disk_full') || isHeddleError(one.reason, 'ledger_failed'))
  }
  assert.equal((await settle(0, 2n)).receipt.charged, '9')
})
