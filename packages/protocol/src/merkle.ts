import { z } from 'zod'
import { fromHex, type Hex, toHex } from './bytes.ts'
import { type Digest, digestOf } from './digest.ts'
import { digestSchema } from './schemas.ts'

export const merklePathSchema = z.strictObject({
  index: z.int().nonnegative(),
  siblings: z.array(digestSchema).max(40),
  size: z.int().positive(),
})

/**
 * Merkle trees as in RFC 6962 §2.1 (leaf prefix 0x00, node prefix 0x01), so that one signature can cover a batch of
 * receipts. A lone leaf is its own root.
 */
export type MerklePath = { index: number; siblings: Digest[]; size: number }

// What is hashed is put together in the same two places every time: nothing is hashed across an await.
const prefixed = new Uint8Array(1 << 16)
const pair = new Uint8Array(65)
pair[0] = 1

function leafHash(leaf: Uint8Array): Uint8Array {
  const bytes = leaf.length < prefixed.length ? prefixed.subarray(0, leaf.length + 1) : new Uint8Array(leaf.length + 1)
  bytes.set(leaf, 1)
  return fromHex(digestOf(bytes))
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  pair.set(left, 1)
  pair.set(right, 33)
  return fromHex(digestOf(pair))
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** The root over one or more leaves, and the path of each: every node is hashed once. */
export function merkleTree(leaves: readonly Uint8Array[]): { root: Digest; paths: MerklePath[] } {
  const paths = leaves.map((_, index) => ({ index, siblings: [] as Hex[], size: leaves.length }))
  const build = (from: number, count: number): Uint8Array => {
    if (count === 1) return leafHash(leaves[from]!)
    const k = split(count)
    const left = build(from, k)
    const right = build(from + k, count - k)
    const [leftHex, rightHex] = [toHex(left), toHex(right)]
    for (let i = from; i < from + count; i++) paths[i]!.siblings.push(i < from + k ? rightHex : leftHex)
    return nodeHash(left, right)
  }
  return { root: toHex(build(0, leaves.length)), paths }
}

/** The root over one or more leaves. */
export const merkleRoot = (leaves: readonly Uint8Array[]): Digest => toHex(rootOf(leaves, 0, leaves.length))

function rootOf(leaves: readonly Uint8Array[], from: number, count: number): Uint8Array {
  if (count === 1) return leafHash(leaves[from]!)
  const k = split(count)
  return nodeHash(rootOf(leaves, from, k), rootOf(leaves, from + k, count - k))
}

/** The path that leads from one leaf to the root. */
export const merklePath = (leaves: readonly Uint8Array[], index: number): MerklePath => merkleTree(leaves).paths[index]!

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
