import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, isHeddleError, toHex } from '@heddle/protocol'
import { numbersFrom } from '@heddle/testing'
import fc from 'fast-check'
import {
  decodeHead,
  decodePositions,
  encodeHead,
  encodePositions,
  type Head,
  leavesOf,
  POSITIONS_PER_LEAF,
  type Position,
  promptDigestOf,
  startEvidence,
} from './index.ts'
import { exampleCandidates, exampleOf } from './testing/example.ts'
import { mutateBytes } from './testing/mutate.ts'

const isMalformed = (error: unknown): boolean => isHeddleError(error, 'evidence_malformed')

const uint32 = fc.oneof(fc.nat(1_000), fc.integer({ min: 0, max: 0xffff_ffff }), fc.constant(0xffff_ffff))
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex)
const heads: fc.Arbitrary<Head> = fc
  .record(
    {
      replayable: fc.boolean(),
      ended: fc.boolean(),
      width: fc.constantFrom(2, 3),
      choice: fc.constant(0),
      topK: fc.integer({ min: 1, max: 255 }),
      temperature: uint32,
      topP: fc.integer({ min: 1, max: 1_000_000 }),
      vocabulary: uint32,
      prompt: uint32,
      positions: uint32,
      promptDigest: digest,
      seed: digest,
      class: digest,
    },
    { noNullPrototype: true },
  )
  .map(head => ({ ...head, ended: head.ended && head.positions > 0 }) as Head)

/** A head, and as many positions as it says, of any length that answers have. */
const answers = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    count: fc.oneof(fc.nat(5), fc.constantFrom(31, 32, 33, 64, 65)),
    width: fc.constantFrom(2, 3) as fc.Arbitrary<2 | 3>,
    topK: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constant(255)),
  })
  .map(({ seed, count, width, topK }) => {
    const random = numbersFrom(seed)
    const vocabulary = width === 2 ? 65_536 : 300_000
    const head: Head = { ...exampleOf({ positions: 0 }).head, width, topK, vocabulary, positions: count }
    const positions = Array.from({ length: count }, (): Position => {
      const candidates = exampleCandidates(random, topK, vocabulary)
      return { candidates, drawn: random(candidates.length) }
    })
    return { head, positions }
  })

test('a head is read as it was written', () => {
  fc.assert(
    fc.property(heads, head => {
      const bytes = encodeHead(head)
      assert.equal(bytes.length, 124)
      assert.deepEqual(decodeHead(bytes), head)
    }),
  )
})

test('bytes that are a head are the bytes that it is written as, and all others are malformed', () => {
  const from = [encodeHead(exampleOf().head), encodeHead(exampleOf({ positions: 0 }).head)]
  let read = 0
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 1 }).map(seed => mutateBytes(numbersFrom(seed), from)),
  )
  fc.assert(
    fc.property(bytes, bytes => {
      try {
        const head = decodeHead(bytes)
        read += 1
        assert.deepEqual(encodeHead(head), bytes)
      } catch (error) {
        if (!isMalformed(error)) throw error
      }
    }),
    { numRuns: 5_000 },
  )
  assert.ok(read > 100, 'some mutated heads are heads')
})

test('a head outside what is allowed is not written', () => {
  const { head } = exampleOf()
  for (const wrong of [
    { width: 4 },
    { choice: 1 },
    { topK: 0 },
    { topK: 256 },
    { topK: 1.5 },
    { topP: 0 },
    { topP: 1_000_001 },
    { temperature: -1 },
    { temperature: 2 ** 32 },
    { vocabulary: 0.5 },
    { positions: Number.NaN },
    { positions: 0, ended: true },
    { seed: '0x00' },
  ]) {
    assert.throws(() => encodeHead({ ...head, ...wrong } as Head), isMalformed, JSON.stringify(wrong))
  }
})

test('the leaves of an answer are read as they were written', () => {
  fc.assert(
    fc.property(answers, ({ head, positions }) => {
      const leaves = leavesOf(head, positions)
      assert.equal(leaves.length, 1 + Math.ceil(positions.length / 32))
      assert.deepEqual(decodeHead(leaves[0]!), head)
      const read = leaves.slice(1).flatMap((leaf, i) => decodePositions(leaf, head, i + 1))
      assert.deepEqual(read, positions)
    }),
    { numRuns: 60 },
  )
})

test('bytes that are a leaf are the bytes that it is written as, and all others are malformed', () => {
  const { head, leaves } = exampleOf({ positions: 3, topK: 3 })
  const from = [leaves[1]!, exampleOf({ seed: 5, positions: 3, topK: 3 }).leaves[1]!]
  let read = 0
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.integer({ min: 1 }).map(seed => mutateBytes(numbersFrom(seed), from)),
  )
  fc.assert(
    fc.property(bytes, bytes => {
      try {
        const positions = decodePositions(bytes, head, 1)
        read += 1
        assert.deepEqual(encodePositions(head, 0, positions), bytes)
      } catch (error) {
        if (!isMalformed(error)) throw error
      }
    }),
    { numRuns: 5_000 },
  )
  assert.ok(read > 100, 'some mutated leaves are leaves')
})

test('a leaf is read in its own place only, and only with all of its positions', () => {
  const { head, leaves } = exampleOf()
  for (const index of [0, 2, 3, 134_217_729, -1, 1.5, Number.NaN]) {
    assert.throws(() => decodePositions(leaves[1]!, head, index), isMalformed, `${index}`)
  }
  for (const positions of [0, 1, 31, 35, 64]) {
    assert.throws(() => decodePositions(leaves[2]!, { ...head, positions }, 2), isMalformed, `${positions}`)
  }
  const empty = Uint8Array.from([1, 0, 0, 0, 32, 0])
  assert.throws(() => decodePositions(empty, { ...head, positions: 32 }, 2), isMalformed)
  assert.throws(() => decodePositions(new Uint8Array(65_536).fill(1), head, 1), isMalformed)
})

