import { fromHex, toHex } from '@heddle/protocol/bytes'
import { type Digest, digestOf, digestOfJson } from '@heddle/protocol/digest'
import { malformed } from './malformed.ts'

export const HEAD_BYTES = 124
const TAG = 0
const VERSION = 1

/** What leaf 0 of a job's evidence says: how its tokens were drawn, and how many there are (docs/evidence.md). */
export type Head = Readonly<{
  /** The draw is the provider's own: whoever has the evidence draws the same tokens. */
  replayable: boolean
  /** The last position drew a token that ends the answer; it is not part of `usage.completion`. */
  ended: boolean
  /** Bytes of a token number. */
  width: 2 | 3
  /** Which of several answers; a job of several keeps no evidence yet. */
  choice: 0
  /** Most candidates of a position, 1 … 255. */
  topK: number
  /** Thousandths; 0 takes the likeliest. */
  temperature: number
  /** Millionths, 1 … 1,000,000. */
  topP: number
  /** Tokens the model has. */
  vocabulary: number
  /** Tokens of the prompt, those from a cache included. */
  prompt: number
  /** How many positions follow. */
  positions: number
  promptDigest: Digest
  /** What the draws are made from. */
  seed: Digest
  /** {@link classOf} the engine. */
  class: Digest
}>

const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff

function check(head: Head): void {
  const { width, choice, topK, temperature, topP, vocabulary, prompt, positions, ended } = head
  if (width !== 2 && width !== 3) throw malformed('width')
  if (choice !== 0) throw malformed('choice')
  if (!Number.isInteger(topK) || topK < 1 || topK > 255) throw malformed('topK')
  if (!Number.isInteger(topP) || topP < 1 || topP > 1_000_000) throw malformed('topP')
  for (const word of [temperature, vocabulary, prompt, positions]) if (!isWord(word)) throw malformed('not 32 bits')
  if (ended && positions === 0) throw malformed('ended without a position')
}

/**
 * Leaf 0 of a job's evidence: 124 bytes. Throws `evidence_malformed` for a value outside what docs/evidence.md says.
 *
 * @example
 * ```ts
 * import { decodeHead, encodeHead, ownSeed, promptDigestOf, classOf } from '@heddle/inference/draw'
 * const head = {
 *   replayable: true, ended: true, width: 2, choice: 0, topK: 20, temperature: 700, topP: 1_000_000,
 *   vocabulary: 32_000, prompt: 3, positions: 8, promptDigest: promptDigestOf([1, 2, 3]), seed: ownSeed(7),
 *   class: classOf({ build: 'b1', hardware: 'x64', quantization: 'Q8_0' }),
 * } as const
 * encodeHead(head).length // 124
 * decodeHead(encodeHead(head)).positions // 8
 * ```
 */
export function encodeHead(head: Head): Uint8Array {
  check(head)
  const bytes = new Uint8Array(HEAD_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set([TAG, VERSION, head.replayable ? 1 : 0, head.ended ? 1 : 0, head.width, head.choice])
  view.setUint16(6, head.topK)
  view.setUint32(8, head.temperature)
  view.setUint32(12, head.topP)
  view.setUint32(16, head.vocabulary)
  view.setUint32(20, head.prompt)
  view.setUint32(24, head.positions)
  for (const [i, digest] of [head.promptDigest, head.seed, head.class].entries()) {
    const word = fromHex(digest)
    if (word.length !== 32) throw malformed('a digest has 32 bytes')
    bytes.set(word, 28 + 32 * i)
  }
  return bytes
}

/** Reads leaf 0. Throws `evidence_malformed` for anything that {@link encodeHead} would not have written. */
export function decodeHead(leaf: Uint8Array): Head {
  if (leaf.length !== HEAD_BYTES) throw malformed(`a head has ${HEAD_BYTES} bytes, not ${leaf.length}`)
  if (leaf[0] !== TAG || leaf[1] !== VERSION) throw malformed('not a head of version 1')
  if (leaf[2]! > 1 || leaf[3]! > 1) throw malformed('neither yes nor no')
  const view = new DataView(leaf.buffer, leaf.byteOffset, leaf.byteLength)
  const head: Head = {
    replayable: leaf[2] === 1,
    ended: leaf[3] === 1,
    width: leaf[4] as 2 | 3,
    choice: leaf[5] as 0,
    topK: view.getUint16(6),
    temperature: view.getUint32(8),
    topP: view.getUint32(12),
    vocabulary: view.getUint32(16),
    prompt: view.getUint32(20),
    positions: view.getUint32(24),
    promptDigest: toHex(leaf.subarray(28, 60)),
    seed: toHex(leaf.subarray(60, 92)),
    class: toHex(leaf.subarray(92, 124)),
  }
  check(head)
  return head
}

/** The digest of a prompt's token numbers, four bytes each. */
export function promptDigestOf(tokens: readonly number[]): Digest {
  const view = new DataView(new ArrayBuffer(4 * tokens.length))
  for (const [i, token] of tokens.entries()) view.setUint32(4 * i, token)
  return digestOf(new Uint8Array(view.buffer))
}

/** What calibration is looked up by: the engine's build, the kind of machine, the quantisation of the weights. */
export type EngineClass = Readonly<{ build: string; hardware: string; quantization: string }>

/** The digest of an engine's class, as a head carries it. */
export const classOf = ({ build, hardware, quantization }: EngineClass): Digest =>
  digestOfJson({ build, hardware, quantization })
