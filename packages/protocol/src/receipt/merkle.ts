import { sha256 } from '@noble/hashes/sha2.js'
import { concat, fromHex, toHex } from '../bytes.ts'
import type { Digest } from '../digest.ts'

/**
 * Merkle trees as in RFC 6962 §2.1 (leaf prefix 0x00, node prefix 0x01), so that one signature can cover a batch of
 * receipts. A lone leaf is its own root.
 */
export type MerklePath = Readonly<{ index: number; size: number; siblings: readonly Digest[] }>

const leafHash = (leaf: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(0), leaf))
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(1), left, right))

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

const rootOf = (hashes: readonly Uint8Array[]): Uint8Array => {
  if (hashes.length === 1) return hashes[0]!
  const k = split(hashes.length)
  return nodeHash(rootOf(hashes.slice(0, k)), rootOf(hashes.slice(k)))
}

const siblingsOf = (hashes: readonly Uint8Array[], index: number): Uint8Array[] => {
  if (hashes.length === 1) return []
  const k = split(hashes.length)
  return index < k
    ? [...siblingsOf(hashes.slice(0, k), index), rootOf(hashes.slice(k))]
    : [...siblingsOf(hashes.slice(k), index - k), rootOf(hashes.slice(0, k))]
}

/** The root over one or more leaves. */
export const merkleRoot = (leaves: readonly Uint8Array[]): Digest => toHex(rootOf(leaves.map(leafHash)))

/** The path that leads from one leaf to the root. */
export const merklePath = (leaves: readonly Uint8Array[], index: number): MerklePath => ({
  index,
  size: leaves.length,
  siblings: siblingsOf(leaves.map(leafHash), index).map(toHex),
})

/** The root that a leaf and its path lead to, or nothing when the path has the wrong length for its place. */
export function rootFromPath(leaf: Uint8Array, path: MerklePath): Digest | undefined {
  const { index, size, siblings } = path
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return undefined
  const walk = (place: number, count: number, depth: number): Uint8Array | undefined => {
    if (count === 1) return depth === 0 ? leafHash(leaf) : undefined
    const sibling = siblings[depth - 1]
    if (!sibling) return undefined
    const k = split(count)
    const inner = place < k ? walk(place, k, depth - 1) : walk(place - k, count - k, depth - 1)
    if (!inner) return undefined
    return place < k ? nodeHash(inner, fromHex(sibling)) : nodeHash(fromHex(sibling), inner)
  }
  const root = walk(index, size, siblings.length)
  return root && toHex(root)
}
