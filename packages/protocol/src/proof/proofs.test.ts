import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import {
  type Address,
  type Claim,
  createProver,
  digestOf,
  equivocation,
  fromHex,
  isHeddleError,
  merkleTree,
  offerDigest,
  overcharge,
  type Proofs,
  type Receipt,
  type SignedReceipt,
  signOffer,
  signReceipts,
  toHex,
  utf8,
  wrongModel as wrongModelOf,
} from '../index.ts'

const { provider: key, payer: stranger } = fixture.parties
const NAMED = { block: 1_234, hash: `0x${'77'.repeat(32)}` } as const
const refusesWith = (code: Parameters<typeof isHeddleError>[1]) => (error: unknown) => isHeddleError(error, code)

/** A receipt, honest but for `changes`, with the offer that it names. */
const exampleOf = (changes: Partial<Receipt> = {}) => ({
  signed: signReceipts([fixture.receiptOf(changes)], key)[0]!,
  offer: signOffer(fixture.offer, key),
  provider: key.address,
})
const wrongModel = (parts: { receipt: unknown; offer: unknown }, pinned: Address) =>
  wrongModelOf(parts, pinned, workload => workload === 'inference')

test('two receipts for one place convict, whatever differs; the same one twice does not', () => {
  const { signed, provider } = exampleOf()
  const { receipt } = signed
  const again = (changes: object) => signReceipts([{ ...receipt, ...changes }, receipt], key)[0]!
  const judge = (other: unknown) => equivocation({ receipts: [signed, other] }, provider).verdict
  for (const changes of [
    { charged: '54' },
    { finished: receipt.finished + 1 },
    { id: digestOf('other') },
    { evidence: digestOf('leaves') },
  ]) {
    assert.equal(judge(again(changes)), 'dishonest')
    assert.equal(equivocation({ receipts: [again(changes), signed] }, provider).verdict, 'dishonest')
  }
  assert.equal(judge(signed), 'honest')
  assert.equal(judge(again({})), 'honest', 'a second signature over the same receipt')
  const turned = Object.fromEntries(Object.entries(receipt).reverse())
  assert.equal(judge({ ...signed, receipt: turned }), 'honest', 'the same members in another order')
  for (const changes of [{ sequence: '2' }, { channel: digestOf('other') }, { chainId: 1 }, { settlement: provider }]) {
    assert.equal(judge(again({ ...changes, charged: '54' })), 'inconclusive')
  }
})

test('a claim above everything charged convicts by a receipt that names a block which has it', () => {
  const { signed: receipt, provider } = exampleOf()
  const { chainId, settlement, channel, charged, seen } = receipt.receipt
  const judge = (more: bigint, changes: Partial<Claim> = {}) => {
    const totalClaimed = (BigInt(charged) + more).toString()
    const claim = { ...seen!, chainId, settlement, channel, totalClaimed, witnessed: seen!.block, ...changes }
    return overcharge({ receipt, claim }, provider).verdict
  }
  assert.equal(judge(1n), 'dishonest')
  for (const less of [0n, -1n, -BigInt(charged)]) assert.equal(judge(less), 'honest')
  const { block } = seen!
  for (const other of [{ block: block - 1 }, { block: block + 1 }, { block: 0 }, { hash: digestOf('a fork') }]) {
    assert.equal(judge(1n, other), 'inconclusive', 'another block than the provider said it had seen')
    assert.equal(judge(0n, other), 'honest', 'what is charged was charged')
  }
  for (const witnessed of [1, block - 1, block])
    assert.equal(judge(1n, { witnessed }), 'dishonest', 'witnessed by then')
  for (const witnessed of [block + 1, null]) {
    assert.equal(judge(1n, { witnessed }), 'inconclusive', 'the chain does not know when')
    assert.equal(judge(0n, { witnessed }), 'honest', 'what is charged needs no witness')
  }
})

test('no time in a receipt makes it later or earlier than a claim, and one that names no block says nothing', () => {
  for (const finished of [1, 1_800_000_000_000, Number.MAX_SAFE_INTEGER]) {
    const judge = (seen: Receipt['seen']) => {
      const { signed: receipt, provider } = exampleOf({ finished, started: finished, seen })
      const { chainId, settlement, channel } = receipt.receipt
      const claim = { ...NAMED, chainId, settlement, channel, totalClaimed: '99', witnessed: NAMED.block }
      return overcharge({ receipt, claim }, provider).verdict
    }
    assert.equal(judge(NAMED), 'dishonest')
    assert.equal(judge({ ...NAMED, block: NAMED.block - 1 }), 'inconclusive')
    assert.equal(judge(null), 'inconclusive')
  }
})

