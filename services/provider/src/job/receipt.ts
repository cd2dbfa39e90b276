import { put, type Row } from '@heddle/ledger'
import type { Reservation } from '@heddle/payments'
import {
  canonical,
  type Digest,
  digestOf,
  type Finish,
  type Offer,
  offerDigest,
  type Receipt,
  requestDigest,
  type SignedJob,
  type SignedReceipt,
  seedOf,
  signReceipts,
  type Usage,
  usageToJson,
  WIRE_VERSION,
} from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/** A job that has ended with something delivered. Times in unix milliseconds. */
export type Ended = {
  id: Digest
  signed: SignedJob
  offer: Offer
  used: Usage
  charge: bigint
  output: Uint8Array
  digest: Digest
  finish: Finish
  started: number
}

const nothing = digestOf(new Uint8Array(0))

/** Signs the receipt of a job; charge, receipt and result become durable in one commit before it is given. */
export async function settleJob(parts: Parts, reservation: Reservation, ended: Ended): Promise<SignedReceipt> {
  const { id, signed, offer, output } = ended
  const finished = parts.clock.now()
  let receipt: SignedReceipt | undefined
  await parts.receiver.settle(reservation, ended.charge, ({ sequence, charged }) => {
    const request = requestDigest(signed.job.spec)
    const body: Receipt = {
      version: WIRE_VERSION,
      id,
      provider: parts.signer.address,
      chainId: offer.chainId,
      settlement: offer.settlement,
      channel: signed.job.channel,
      sequence: sequence.toString(),
      offer: offerDigest(offer),
      workload: offer.workload,
      model: offer.serves.digest,
      engine: offer.engine,
      request,
      nonce: signed.job.nonce,
      seed: seedOf(request, signed.job.nonce),
      input: nothing,
      output: ended.digest,
      outputBytes: output.length.toString(),
      usage: usageToJson(ended.used),
      charge: ended.charge.toString(),
      charged: charged.toString(),
      finish: ended.finish,
      started: ended.started,
      finished,
      evidence: null,
    }
    const made = signReceipts([body], parts.signer)[0]!
    receipt = made
    const row: Row<'receipts'> = {
      id,
      channel: body.channel,
      sequence,
      charge: ended.charge,
      apiKey: null,
      signed: canonical(made),
    }
    return [put('receipts', row), put('jobs', jobRow({ ...ended, state: 'done', now: finished }))]
  })
  return receipt!
}

/** A job as the ledger keeps it: its durable mark while it runs, its result afterwards. */
export function jobRow(
  job: Pick<Ended, 'id' | 'signed' | 'offer' | 'used' | 'output' | 'started'> & {
    state: 'running' | 'done'
    now: number
  },
): Row<'jobs'> {
  return {
    id: job.id,
    channel: job.signed.job.channel,
    apiKey: null,
    state: job.state,
    request: canonical(job.signed),
    offer: canonical(job.offer),
    used: canonical(usageToJson(job.used)),
    output: job.output,
    started: job.started,
    updated: job.now,
  }
}
