import { fromHex, fromUtf8, HeddleError, type Hex, MOST_LEAF_BYTES, nestsDeeper } from '@heddle/protocol'

/** Bytes in which what opens an answer can be told at most. */
export const MOST_EVIDENCE = 96 << 20
/** Characters around a leaf in JSON: `"0x` and `",`. */
const AROUND = 5

/** Most bytes in which a provider can tell so many leaves, of whatever number where nobody knows: a longer answer is not read. */
export const mostEvidence = (leaves = Number.POSITIVE_INFINITY): number =>
  Math.min(MOST_EVIDENCE, leaves * (2 * MOST_LEAF_BYTES + AROUND) + 64)

const withheld = (why: string): HeddleError => new HeddleError('evidence_withheld', why)

/** Reads a provider's answer. Throws `evidence_unknown` where it says so, `evidence_withheld` for anything else. */
export function readOpening(answer: { one: Uint8Array } | { error: HeddleError }, most: number): Uint8Array[] {
  if ('error' in answer) throw unopened(answer.error)
  if (answer.one.length > most) throw withheld(`an answer of more than ${most} bytes`)
  return leavesOf(parse(answer.one))
}

/** That there is none is said by one code alone: all else is withheld. */
const unopened = ({ code, message }: HeddleError): HeddleError =>
  code === 'evidence_unknown' ? new HeddleError('evidence_unknown', message) : withheld(`${code}: ${message}`)

function parse(bytes: Uint8Array): unknown {
  try {
    const text = fromUtf8(bytes)
    if (nestsDeeper(text, 8)) throw withheld('nested JSON')
    return JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('evidence_withheld', 'not JSON', { cause })
  }
}

/** `{leaves: ["0x…", …]}` and nothing else. Throws `evidence_withheld`. */
export function leavesOf(json: unknown): Uint8Array[] {
  const whole = typeof json === 'object' && json !== null && Object.keys(json).join() === 'leaves'
  const leaves: unknown = whole ? (json as { leaves: unknown }).leaves : undefined
  if (!Array.isArray(leaves) || leaves.length === 0) throw withheld('no list of leaves')
  if (!leaves.every(isLeaf)) throw withheld('not the bytes of a leaf')
  return leaves.map(fromHex)
}

const isLeaf = (leaf: unknown): leaf is Hex =>
  typeof leaf === 'string' && leaf.length <= 2 + 2 * MOST_LEAF_BYTES && /^0x(?:[0-9a-f]{2})*$/.test(leaf)
