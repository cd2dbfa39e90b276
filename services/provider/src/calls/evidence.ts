import { type Address, type Digest, HeddleError, merklePath, toHex } from '@heddle/protocol'
import { findStored } from '../job/admit.ts'
import { readEvidence } from '../job/evidence.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './asker.ts'

/** What opens a receipt, for whoever paid for it: all leaves, or `leaf` of them and the path from it to the receipt. */
export async function evidenceOf(parts: Parts, id: Digest, leaf: number | undefined, asker: Address) {
  const stored = await findStored(parts, id)
  if (!stored) throw new HeddleError('job_unknown', id)
  await requireReader(parts, stored.receipt.receipt.channel, asker)
  const leaves = await readEvidence(parts.ledger, id)
  if (leaf === undefined) return { leaves: leaves.map(toHex) }
  const one = leaves[leaf]
  if (!one) throw new HeddleError('bad_request', `leaf: there are ${leaves.length}, the first one is 0`)
  return { leaf: toHex(one), path: merklePath(leaves, leaf) }
}
