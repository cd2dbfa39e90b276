import { type Candidate, LEAST_LOGPROB, MOST_BELOW } from './candidates.ts'
import type { Head } from './head.ts'
import { malformed } from './malformed.ts'

/** Positions in every leaf but the last. */
export const POSITIONS_PER_LEAF = 32
/** No leaf is longer. */
export const MAX_LEAF_BYTES = 65_535
const TAG = 1
const PREFIX_BYTES = 6
/** A log-probability is at most 100,000 away from 0: 17 bits, so three groups of seven. */
const MOST_GROUPS = 3

/** One place in an answer: what could have been drawn there, in falling order, and which of it was. */
export type Position = Readonly<{ candidates: readonly Candidate[]; drawn: number }>

/** What of the head the leaves of positions are written with. */
export type Shape = Readonly<Pick<Head, 'width' | 'topK' | 'vocabulary'>>

/** The most bytes that a leaf of this shape can have. */
export const leafRoom = ({ width, topK }: Pick<Shape, 'width' | 'topK'>): number =>
  PREFIX_BYTES + POSITIONS_PER_LEAF * (2 + topK * (width + MOST_GROUPS))

/** Leaves of positions that follow a head. */
export const leavesAfter = (positions: number): number => Math.ceil(positions / POSITIONS_PER_LEAF)

/** The rules of a position: one place for what is written and what is read. */
function checkPosition({ candidates, drawn }: Position, { topK, vocabulary }: Shape): void {
  const count = candidates.length
  if (count < 1 || count > topK) throw malformed('too many candidates, or none')
  if (!Number.isInteger(drawn) || drawn < 0 || drawn >= count) throw malformed('drawn is not one of the candidates')
  const best = candidates[0]!.logprob
  for (let i = 0; i < count; i++) {
    const { token, logprob } = candidates[i]!
    if (!Number.isInteger(token) || token < 0 || token >= vocabulary) throw malformed('not a token of the vocabulary')
    if (!Number.isInteger(logprob) || logprob > 0 || logprob < LEAST_LOGPROB) throw malformed('log-probability')
    if (best - logprob > MOST_BELOW) throw malformed('a candidate too far below the first')
    const before = candidates[i - 1]
    if (before && (logprob > before.logprob || (logprob === before.logprob && token < before.token)))
      throw malformed('candidates out of order')
    // Quicker than a set for the few candidates that there are.
    for (let j = 0; j < i; j++) if (candidates[j]!.token === token) throw malformed('a token twice')
  }
}

/** Writes a leaf's first bytes; returns where its positions begin. */
export function writePrefix(into: Uint8Array, first: number, count: number): number {
  into[0] = TAG
  new DataView(into.buffer, into.byteOffset).setUint32(1, first)
  into[5] = count
  return PREFIX_BYTES
}

/** Writes one position at `at`; returns where the next one begins. Throws `evidence_malformed`. */
export function writePosition(into: Uint8Array, at: number, shape: Shape, position: Position): number {
  checkPosition(position, shape)
  const { candidates, drawn } = position
  const tokens = 256 ** shape.width
  let end = at
  into[end++] = candidates.length
  into[end++] = drawn
  let before = 0
  for (const { token, logprob } of candidates) {
    if (token >= tokens) throw malformed('a token number too large for its width')
    if (shape.width === 3) into[end++] = token >> 16
    into[end++] = token >> 8
    into[end++] = token
    let rest = before - logprob
    before = logprob
    while (rest > 127) {
      into[end++] = (rest & 127) | 128
      rest >>= 7
    }
    into[end++] = rest
  }
  return end
}

/**
 * A leaf of up to 32 positions, the first of which has the number `first` in the answer. Throws `evidence_malformed`
 * for what docs/evidence.md does not allow.
 */
export function encodePositions(shape: Shape, first: number, positions: readonly Position[]): Uint8Array {
  if (positions.length < 1 || positions.length > POSITIONS_PER_LEAF) throw malformed('a leaf has 1 to 32 positions')
  if (!Number.isInteger(first) || first < 0 || first > 0xffff_ffff) throw malformed('first')
  const bytes = new Uint8Array(leafRoom(shape))
  let at = writePrefix(bytes, first, positions.length)
  for (const position of positions) at = writePosition(bytes, at, shape, position)
  return bytes.slice(0, at)
}

/**
 * Reads the leaf at `index` (1 or more) of the evidence that `head` begins: its positions, of which the first has the
 * number 32 × (index − 1). Throws `evidence_malformed` for bytes that {@link encodePositions} would not have written
 * there.
 */
export function decodePositions(leaf: Uint8Array, head: Head, index: number): Position[] {
  if (leaf.length > MAX_LEAF_BYTES) throw malformed('a leaf above 65,535 bytes')
  if (leaf.length < PREFIX_BYTES || leaf[0] !== TAG) throw malformed('not a leaf of positions')
  const first = new DataView(leaf.buffer, leaf.byteOffset).getUint32(1)
  if (first !== POSITIONS_PER_LEAF * (index - 1)) throw malformed('not the leaf of its place')
  const count = leaf[5]!
  if (count < 1 || count !== Math.min(POSITIONS_PER_LEAF, head.positions - first))
    throw malformed('positions missing, or too many')
  const reader = { leaf, at: PREFIX_BYTES }
  const positions: Position[] = []
  for (let i = 0; i < count; i++) {
    const position = readPosition(reader, head)
    checkPosition(position, head)
    positions.push(position)
  }
  if (reader.at !== leaf.length) throw malformed('bytes after the last position')
  return positions
}

type Reader = { leaf: Uint8Array; at: number }

function readByte(reader: Reader): number {
  const byte = reader.leaf[reader.at++]
  if (byte === undefined) throw malformed('a leaf ends too early')
  return byte
}

/** An unsigned LEB128 of at most three groups, in its shortest form. */
function readNumber(reader: Reader): number {
  let value = 0
  for (let group = 0; group < MOST_GROUPS; group++) {
    const byte = readByte(reader)
    value |= (byte & 127) << (7 * group)
    if (byte < 128) {
      if (byte === 0 && group > 0) throw malformed('a number not in its shortest form')
      return value
    }
  }
  throw malformed('a number of more than 21 bits')
}

function readPosition(reader: Reader, { width, topK }: Shape): Position {
  const count = readByte(reader)
  if (count < 1 || count > topK) throw malformed('too many candidates, or none')
  const drawn = readByte(reader)
  const candidates: Candidate[] = []
  let logprob = 0
  for (let i = 0; i < count; i++) {
    let token = 0
    for (let byte = 0; byte < width; byte++) token = token * 256 + readByte(reader)
    // Not `-=`: a log-probability of 0 is never -0.
    logprob = logprob - readNumber(reader)
    candidates.push({ token, logprob })
  }
  return { candidates, drawn }
}
