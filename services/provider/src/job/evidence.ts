import { joinLeaves, type Ledger, type Row, readOne, splitLeaves } from '@heddle/ledger'
import { type Digest, EVIDENCE_LIFETIME, HeddleError } from '@heddle/protocol'

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