test('the longest leaf that keeps the rules is far below the limit', () => {
  const candidates = Array.from({ length: 255 }, (_, i) => ({
    token: i,
    logprob: i === 0 ? -90_000 : -90_000 - 36 * i,
  }))
  const shape = { width: 3, topK: 255, vocabulary: 300_000 } as const
  const positions = Array.from({ length: 32 }, () => ({ candidates, drawn: 254 }))
  const leaf = encodePositions(shape, 0, positions)
  assert.ok(leaf.length < 40_966)
  const head: Head = { ...exampleOf().head, ...shape, positions: 32 }
  assert.deepEqual(decodePositions(leaf, head, 1), positions)
})

test('a position that no reader would take is not written', () => {
  const shape = { width: 2, topK: 3, vocabulary: 70_000 } as const
  const one = (token: number, logprob = -10) => ({ token, logprob })
  const wrong: Position[] = [
    { candidates: [], drawn: 0 },
    { candidates: [one(1), one(2), one(3), one(4)], drawn: 0 },
    { candidates: [one(1)], drawn: 1 },
    { candidates: [one(1)], drawn: -1 },
    { candidates: [one(1)], drawn: 0.5 },
    { candidates: [one(70_000)], drawn: 0 },
    { candidates: [one(65_536)], drawn: 0 },
    { candidates: [one(-1)], drawn: 0 },
    { candidates: [one(1, 1)], drawn: 0 },
    { candidates: [one(1, -100_001)], drawn: 0 },
    { candidates: [one(1, -0.5)], drawn: 0 },
    { candidates: [one(1, Number.NaN)], drawn: 0 },
    { candidates: [one(2), one(1)], drawn: 0 },
    { candidates: [one(1), one(1)], drawn: 0 },
    { candidates: [one(1), one(2, -20), one(1, -30)], drawn: 0 },
    { candidates: [one(1), one(2, -9)], drawn: 0 },
    { candidates: [one(1), one(2, -9_221)], drawn: 0 },
  ]
  const evidence = startEvidence(shape)
  for (const position of wrong) {
    assert.throws(() => encodePositions(shape, 0, [position]), isMalformed, JSON.stringify(position))
    assert.throws(() => evidence.add(position), isMalformed)
  }
  const good = { candidates: [one(1), one(2, -9_220)], drawn: 1 }
  evidence.add(good)
  assert.deepEqual(evidence.end(), encodePositions(shape, 0, [good]), 'what was refused left no trace')
})

test('leaves written while an answer is made are those written at its end', () => {
  fc.assert(
    fc.property(answers, ({ head, positions }) => {
      const evidence = startEvidence(head)
      const leaves = positions.flatMap(position => evidence.add(position) ?? [])
      assert.equal(leaves.length, Math.floor(positions.length / 32), 'a leaf comes as soon as 32 positions are there')
      const last = evidence.end()
      assert.equal(evidence.positions(), positions.length)
      assert.equal(evidence.end(), undefined)
      assert.deepEqual([encodeHead(head), ...leaves, ...(last ? [last] : [])], leavesOf(head, positions))
    }),
    { numRuns: 60 },
  )
})

test("the prompt's digest is over four bytes a token", () => {
  assert.equal(promptDigestOf([1, 0x0102_0304]), digestOf(Uint8Array.from([0, 0, 0, 1, 1, 2, 3, 4])))
  assert.equal(promptDigestOf([]), digestOf(''))
})

test('what is at the edge of the rules is no fault: it is written, and read back as it was', () => {
  const { head } = exampleOf({ positions: 1, topK: 3 })
  const last = head.vocabulary - 1
  const edges: Position[] = [
    { candidates: [{ token: 0, logprob: 0 }], drawn: 0 },
    { candidates: [{ token: last, logprob: -100_000 }], drawn: 0 },
    { candidates: [0, 1, last].map(token => ({ token, logprob: 0 })), drawn: 2 },
    { candidates: [0, 9_210].map((below, token) => ({ token, logprob: 0 - below })), drawn: 1 },
  ]
  for (const position of edges) {
    const leaf = encodePositions(head, 0, [position])
    assert.deepEqual(decodePositions(leaf, { ...head, positions: 1 }, 1), [position])
  }
})

test('an answer is counted position by position, and its leaves hold each of them once', () => {
  const shape = { width: 2, topK: 20, vocabulary: 100 } as const
  fc.assert(
    fc.property(fc.nat(100), length => {
      const evidence = startEvidence(shape)
      const leaves: Uint8Array[] = []
      for (let added = 1; added <= length; added++) {
        const leaf = evidence.add({ candidates: [{ token: added % 100, logprob: -600 }], drawn: 0 })
        if (leaf) leaves.push(leaf)
        assert.equal(evidence.positions(), added)
        assert.equal(leaf !== undefined, added % POSITIONS_PER_LEAF === 0)
      }
      const last = evidence.end()
      assert.equal(last !== undefined, length % POSITIONS_PER_LEAF > 0, 'a last leaf is never empty')
      if (last) leaves.push(last)
      assert.equal(evidence.positions(), length)
      const head: Head = { ...exampleOf().head, ...shape, positions: length }
      const found = leaves.flatMap((leaf, i) => decodePositions(leaf, head, i + 1))
      assert.deepEqual(
        found.map(({ candidates }) => candidates[0]!.token),
        Array.from({ length }, (_, i) => (i + 1) % 100),
      )
    }),
    { numRuns: 60 },
  )
})
