import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CLAIM_MARGIN, type Claim, judgeClaim, type SignedReceipt, signReceipts, verifyFraudProof } from '../index.ts'
import { EXAMPLE_PROVIDER, exampleOf } from '../proof/example.ts'

const { signed: example, provider } = exampleOf({ positions: 1 })
const START = 1_800_000_000_000

/** Receipts for charges, each so many milliseconds after the one before by the true clock; the provider's is `ahead`. */
function historyOf(steps: readonly { charge: number; after: number }[], ahead: number) {
  let [charged, time] = [0, START]
  return steps.map(({ charge, after }, i) => {
    charged += charge
    time += after
    const numbers = { charge: `${charge}`, charged: `${charged}`, sequence: `${i + 1}` }
    const receipt = { ...example.receipt, ...numbers, finished: time + ahead }
    return { signed: signReceipts([receipt], EXAMPLE_PROVIDER)[0]!, time }
  })
}

const claimOf = (total: bigint, time: number): Claim => {
  const { chainId, channel, settlement } = example.receipt
  return { chainId, channel, settlement, totalClaimed: `${total}`, timestamp: Math.floor(time / 1_000) }
}

/** The two receipts around a claim. */
function around(history: readonly { signed: SignedReceipt }[], total: bigint) {
  const has = ({ signed }: { signed: SignedReceipt }): boolean => BigInt(signed.receipt.charged) >= total
  const below = history.filter(one => !has(one)).at(-1)?.signed
  const reached = history.find(has)?.signed
  return { ...(below ? { below } : {}), ...(reached ? { reached } : {}) }
}

const steps = fc.array(
  fc.record({ charge: fc.integer({ min: 1, max: 500 }), after: fc.integer({ min: 1, max: 400_000 }) }),
  { minLength: 1, maxLength: 6 },
)

test('who claims what was charged by then is never found guilty, nor above: late, early, or with a clock ahead', () => {
  // A block's second is rounded down, which is a part of what the margin is for.
  const ahead = fc.integer({ min: -10_000_000, max: CLAIM_MARGIN - 1_000 })
  fc.assert(
    fc.property(steps, ahead, fc.nat(5), fc.nat(10_000_000), fc.nat(1_000), (all, skew, at, late, short) => {
      const history = historyOf(all, skew)
      const { signed, time } = history[at % history.length]!
      const charged = BigInt(signed.receipt.charged)
      const total = charged > BigInt(short) ? charged - BigInt(short) : charged
      const { proof, above } = judgeClaim({ claim: claimOf(total, time + late), ...around(history, total) }, provider)
      assert.equal(proof, undefined)
      assert.equal(above, false)
    }),
    { numRuns: 60 },
  )
})

test('a claim above everything charged is above while no later receipt is there, and proven by the first that is', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 10, max: 1_000 }), fc.nat(1_000_000), (all, more, wait) => {
      const history = historyOf(all, 0)
      const last = history.at(-1)!
      const total = BigInt(last.signed.receipt.charged) + BigInt(more)
      const claim = claimOf(total, last.time + 1_000)
      const early = judgeClaim({ claim, ...around(history, total) }, provider)
      assert.deepEqual([early.proof, early.above], [undefined, true])
      const after = CLAIM_MARGIN + 2_000 + wait
      const later = historyOf([...all, { charge: more - 1, after }], 0)
      const { proof, verdicts } = judgeClaim({ claim, ...around(later, total) }, provider)
      assert.equal(proof?.kind, 'overcharge')
      assert.equal(verdicts.at(-1)!.verdict, 'dishonest')
      assert.equal(verifyFraudProof(JSON.parse(JSON.stringify(proof))).verdict, 'dishonest')
    }),
    { numRuns: 60 },
  )
})

test('what was claimed first and charged later proves nothing, and is not above any more', () => {
  const history = historyOf(
    [
      { charge: 100, after: 1 },
      { charge: 100, after: 3_600_000 },
    ],
    0,
  )
  const found = judgeClaim({ claim: claimOf(200n, START + 1_000), ...around(history, 200n) }, provider)
  assert.deepEqual([found.proof, found.above], [undefined, false])
  assert.deepEqual(
    found.verdicts.map(({ verdict }) => verdict),
    ['inconclusive', 'honest'],
  )
})

test('a claim on a channel without any receipt is above, and nothing claimed is not', () => {
  assert.deepEqual(judgeClaim({ claim: claimOf(1n, START) }, provider), { verdicts: [], above: true })
  assert.deepEqual(judgeClaim({ claim: claimOf(0n, START) }, provider), { verdicts: [], above: false })
})