test('a claim of another channel, chain or contract, or one that no chain has, is no part of a proof', () => {
  const { signed: receipt, provider } = exampleOf()
  const { chainId, settlement, channel } = receipt.receipt
  const claim = { ...NAMED, chainId, settlement, channel, totalClaimed: '99', witnessed: NAMED.block }
  for (const wrong of [
    { ...claim, channel: digestOf('other') },
    { ...claim, chainId: 1 },
    { ...claim, settlement: provider },
    { ...claim, totalClaimed: '-1' },
    { ...claim, totalClaimed: '0x99' },
    { ...claim, totalClaimed: 99 },
    { ...claim, block: -1 },
    { ...claim, block: 0.5 },
    { ...claim, block: Number.NaN },
    { ...claim, hash: '0x77' },
    { ...claim, hash: null },
    { ...claim, more: 1 },
    { ...claim, witnessed: 0 },
    { ...claim, witnessed: '1' },
    { ...claim, witnessed: undefined },
    { chainId, settlement, channel, totalClaimed: '99', witnessed: null },
    null,
  ]) {
    assert.throws(() => overcharge({ receipt, claim: wrong }, provider), refusesWith('proof_malformed'))
  }
})

test('another thing than the offer serves convicts, by the offer that the receipt names and no other', () => {
  const ran = exampleOf({ model: digestOf('smaller') })
  const judge = (offer: unknown) => wrongModel({ receipt: ran.signed, offer }, ran.provider).verdict
  assert.equal(judge(ran.offer), 'dishonest')
  const { offer } = ran.offer
  const serving = { ...offer, serves: { ...offer.serves, digest: digestOf('larger') } }
  assert.throws(() => judge(signOffer(serving, key)), refusesWith('proof_malformed'))
  assert.throws(
    () => judge(signOffer({ ...offer, provider: stranger.address }, stranger)),
    refusesWith('proof_malformed'),
  )
  assert.throws(() => judge({ offer: serving, signature: ran.offer.signature }), refusesWith('offer_invalid'))
  const theirs = signOffer({ ...serving, provider: stranger.address }, stranger)
  const naming = exampleOf({ offer: offerDigest(theirs.offer) })
  assert.throws(
    () => wrongModel({ receipt: naming.signed, offer: theirs }, naming.provider),
    refusesWith('proof_malformed'),
    "what another provider serves says nothing about this one's receipt",
  )
  const good = exampleOf()
  assert.equal(wrongModel({ receipt: good.signed, offer: good.offer }, good.provider).verdict, 'honest')
})

/** Of a workload whose every leaf says one letter: proofs of its own, that convict by leaves that say another. */
const letters = (workload: string, tried: string[] = []): Proofs => ({
  workload,
  kinds: [
    {
      name: `${workload}-letter`,
      parts: {},
      judge: ({ leaf, receipt }: { leaf: { leaf: Address }; receipt: SignedReceipt }, pinned) => ({
        proof: `${workload}-letter`,
        verdict: fromHex(leaf.leaf).length === 1 ? 'honest' : 'dishonest',
        reason: 'a letter',
        provider: pinned,
        receipts: [receipt.receipt.id],
        facts: {},
      }),
    },
  ],
  mostLeaves: ({ usage }) => Object.keys(usage).length,
  *attempts({ receipt }, leaves) {
    for (const leaf of leaves) {
      const { verdict } = yield { kind: `${workload}-letter`, leaf, receipt }
      tried.push(verdict)
    }
  },
})

const answered = (signed: SignedReceipt, leaves: readonly string[]) => ({
  receipt: signed,
  job: fixture.job,
  output: fixture.output,
  leaves: leaves.map(utf8),
})

test('an answer is tried by the proofs of its own workload alone, in their order, until one convicts', () => {
  const tried: string[] = []
  const { prove } = createProver([letters('inference', tried), letters('another')])
  const { signed } = exampleOf({ evidence: digestOf('leaves') })
  const { proof, verdicts } = prove(answered(signed, ['a', 'b', 'no letter', 'c']), key.address)
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['honest', 'honest', 'dishonest'],
  )
  assert.deepEqual(tried, ['honest', 'honest'], 'nothing is asked for after a conviction')
  const { paths } = merkleTree(['a', 'b', 'no letter', 'c'].map(utf8))
  const leaf = { leaf: toHex(utf8('no letter')), path: paths[2] }
  assert.deepEqual(proof, { version: 1, provider: key.address, kind: 'inference-letter', receipt: signed, leaf })
  assert.equal(prove(answered(signed, ['a']), key.address).proof, undefined)
})

test('of a workload that nobody knows the common proofs speak alone, and what it calls by a digest is its own affair', () => {
  const prover = createProver([letters('inference')])
  const model = digestOf('another thing')
  const { signed, offer } = exampleOf({ workload: 'another', model, evidence: digestOf('leaves') })
  const { verdicts, proof } = prover.prove({ ...answered(signed, ['no letter']), offer }, key.address)
  assert.equal(proof, undefined)
  assert.deepEqual(
    verdicts.map(({ proof, verdict }) => [proof, verdict]),
    [['wrong-model', 'inconclusive']],
  )
  const rival = exampleOf({ workload: 'another', charged: '54' }).signed
  assert.equal(prover.proveRefused({ receipt: signed, offer, rival }, key.address).proof?.kind, 'equivocation')
  assert.equal(prover.mostLeaves(signed.receipt), undefined)
  assert.equal(prover.mostLeaves(exampleOf().signed.receipt), 2)
})

test('two kinds of proofs never have one name', () => {
  assert.throws(() => createProver([letters('one'), letters('one')]), TypeError)
})
