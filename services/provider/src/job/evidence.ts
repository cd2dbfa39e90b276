import { type Ledger, type Row, readOne } from '@heddle/ledger'
import { type Digest, EVIDENCE_LIFETIME, HeddleError } from '@heddle/protocol'

/** Leaves as they are kept: each after its length in four bytes. */
function joinLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + 4 + leaf.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const leaf of leaves) {
    view.setUint32(at, leaf.length)
    bytes.set(leaf, at + 4)
    at += 4 + leaf.length
  }
  return bytes
}

function splitLeaves(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const leaves: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at)
    leaves.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return leaves
}

/** The row that keeps a job's evidence, for 72 hours from `finished` (unix milliseconds). */
export const evidenceRow = (id: Digest, leaves: readonly Uint8Array[], finished: number): Row<'evidence'> => ({
  id,
  until: finished + EVIDENCE_LIFETIME,
  leaves: joinLeaves(leaves),
})

/** The leaves that open a receipt. Throws `evidence_unknown` where none are kept, or no longer. */
export async function readEvidence(ledger: Ledger, id: Digest): Promise<Uint8Array[]> {
  const row = await readOne(ledger, 'evidence', { id })
  if (!row) throw new HeddleError('evidence_unknown', id)
  return splitLeaves(row.leaves)
}

/** Forgets evidence that need not be kept any more. */
export const forgetEvidence = (ledger: Ledger, now: number): Promise<void> =>
  ledger.commit({ expire: 'evidence', before: now })
