import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startDevnet } from '@heddle/chain'
import {
  digestOf,
  type FraudProof,
  type Hex,
  MOST_FEATURES,
  MOST_TERMS,
  MOST_UNITS,
  type Offer,
  offerDigest,
  type Receipt,
  rootFromPath,
  type SignedReceipt,
  signOffer,
  signStatement,
  toHex,
  utf8,
} from '@heddle/protocol'
import { numbersFrom } from '@heddle/testing'
import { headOf, leafOf } from '../../packages/protocol/src/receipt/signature.ts'
import { EXAMPLE_PROVIDER, type ExampleChanges, exampleOf } from '../../workloads/inference/src/draw/testing/example.ts'
import { folder, quiet } from '../faults/stage.ts'
import { openVerifier, triedOf } from './evm.ts'
import { type Accusation, accuse, ofAnswer } from './judge.ts'

async function setup(t: TestContext) {
  const devnet = await startDevnet({ directory: join(folder(t), 'chain'), log: quiet })
  t.after(() => devnet.stop())
  return openVerifier(devnet.url)
}

/** What is dishonest here is dishonest there, in one transaction. Gives how many are. */
async function convictAll(verifier: Awaited<ReturnType<typeof setup>>, all: readonly Accusation[]): Promise<number> {
  const guilty = all.filter(({ here, tried }) => here === 'dishonest' && tried)
  for (const { kind, tried } of guilty) assert.equal(await verifier.judgeAlone(tried!), 'dishonest', kind)
  return guilty.length
}

test('what convicts among the vectors convicts on the chain, within the gas of one transaction', async t => {
  const file = join(import.meta.dirname, '../../workloads/inference/vectors/proof.json')
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { input: { proof: FraudProof } }[] }
  const count = await convictAll(
    await setup(t),
    cases.map(({ input }) => accuse(input.proof)),
  )
  assert.ok(count > 20, `${count} convict`)
})

/** One thing that a provider could do before it signs, of any kind that leaves a trace in one answer. */
function cheat(random: (below: number) => number): ExampleChanges {
  const seed = 1 + random(1 << 30)
  const [positions, topK] = [1 + random(70), 1 + random(12)]
  const base = { seed, positions, topK, batch: 1 + random(9), spec: { temperature: random(3) === 0 ? 0 : 0.9 } }
  switch (random(5)) {
    case 0:
      return { ...base, receipt: { usage: { completion: String(positions + 1 + random(9)) } } }
    case 1:
      return { ...base, receipt: { model: digestOf(`model ${seed}`) } }
    case 2:
      return { ...base, head: { [['topP', 'vocabulary'][random(2)]!]: 1 } }
    case 3: {
      const at = random(positions)
      const otherwise = (drawn: number, of: number): number => (drawn + 1) % of
      return {
        ...base,
        topK: topK + 1,
        written: all =>
          all.map((one, i) => (i === at ? { ...one, drawn: otherwise(one.drawn, one.candidates.length) } : one)),
      }
    }
    default: {
      const [which, byte] = [random(2), random(256)]
      const spoil = (leaf: Uint8Array): Uint8Array => leaf.with(random(leaf.length), byte)
      return { ...base, leaves: leaves => leaves.map((leaf, i) => (i === which ? spoil(leaf) : leaf)) }
    }
  }
}

test('whoever cheats is judged alike: by every proof of every answer, here and on the chain', async t => {
  const verifier = await setup(t)
  const random = numbersFrom(99)
  const all: Accusation[] = []
  for (let i = 0; i < 250; i++) {
    const { signed, job, offer, leaves } = exampleOf(cheat(random))
    all.push(...ofAnswer(signed, { job, offer, evidence: leaves }))
  }
  const asked = all.filter(({ tried }) => tried)
  for (let at = 0; at < asked.length; at += 100) {
    const some = asked.slice(at, at + 100)
    const there = await verifier.judge(some.map(({ tried }) => tried!))
    assert.deepEqual(
      there,
      some.map(({ here }) => here),
    )
  }
  const kinds = Map.groupBy(
    all.filter(({ here }) => here === 'dishonest'),
    ({ kind }) => kind,
  )
  for (const kind of ['overcount', 'wrong-model', 'redraw', 'malformed'] as const)
    assert.ok((kinds.get(kind)?.length ?? 0) > 10, `${kind}: ${kinds.get(kind)?.length}`)
  assert.ok((await convictAll(verifier, all)) > 100)
})

