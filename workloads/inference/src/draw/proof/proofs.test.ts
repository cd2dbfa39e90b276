import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  digestOf,
  equivocation,
  fromHex,
  isHeddleError,
  overcharge,
  signerOf,
  signReceipts,
  wrongModel as wrongModelOf,
} from '@heddle/protocol'
import fc from 'fast-check'
import { foreignSeed, malformedLeaf, overcount, type Position, redraw } from '../index.ts'
import { type Example, type ExampleChanges, exampleOf } from '../testing/example.ts'

const wrongModel = (parts: { receipt: unknown; offer: unknown }, pinned: Example['provider']) =>
  wrongModelOf(parts, pinned, workload => workload === 'inference')

const stranger = signerOf(new Uint8Array(32).fill(9))
const refusesWith = (code: Parameters<typeof isHeddleError>[1]) => (error: unknown) => isHeddleError(error, code)

const redrawOf = (example: Example, index: number) =>
  redraw({ receipt: example.signed, head: example.open(0), leaf: example.open(index) }, example.provider)
const overcountOf = (example: Example) =>
  overcount({ receipt: example.signed, head: example.open(0) }, example.provider)
const foreignSeedOf = (example: Example) =>
  foreignSeed({ receipt: example.signed, head: example.open(0), job: example.job }, example.provider)
const malformedOf = (example: Example, index: number) =>
  malformedLeaf({ receipt: example.signed, head: example.open(0), leaf: example.open(index) }, example.provider)

/** Every way in which an honest provider answers. */
const honest: fc.Arbitrary<ExampleChanges> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    positions: fc.oneof(fc.nat(6), fc.constantFrom(32, 33, 65)),
    topK: fc.integer({ min: 1, max: 20 }),
    batch: fc.integer({ min: 1, max: 3 }),
    temperature: fc.oneof(fc.constantFrom(0, 0.001, 1, 2), fc.double({ min: 0, max: 2, noNaN: true })),
    topP: fc.oneof(fc.constant(1), fc.double({ min: 1e-9, max: 1, noNaN: true })),
    own: fc.option(fc.integer({ min: 0, max: 0xffff_fffe })),
  })
  .map(({ temperature, topP, own, ...rest }) => ({
    ...rest,
    spec: { temperature, topP, ...(own === null ? {} : { seed: own }) },
  }))

test('an honest provider is found honest by every proof, however its answer was asked and drawn', () => {
  fc.assert(
    fc.property(honest, changes => {
      const example = exampleOf(changes)
      assert.equal(overcountOf(example).verdict, 'honest')
      assert.equal(foreignSeedOf(example).verdict, 'honest')
      for (const index of example.leaves.keys()) {
        assert.equal(malformedOf(example, index).verdict, 'honest')
        if (index > 0) assert.equal(redrawOf(example, index).verdict, 'honest')
      }
    }),
    { numRuns: 60 },
  )
})

test('every single drawn index that is told otherwise convicts, at its position', () => {
  const { positions } = exampleOf()
  let told = 0
  for (const [at, { candidates, drawn }] of positions.entries()) {
    for (const other of candidates.keys()) {
      if (other === drawn) continue
      told += 1
      const example = exampleOf({ written: all => all.with(at, { ...all[at]!, drawn: other }) })
      const { verdict, facts, receipts } = redrawOf(example, 1 + Math.floor(at / 32))
      assert.equal(verdict, 'dishonest')
      assert.deepEqual([facts['position'], facts['drawn'], facts['expected']], [at, other, drawn])
      assert.deepEqual(receipts, [example.signed.receipt.id])
    }
  }
  assert.ok(told > 100, `${told} tried`)
})

test('log-probabilities that are made up after the draw convict sooner or later', () => {
  const forged = (positions: Position[]): Position[] =>
    positions.map(position => ({
      ...position,
      candidates: position.candidates.map((one, i) => ({ ...one, logprob: -100 - 400 * i })),
    }))
  const found = Array.from({ length: 20 }, (_, i) => redrawOf(exampleOf({ seed: i + 1, written: forged }), 1).verdict)
  assert.ok(found.every(verdict => verdict === 'dishonest'))
})

