import { type Endpoint, sendJson } from '@heddle/daemon'
import { type Digest, HeddleError, merklePath, toHex } from '@heddle/protocol'
import { findStored } from '../job/admit.ts'
import { readEvidence } from '../job/evidence.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './reader.ts'

/**
 * `GET /heddle/1/jobs/ID/evidence`: what opens a receipt, for whoever paid for it: all leaves, or with `?leaf=N` one and
 * the path that leads from it to the receipt.
 */
export const evidenceEndpoint = (parts: Parts): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/jobs/:id/evidence',
  async handle(call) {
    const id = call.params['id'] as Digest
    const stored = await findStored(parts, id)
    if (!stored) throw new HeddleError('job_unknown', id)
    await requireReader(parts, stored.receipt.receipt.channel, call.request)
    const leaves = await readEvidence(parts.ledger, id)
    const asked = call.query.get('leaf')
    if (asked === null) return sendJson(call.response, 200, { leaves: leaves.map(toHex) })
    const leaf = /^[0-9]{1,6}$/.test(asked) ? leaves[Number(asked)] : undefined
    if (!leaf) throw new HeddleError('bad_request', `leaf: there are ${leaves.length}, the first one is 0`)
    sendJson(call.response, 200, { leaf: toHex(leaf), path: merklePath(leaves, Number(asked)) })
  },
})