test('whoever claims is judged alike, here and on the chain: whatever was claimed, named, and witnessed, and when', async t => {
  const verifier = await setup(t)
  const random = numbersFrom(7)
  const all = Array.from({ length: 400 }, (_, i): Accusation => {
    const seen = random(8) === 0 ? null : { block: 1_000 + i, hash: digestOf(`block ${i}`) }
    const { signed, provider } = exampleOf({ positions: 0, receipt: { channel: digestOf(`channel ${i}`), seen } })
    const { chainId, channel, settlement, charged } = signed.receipt
    const totalClaimed = `${BigInt(charged) + BigInt(random(6)) - 2n}`
    const witnessed = random(6) === 0 ? null : 1_000 + i + random(5) - 3
    const hash = digestOf(random(6) === 0 ? `fork ${i}` : `block ${i}`)
    const claim = { block: 1_000 + i, hash, chainId, channel, settlement, totalClaimed, witnessed }
    return accuse({ version: 1, provider, kind: 'overcharge', receipt: signed, claim })
  })
  for (let at = 0; at < all.length; at += 100) {
    const some = all.slice(at, at + 100)
    const there = await verifier.judge(some.map(({ tried }) => tried!))
    assert.deepEqual(
      there,
      some.map(({ here }) => here),
    )
  }
  for (const verdict of ['dishonest', 'honest', 'refused'] as const)
    assert.ok(all.filter(({ here }) => here === verdict).length > 20, verdict)
})

/** As many bytes as a text of so many units can take: each unit escaped. */
const full = (units: number): string => '\u0001'.repeat(units)
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => full(31) + String.fromCharCode(1 + i))

/** A receipt with every text full, at the end of the deepest path that there may be. */
function largest(changes: Partial<Receipt>, example = exampleOf({ positions: 0 })): SignedReceipt {
  const most = '9'.repeat(18)
  const receipt: Receipt = {
    ...example.signed.receipt,
    engine: { build: full(128), name: full(64) },
    outputBytes: most,
    usage: Object.fromEntries(names(MOST_UNITS).map(name => [name, most])),
    ...changes,
  }
  const siblings = Array.from({ length: 40 }, (_, i): Hex => digestOf(`sibling ${i}`))
  const path = { index: 2 ** 40 - 1, size: 2 ** 40, siblings }
  const root = rootFromPath(leafOf(receipt), path)!
  return { path, receipt, signature: signStatement(receipt, 'receipts', headOf(root, path.size), EXAMPLE_PROVIDER) }
}

test('the largest that anybody may sign does not put a proof out of reach', async t => {
  const verifier = await setup(t)
  const { offer: some } = exampleOf().offer
  const offer: Offer = {
    ...some,
    engine: { build: full(128), name: full(64) },
    features: Array.from({ length: MOST_FEATURES }, () => full(32)),
    serves: { ...some.serves, name: full(128), quantization: full(32) },
    prices: Object.fromEntries(names(MOST_TERMS).map(name => [name, '3'.repeat(38)])),
    limits: Object.fromEntries(names(MOST_TERMS).map(name => [name, Number.MAX_SAFE_INTEGER])),
    endpoint: `http://a/${full(247)}`,
  }
  const signed = signOffer(offer, EXAMPLE_PROVIDER)
  const provider = EXAMPLE_PROVIDER.address
  const receipt = largest({ model: digestOf('another'), offer: offerDigest(offer) })
  const long = largest({ charge: '1' })
  const wide = exampleOf({
    positions: 32,
    topK: 255,
    spec: { temperature: 2 },
    written: all =>
      all.map((one, i) => ({ ...one, drawn: i === 31 ? (one.drawn + 1) % one.candidates.length : one.drawn })),
  })
  const proofs: FraudProof[] = [
    { version: 1, provider, kind: 'wrong-model', receipt, offer: signed },
    { version: 1, provider, kind: 'equivocation', receipts: [long, receipt] },
    {
      version: 1,
      provider,
      kind: 'redraw',
      receipt: largest({ evidence: wide.signed.receipt.evidence }, wide),
      head: wide.open(0),
      leaf: wide.open(1),
    },
  ]
  for (const proof of proofs) {
    const accusation = accuse(proof)
    assert.equal(accusation.here, 'dishonest', proof.kind)
    assert.equal(await verifier.judgeAlone(triedOf(proof)!), 'dishonest', proof.kind)
  }
  assert.ok(toHex(utf8(JSON.stringify(signed))).length > 40_000, 'the offer is long')
})