test('what the engine drew by itself, and what names no evidence, is inconclusive', () => {
  const partial = exampleOf({ head: { replayable: false, seed: digestOf('none'), topK: 3 } })
  assert.equal(redrawOf(partial, 1).verdict, 'inconclusive')
  assert.equal(foreignSeedOf(partial).verdict, 'inconclusive')
  assert.equal(overcountOf(partial).verdict, 'honest', 'what it counts can be counted')
  const none = exampleOf({ receipt: { evidence: null } })
  for (const { verdict } of [redrawOf(none, 1), foreignSeedOf(none), overcountOf(none), malformedOf(none, 0)]) {
    assert.equal(verdict, 'inconclusive')
  }
})

test('a leaf or a head of another job never meets this receipt', () => {
  const [mine, other] = [exampleOf(), exampleOf({ seed: 8, receipt: { sequence: '2' } })]
  const { signed: receipt, provider } = mine
  for (const given of [
    { head: other.open(0), leaf: mine.open(1) },
    { head: mine.open(0), leaf: other.open(1) },
    { head: mine.open(0), leaf: { ...mine.open(1), path: other.open(1).path } },
    { head: mine.open(0), leaf: { ...mine.open(1), path: { ...mine.open(1).path, index: 2 } } },
    { head: mine.open(0), leaf: { ...mine.open(1), path: { ...mine.open(1).path, size: 4 } } },
    { head: mine.open(0), leaf: { ...mine.open(1), path: receipt.path } },
    { head: { ...mine.open(0), path: { index: 0, size: 1, siblings: [] } }, leaf: mine.open(1) },
  ]) {
    assert.throws(() => redraw({ receipt, ...given }, provider), refusesWith('evidence_path'))
    assert.throws(() => malformedLeaf({ receipt, ...given }, provider), refusesWith('evidence_path'))
  }
  assert.throws(() => overcount({ receipt, head: other.open(0) }, provider), refusesWith('evidence_path'))
  assert.throws(
    () => foreignSeed({ receipt, head: other.open(0), job: mine.job }, provider),
    refusesWith('evidence_path'),
  )
})

test('a leaf in the place of the head, and the head in the place of a leaf, prove nothing', () => {
  const { signed: receipt, provider, open, job } = exampleOf()
  const [head, leaf] = [open(0), open(1)]
  const isMalformed = refusesWith('proof_malformed')
  assert.throws(() => redraw({ receipt, head: leaf, leaf }, provider), isMalformed)
  assert.throws(() => redraw({ receipt, head, leaf: head }, provider), isMalformed)
  assert.throws(() => overcount({ receipt, head: leaf }, provider), isMalformed)
  assert.throws(() => foreignSeed({ receipt, head: leaf, job }, provider), isMalformed)
  assert.throws(() => malformedLeaf({ receipt, head: leaf, leaf }, provider), isMalformed)
  assert.throws(() => malformedLeaf({ receipt, leaf }, provider), isMalformed)
})

test('a receipt that another key signed convicts nobody', () => {
  const { signed, provider, open, job, offer } = exampleOf({ receipt: { usage: { completion: '99' } } })
  const forged = signReceipts([signed.receipt], stranger)[0]!
  const named = signReceipts([{ ...signed.receipt, provider: stranger.address }], stranger)[0]!
  for (const [receipt, code] of [
    [forged, 'receipt_signature'],
    [named, 'receipt_signer'],
  ] as const) {
    const parts = { receipt, head: open(0), leaf: open(1), job, offer, claim: {} }
    for (const proof of [redraw, overcount, foreignSeed, malformedLeaf, wrongModel, overcharge]) {
      assert.throws(() => proof(parts, provider), refusesWith(code))
    }
    assert.throws(() => equivocation({ receipts: [signed, receipt] }, provider), refusesWith(code))
  }
})

test('a count of one more than was written, or read, convicts; of as many or fewer does not', () => {
  for (const [usage, verdict] of [
    [{ prompt: '9', completion: '33' }, 'honest'],
    [{ prompt: '0', cached: '9', completion: '0' }, 'honest'],
    [{}, 'honest'],
    [{ images: '7' }, 'honest'],
    [{ completion: '34' }, 'dishonest'],
    [{ completion: '999999999999999999' }, 'dishonest'],
    [{ prompt: '10' }, 'dishonest'],
    [{ prompt: '5', cached: '5' }, 'dishonest'],
    [{ cached: '999999999999999999', prompt: '999999999999999999' }, 'dishonest'],
  ] as const) {
    assert.equal(overcountOf(exampleOf({ receipt: { usage } })).verdict, verdict, JSON.stringify(usage))
  }
})

