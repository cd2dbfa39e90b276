import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import {
  type Claim,
  createProver,
  digestOf,
  judgeClaim,
  type Receipt,
  type SignedReceipt,
  signReceipts,
} from '../index.ts'

const { provider: signer } = fixture.parties
const provider = signer.address
const example = fixture.receiptOf()
const { verify } = createProver([])

const hashAt = (block: number): Receipt['id'] => digestOf(`block ${block}`)

/** Receipts for charges, each so many blocks after the one before; what a provider names is its newest block. */
function historyOf(steps: readonly { charge: number; blocks: number }[]) {
  let [charged, block] = [0, 100]
  return steps.map(({ charge, blocks }, i) => {
    charged += charge
    block += blocks
    const numbers = { charge: `${charge}`, charged: `${charged}`, sequence: `${i + 1}` }
    const receipt = { ...example, ...numbers, seen: { block, hash: hashAt(block) } }
    return { signed: signReceipts([receipt], signer)[0]!, block, charged: BigInt(charged) }
  })
}

/** Witnessed in the block that it is in, where no other is said. */
const claimOf = (total: bigint, block: number, witnessed: number | null = block): Claim => {
  const { chainId, channel, settlement } = example
  return { block, hash: hashAt(block), chainId, channel, settlement, totalClaimed: `${total}`, witnessed }
}

/** The two receipts around a claim, and what the chain has where the lower one says it had looked. */
function around(history: readonly { signed: SignedReceipt }[], total: bigint, onChain = hashAt) {
  const has = ({ signed }: { signed: SignedReceipt }): boolean => BigInt(signed.receipt.charged) >= total
  const below = history.filter(one => !has(one)).at(-1)?.signed
  const reached = history.find(has)?.signed
  const named = below && onChain(below.receipt.seen!.block)
  return { ...(below ? { below } : {}), ...(named ? { named } : {}), ...(reached ? { reached } : {}) }
}

const steps = fc.array(fc.record({ charge: fc.integer({ min: 1, max: 500 }), blocks: fc.nat(20) }), {
  minLength: 1,
  maxLength: 6,
})

test('who claims what was charged by then is never found guilty, nor above: at once, late, or in part', () => {
  fc.assert(
    fc.property(steps, fc.nat(5), fc.nat(30), fc.nat(1_000), (all, at, late, short) => {
      const history = historyOf(all)
      const { charged, block } = history[at % history.length]!
      const total = charged > BigInt(short) ? charged - BigInt(short) : charged
      // A claim is made after its receipt, in a block that nobody had seen by then.
      const claim = claimOf(total, block + 1 + late)
      const { proof, above } = judgeClaim({ claim, ...around(history, total) }, provider)
      assert.equal(proof, undefined)
      assert.equal(above, false)
    }),
    { numRuns: 60 },
  )
})

test('a claim above everything charged is above until a receipt names a block that has it, which proves it', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 10, max: 1_000 }), fc.nat(50), (all, more, wait) => {
      const last = historyOf(all).at(-1)!
      const total = last.charged + BigInt(more)
      const claim = claimOf(total, last.block + 1)
      const early = judgeClaim({ claim, ...around(historyOf(all), total) }, provider)
      assert.deepEqual([early.proof, early.above], [undefined, true])
      // A block in which it is not: the provider may not have seen it yet, or looks away.
      const blind = judgeClaim(
        { claim, ...around(historyOf([...all, { charge: more - 1, blocks: 0 }]), total) },
        provider,
      )
      assert.deepEqual([blind.proof, blind.above], [undefined, true])
      const later = historyOf([...all, { charge: more - 1, blocks: 1 + wait }])
      const unwitnessed = judgeClaim({ claim: { ...claim, witnessed: null }, ...around(later, total) }, provider)
      assert.deepEqual([unwitnessed.proof, unwitnessed.above], [undefined, true])
      const { proof, verdicts } = judgeClaim({ claim, ...around(later, total) }, provider)
      assert.equal(proof?.kind, 'overcharge')
      assert.equal(verdicts.at(-1)!.verdict, 'dishonest')
      assert.equal(verify(JSON.parse(JSON.stringify(proof))).verdict, 'dishonest')
      // On a chain that has another block there, the provider had seen another chain.
      const forked = judgeClaim({ claim, ...around(later, total, block => digestOf(`fork ${block}`)) }, provider)
      assert.deepEqual([forked.proof, forked.above], [undefined, true])
    }),
    { numRuns: 60 },
  )
})

test('a claim convicts from the block on by which it was witnessed, not from the one that it is in', () => {
  const history = historyOf([
    { charge: 100, blocks: 1 },
    { charge: 100, blocks: 10 },
  ])
  for (const [witnessed, isProven] of [
    [102, true],
    [111, true],
    [112, false],
    [1_000, false],
    [null, false],
  ] as const) {
    const { proof, above } = judgeClaim({ claim: claimOf(900n, 102, witnessed), ...around(history, 900n) }, provider)
    assert.deepEqual([proof !== undefined, above], [isProven, true], `${witnessed}`)
  }
})

test('what was claimed first and charged later proves nothing, and is not above any more', () => {
  const history = historyOf([
    { charge: 100, blocks: 1 },
    { charge: 100, blocks: 1_000 },
  ])
  const found = judgeClaim({ claim: claimOf(200n, 102), ...around(history, 200n) }, provider)
  assert.deepEqual([found.proof, found.above], [undefined, false])
  assert.deepEqual(
    found.verdicts.map(({ verdict }) => verdict),
    ['inconclusive', 'honest'],
  )
})

test('a claim on a channel without any receipt is above, and nothing claimed is not', () => {
  assert.deepEqual(judgeClaim({ claim: claimOf(1n, 1, null) }, provider), { verdicts: [], above: true })
  assert.deepEqual(judgeClaim({ claim: claimOf(0n, 1, null) }, provider), { verdicts: [], above: false })
})
