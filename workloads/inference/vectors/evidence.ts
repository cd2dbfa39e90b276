import { evidenceRoot, fromHex, type Hex, isHeddleError, merklePath, merkleRoot, toHex } from '@heddle/protocol'
import { numbersFrom } from '@heddle/testing'
import {
  type Candidate,
  type Drawing,
  decodeHead,
  decodePositions,
  draw,
  encodeHead,
  encodePositions,
  type Head,
  nucleusOf,
  ownSeed,
  type Position,
  randomAt,
  weightsOf,
} from '../src/draw/index.ts'
import { exampleCandidates, exampleOf } from '../src/draw/testing/example.ts'

export type DrawCase = Drawing & {
  name: string
  candidates: readonly Candidate[]
  seed: Hex
  choice: number
  position: number
}

const falling = (...logprobs: readonly number[]): Candidate[] =>
  logprobs.map((logprob, i) => ({ token: 100 + 7 * i, logprob }))
const shapes: Readonly<Record<string, readonly Candidate[]>> = {
  'a long tail': exampleCandidates(numbersFrom(3), 20, 32_000),
  'one candidate': falling(-12),
  'two of equal likelihood': falling(-693, -693),
  'all equal': falling(...Array.from({ length: 7 }, () => -1_945)),
  'a candidate at the edge of what is told': falling(0, -9_210),
  '255 candidates of equal likelihood': falling(...Array.from({ length: 255 }, () => -5_541)),
  '255 candidates in a long tail': exampleCandidates(numbersFrom(5), 255, 32_000),
}

const drawCase = (shape: string, temperature: number, topP: number, position: number): DrawCase => ({
  name: `${shape}, temperature ${temperature}, topP ${topP}`,
  temperature,
  topP,
  seed: ownSeed(position % 5),
  choice: 0,
  position,
  candidates: shapes[shape]!,
})

/** Temperatures (thousandths) and topP (millionths) around every edge, over every shape of candidates. */
export function drawCases(): DrawCase[] {
  const cases: DrawCase[] = []
  const add = (shape: string, temperature: number, topP: number): void => {
    cases.push(drawCase(shape, temperature, topP, cases.length * 37))
  }
  for (const [shape, candidates] of Object.entries(shapes)) {
    for (const temperature of candidates.length > 100 ? [2_000] : [0, 1, 700, 1_000, 2_000])
      add(shape, temperature, 1_000_000)
    for (const topP of [1, 500_000, 950_000]) add(shape, 1_000, topP)
  }
  // A gap of 16,384 has no weight, one of 16,383 has: 9,210 millinats at 562 thousandths and around.
  for (const temperature of [561, 562, 563]) add('a candidate at the edge of what is told', temperature, 1_000_000)
  return [
    ...cases,
    ...[1, 255, 65_536, 4_294_967_295].map(position => drawCase('a long tail', 1_000, 900_000, position)),
    { ...drawCase('a long tail', 1_000, 900_000, 9), choice: 3, name: 'another choice' },
  ]
}

export function computeDraw({ candidates, temperature, topP, seed, choice, position }: DrawCase) {
  const random = randomAt(seed, choice, position)
  const drawn = draw(candidates, { temperature, topP }, random)
  const told = { random: random.toString(), drawn }
  if (temperature === 0) return told
  const weights = weightsOf(candidates, temperature)
  const { count, sum } = nucleusOf(weights, topP)
  return { ...told, weights, nucleus: count, sum, left: ((random * BigInt(sum)) >> 64n).toString() }
}

export type EvidenceCase =
  | { name: string; head: Head; leaf?: undefined }
  | { name: string; head: Head; index: number; positions: readonly Position[] }
  | { name: string; leaves: readonly Hex[] }
  | { name: string; head: Head; index: number; leaf: Hex }
  | { name: string; headBytes: Hex }