test('draws that the request did not fix convict, each by its field', () => {
  const picked = digestOf('picked')
  for (const [changes, reason] of [
    [{ head: { seed: picked } }, 'drawn from another seed'],
    [{ head: { seed: picked }, receipt: { seed: picked } }, 'drawn from another seed'],
    [{ spec: { seed: 5 }, head: { seed: exampleOf({ spec: { seed: 6 } }).head.seed } }, 'drawn from another seed'],
    [{ head: { temperature: 0 } }, 'drawn with another temperature'],
    [{ head: { topP: 999_999 } }, 'drawn with another topP'],
    [{ head: { topK: 4 } }, 'drawn with another topK'],
  ] as const) {
    const verdict = foreignSeedOf(exampleOf(changes))
    assert.deepEqual([verdict.verdict, verdict.reason], ['dishonest', reason])
  }
})

test('a job that the receipt does not name, or that says not how to draw, does not convict', () => {
  const { signed: receipt, provider, open, job } = exampleOf({ head: { seed: digestOf('picked') } })
  const judge = (other: unknown) => foreignSeed({ receipt, head: open(0), job: other }, provider)
  for (const wrong of [
    { ...job, limit: '501' },
    { ...job, spec: { ...job.spec, seed: 1 } },
    { ...job, more: 1 },
    {},
    null,
  ]) {
    assert.throws(() => judge(wrong), refusesWith('proof_malformed'))
  }
  const render = exampleOf({ head: { seed: digestOf('picked') }, receipt: { workload: 'render' } })
  assert.equal(foreignSeedOf(render).verdict, 'inconclusive')
})

test('a bound leaf that breaks a rule convicts by the proof of malformed leaves, and by no other', () => {
  const changed = (leaf: number, change: (bytes: Uint8Array) => Uint8Array) =>
    exampleOf({ leaves: leaves => leaves.with(leaf, change(leaves[leaf]!.slice())) })
  const put = (at: number, byte: number) => (bytes: Uint8Array) => {
    bytes[at] = byte
    return bytes
  }
  for (const [leaf, change] of [
    [0, put(1, 2)],
    [0, put(27, 99)],
    [0, (bytes: Uint8Array) => bytes.subarray(1)],
    [1, put(0, 0)],
    [1, put(4, 1)],
    [1, put(7, 9)],
    [1, (bytes: Uint8Array) => Uint8Array.from([...bytes, 0])],
    [2, () => new Uint8Array(0)],
    [2, () => new Uint8Array(70_000)],
    [2, () => fromHex(exampleOf().open(1).leaf)],
  ] as const) {
    const example = changed(leaf, change)
    const { verdict, facts } = malformedOf(example, leaf)
    assert.equal(verdict, 'dishonest')
    assert.equal(facts['leaf'], leaf)
    assert.equal(redrawOf(example, Math.max(1, leaf)).verdict, 'inconclusive')
    if (leaf === 0) assert.equal(overcountOf(example).verdict, 'inconclusive')
  }
  const extra = exampleOf({ leaves: leaves => [...leaves, leaves[1]!] })
  assert.equal(malformedOf(extra, 0).reason, 'a malformed head', 'the tree has a leaf that the head does not count')
  const fewer = exampleOf({ leaves: leaves => leaves.slice(0, 2) })
  assert.equal(malformedOf(fewer, 1).verdict, 'dishonest')
})

test('a verdict is plain JSON', () => {
  const { signed, provider, open } = exampleOf()
  const verdict = redraw({ receipt: signed, head: open(0), leaf: open(2) }, provider)
  assert.deepEqual(JSON.parse(JSON.stringify(verdict)), verdict)
  assert.deepEqual(verdict, {
    proof: 'redraw',
    verdict: 'honest',
    reason: 'every position draws its token',
    provider,
    receipts: [signed.receipt.id],
    facts: { first: 32, positions: 2 },
  })
})
