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
async function stage(ledgers: Ledgers, { verifier = true } = {}) {
  const { id } = await meet(ledgers)
  const followed = new FakeFollowed()
  const charged = new Map<Hex, bigint>()
  const witnessed = new Set<string>()
  const told: string[] = []
  let sending = 0
  const client = {
    chainId: CHAIN,
    getCode: async () => (verifier ? '0x60' : undefined),
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
      log: { info() {}, error() {}, warn: message => void told.push(message) },
    })
  return { id, followed, charged, witnessed, told, sent: () => sending, witness }
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

test('a chain without a verifier is told of once, and nothing is sent', async t => {
  const { id, followed, told, sent, witness } = await setup(t, { verifier: false })
  followed.set(id, { claimed: 5n })
  const looking = witness()
  await looking.look()
  await looking.look()
  assert.equal(sent(), 0)
  assert.deepEqual(told, ['claims are not witnessed: this chain has no verifier'])
})