/** Heads, leaves, a whole job's tree, and bytes that every reader refuses. */
export function evidenceCases(): EvidenceCase[] {
  const { head, positions, leaves } = exampleOf()
  const wide: Head = { ...head, width: 3, vocabulary: 16_777_216, topK: 255, positions: 1, ended: false }
  const widePosition: Position = { candidates: exampleCandidates(numbersFrom(9), 255, 16_777_216), drawn: 254 }
  const [first, second, third] = leaves.map(leaf => leaf) as [Uint8Array, Uint8Array, Uint8Array]
  const altered = (leaf: Uint8Array, at: number, byte: number): Hex => {
    const copy = leaf.slice()
    copy[at] = byte
    return toHex(copy)
  }
  const more = (leaf: Uint8Array): Hex => `${toHex(leaf)}00`
  return [
    { name: 'a head', head },
    { name: 'a head without positions', head: { ...head, positions: 0, ended: false, replayable: false } },
    {
      name: 'a head of the largest values',
      head: { ...wide, temperature: 0xffff_ffff, prompt: 0xffff_ffff, positions: 0xffff_ffff },
    },
    { name: '32 positions', head, index: 1, positions: positions.slice(0, 32) },
    { name: 'the rest', head, index: 2, positions: positions.slice(32) },
    { name: 'three bytes a token, 255 candidates', head: wide, index: 1, positions: [widePosition] },
    { name: 'a whole job', leaves: leaves.map(toHex) },
    { name: 'a head alone', leaves: [toHex(first)] },
    { name: 'refused: a byte after the head', headBytes: more(first) },
    { name: 'refused: another tag', headBytes: altered(first, 0, 1) },
    { name: 'refused: another version', headBytes: altered(first, 1, 2) },
    { name: 'refused: replayable neither yes nor no', headBytes: altered(first, 2, 2) },
    { name: 'refused: ended neither yes nor no', headBytes: altered(first, 3, 2) },
    { name: 'refused: a width of 4', headBytes: altered(first, 4, 4) },
    { name: 'refused: another choice', headBytes: altered(first, 5, 1) },
    { name: 'refused: topK of 0', headBytes: altered(first, 7, 0) },
    { name: 'refused: topK of 256 and more', headBytes: altered(first, 6, 1) },
    { name: 'refused: topP above a million', headBytes: altered(first, 12, 1) },
    { name: 'refused: ended without a position', headBytes: altered(first, 27, 0) },
    { name: 'refused: a byte after the positions', head, index: 1, leaf: more(second) },
    { name: 'refused: a byte too few', head, index: 2, leaf: toHex(third.subarray(0, -1)) },
    { name: 'refused: the leaf of another place', head, index: 2, leaf: toHex(second) },
    { name: 'refused: a head among positions', head, index: 1, leaf: toHex(first) },
    { name: 'refused: fewer positions than there are', head, index: 1, leaf: altered(second, 5, 31) },
    { name: 'refused: drawn outside the candidates', head, index: 1, leaf: altered(second, 7, 8) },
    { name: 'refused: no candidates', head, index: 1, leaf: altered(second, 6, 0) },
    { name: 'refused: more candidates than topK', head: { ...head, topK: 4 }, index: 1, leaf: toHex(second) },
    {
      name: 'refused: a token outside the vocabulary',
      head: { ...head, vocabulary: 100 },
      index: 1,
      leaf: toHex(second),
    },
    ...tiny([1, 0, 0, 5, 0x80, 0x00], 'a number not in its shortest form'),
    ...tiny([1, 0, 0, 5, 0xa1, 0x8d, 0x06], 'a log-probability below -100,000'),
    ...tiny([2, 0, 0, 5, 0, 0, 6, 0xfb, 0x47], 'a candidate more than 9,210 below the first'),
    ...tiny([2, 0, 0, 5, 0, 0, 5, 1], 'a token twice'),
    ...tiny([2, 0, 0, 6, 0, 0, 5, 0], 'equal ones, the higher number first'),
  ]
}

/** A leaf of one position, given by its bytes. */
function tiny(position: readonly number[], why: string): EvidenceCase[] {
  const head: Head = { ...exampleOf({ positions: 1 }).head }
  return [{ name: `refused: ${why}`, head, index: 1, leaf: toHex(Uint8Array.from([1, 0, 0, 0, 0, 1, ...position])) }]
}

const refusal = (decode: () => unknown): { refused: string } | { read: unknown } => {
  try {
    return { read: decode() }
  } catch (error) {
    if (isHeddleError(error)) return { refused: error.code }
    throw error
  }
}

export function computeEvidence(input: EvidenceCase): unknown {
  if ('leaves' in input) {
    const leaves = input.leaves.map(fromHex)
    return {
      root: merkleRoot(leaves),
      evidence: evidenceRoot(leaves),
      paths: leaves.map((_, index) => merklePath(leaves, index)),
    }
  }
  if ('headBytes' in input) return refusal(() => decodeHead(fromHex(input.headBytes)))
  if ('positions' in input)
    return { bytes: toHex(encodePositions(input.head, 32 * (input.index - 1), input.positions)) }
  if ('index' in input) return refusal(() => decodePositions(fromHex(input.leaf), input.head, input.index))
  return { bytes: toHex(encodeHead(input.head)) }
}
