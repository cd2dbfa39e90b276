import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Call, type ChainClient, type Outbox, verifierAddress, witnessClaimCall } from '@heddle/chain'
import { put, type Row } from '@heddle/ledger'
import { canonical, type Hex } from '@heddle/protocol'
import { FakeFollowed } from '@heddle/testing'
import fc from 'fast-check'
import type { Followed } from '../chain/followed.ts'
import { type Ledgers, meet, openLedgers, unique } from '../testing/parties.ts'
import { ClaimWitness } from './claim-witness.ts'
import type { Payer } from './payer.ts'

const CHAIN = 7

/** A payer whose channels have so much charged and claimed; a chain that keeps what is witnessed. */
async function stage(ledgers: Ledgers, { verifier = true, most }: { verifier?: boolean; most?: number } = {}) {
  const { id } = await meet(ledgers)
  const followed = new FakeFollowed()
  const charged = new Map<Hex, bigint>()
  const witnessed = new Set<string>()
  const told: string[] = []
  let sending = 0
  let looks = 0
  const client = {
    chainId: CHAIN,
    async getCode() {
      looks += 1
      return verifier ? '0x60' : undefined
    },
    readContract: async ({ args }: { args: readonly [Hex, bigint] }) => (witnessed.has(args.join(' ')) ? 9n : 0n),
  } as unknown as ChainClient
  const outbox = {
    async send(purpose: Record<string, unknown>, { to, data }: Call) {
      assert.equal(to, verifierAddress(CHAIN))
      const [channel] = Object.values(purpose) as [Hex]
      assert.equal(data, witnessClaimCall(CHAIN, channel).data)
      sending += 1
      witnessed.add(`${channel} ${followed.channel(channel)!.claimed}`)
      const row: Row<'transactions'> = {
        hash: unique(),
        raw: '0x',
        sender: '0x',
        nonce: sending,
        purpose: canonical(purpose),
        state: 'mined',
      }
      await ledgers.paying.commit(put('transactions', row))
      return row.hash
    },
    recover: async () => undefined,
  } as unknown as Outbox
  const witness = () =>
    new ClaimWitness({
      ledger: ledgers.paying,
      payer: { chargedOn: async (one: Hex) => charged.get(one) ?? 0n } as unknown as Payer,
      followed: followed as unknown as Followed,
      client,
      outbox,
      ...(most === undefined ? {} : { most }),
      log: { info() {}, error() {}, warn: message => void told.push(message) },
    })
  return { id, followed, charged, witnessed, told, sent: () => sending, looks: () => looks, witness }
}

const setup = async (t: TestContext, options = {}) => stage(await openLedgers(t), options)

test('every total above what receipts charge is witnessed, once, also after starts; no other one is', async t => {
  const ledgers = await openLedgers(t)
  const steps = fc.array(fc.record({ claim: fc.nat(4), charge: fc.nat(4), restart: fc.boolean() }), {
    minLength: 1,
    maxLength: 7,
  })
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      const { id, followed, charged, witnessed, sent, witness } = await stage(ledgers)
      const expected = new Set<string>()
      let [claimed, due, looking] = [0n, 0n, witness()]
      for (const { claim, charge, restart } of all) {
        claimed += BigInt(claim)
        due += BigInt(charge)
        followed.set(id, { claimed })
        charged.set(id, due)
        if (claimed > due) expected.add(`${id} ${claimed}`)
        if (restart) looking = witness()
        await Promise.all([looking.look(), looking.look()])
      }
      assert.deepEqual(witnessed, expected)
      assert.equal(sent(), expected.size)
    }),
    { numRuns: 40 },
  )
})

test('whoever claims above its receipts again and again has that witnessed eight times, and is told of', async t => {
  const { id, followed, told, sent, witness } = await setup(t)
  for (let claimed = 1n; claimed <= 20n; claimed++) {
    followed.set(id, { claimed })
    await witness().look()
  }
  assert.equal(sent(), 8)
  assert.ok(told.includes('no more claims of this channel are witnessed'))
})

for (const most of [0, 3])
  test(`an owner says how often: ${most} times`, async t => {
    const { id, followed, told, sent, witness } = await setup(t, { most })
    for (let claimed = 1n; claimed <= 5n; claimed++) {
      followed.set(id, { claimed })
      await witness().look()
    }
    assert.equal(sent(), most)
    assert.ok(told.includes('no more claims of this channel are witnessed'))
  })

test('however often it is asked for while the chain is slow, one look at most waits behind the one that goes on', async t => {
  const { id, followed, looks, witness } = await setup(t)
  followed.set(id, { claimed: 5n })
  const looking = witness()
  const first = looking.look()
  await Promise.resolve()
  await Promise.all([first, ...Array.from({ length: 50 }, () => looking.look())])
  assert.equal(looks(), 2)
})

test('a chain without a verifier is told of once, and nothing is sent', async t => {
  const { id, followed, told, sent, witness } = await setup(t, { verifier: false })
  followed.set(id, { claimed: 5n })
  const looking = witness()
  await looking.look()
  await looking.look()
  assert.equal(sent(), 0)
  assert.deepEqual(told, ['claims are not witnessed: this chain has no verifier'])
})
