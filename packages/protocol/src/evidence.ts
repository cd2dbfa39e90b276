import { type Digest, digestOf } from './digest.ts'
import { HeddleError } from './errors/heddle-error.ts'
import { type MerklePath, merklePathSchema, merkleRoot, rootFromPath } from './merkle.ts'

/** How long a provider keeps the evidence of a job, in milliseconds. */
export const EVIDENCE_LIFETIME = 72 * 3_600_000

/** What a receipt names: the root over the leaves and how many they are, so that no path has a second form. */
const commitmentOf = (root: Digest, size: number): Digest => digestOf(`{"root":"${root}","size":${size}}`)

/**
 * What a receipt's `evidence` is, of all leaves of a job.
 *
 * @example
 * ```ts
 * import { evidenceRoot } from '@heddle/protocol'
 * evidenceRoot([new Uint8Array(124)]).length // 66
 * ```
 */
export const evidenceRoot = (leaves: readonly Uint8Array[]): Digest => commitmentOf(merkleRoot(leaves), leaves.length)

/**
 * Holds a leaf against a receipt's `evidence`: returns its path, read and verified. Throws `evidence_path` for a path
 * that is malformed or leads elsewhere. The leaf itself is not read.
 *
 * @example
 * ```ts
 * import { evidenceRoot, merklePath, openLeaf } from '@heddle/protocol'
 * const leaves = [new Uint8Array(124), new Uint8Array(6)]
 * openLeaf(evidenceRoot(leaves), leaves[1]!, merklePath(leaves, 1)).index // 1
 * ```
 */
export function openLeaf(evidence: Digest, leaf: Uint8Array, path: unknown): MerklePath {
  const parsed = merklePathSchema.safeParse(path)
  if (!parsed.success) throw new HeddleError('evidence_path', 'not a path')
  const place = parsed.data as MerklePath
  const root = rootFromPath(leaf, place)
  if (!root || commitmentOf(root, place.size) !== evidence) throw new HeddleError('evidence_path')
  return place
}
