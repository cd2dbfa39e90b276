import { put, type Row } from '@heddle/ledger'
import type { Receiver, Reservation, Settling } from '@heddle/payments'
import {
  type Address,
  type Clock,
  canonical,
  canonicalOnce,
  type Digest,
  digestOf,
  evidenceRoot,
  type Finish,
  type Hex,
  type Offer,
  offerDigest,
  type Receipt,
  requestDigest,
  type SignedJob,
  type SignedReceipt,
  type Signer,
  seedOf,
  signedJobText,
  signReceipts,
  type Usage,
  usageToJson,
  WIRE_VERSION,
} from '@heddle/protocol'
import { evidenceRow } from './evidence.ts'

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
  /** The leaves that open the receipt. */
  evidence?: readonly Uint8Array[]
}

const nothing = digestOf(new Uint8Array(0))

/**
 * What a receipt may name as the block that its provider had seen: the newest one by whose end no more than `charged` was
 * claimed on a channel, or null.
 */
export type SeenOnChain = (channel: Hex, charged: bigint) => Receipt['seen']

type Waiting = Settling & { ended: Ended; resolve(receipt: SignedReceipt): void; reject(error: unknown): void }

/** Receipts that one signature covers at most. */
const MOST = 64

/**
 * Ends jobs: charge, receipt and result become durable in one commit before the receipt is given. What ends while the
 * last commit is on its way to disk is signed and committed together, so a busy provider signs once for many, and a lone
 * job waits for nobody.
 */
export class Settler {
  readonly #receiver: Pick<Receiver, 'settleAll'>
  readonly #signer: Signer
  readonly #clock: Clock
  readonly #seen: SeenOnChain
  #waiting: Waiting[] = []
  #committing = false
  #signatures = 0

  constructor(options: {
    receiver: Pick<Receiver, 'settleAll'>
    signer: Signer
    clock: Clock
    seen: SeenOnChain
  }) {
    this.#receiver = options.receiver
    this.#signer = options.signer
    this.#clock = options.clock
    this.#seen = options.seen
  }

  settle(reservation: Reservation, ended: Ended): Promise<SignedReceipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ reservation, charge: ended.charge, ended, resolve, reject })
      if (!this.#committing) void this.#drain()
    })
  }

  /** Signatures made so far. */
  signatures(): number {
    return this.#signatures
  }

  async #drain(): Promise<void> {
    this.#committing = true
    // What ends in the same turn goes together from the start.
    await Promise.resolve()
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, MOST))
    this.#committing = false
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const receipts = new Map<Digest, SignedReceipt>()
    try {
      const finished = this.#clock.now()
      const refused = await this.#receiver.settleAll(batch, placed => {
        this.#signatures += 1
        const bodies = placed.map(one => {
          const seen = this.#seen(one.ended.signed.job.channel, one.charged)
          return receiptOf(one.ended, { ...one, seen, provider: this.#signer.address, finished })
        })
        for (const signed of signReceipts(bodies, this.#signer)) receipts.set(signed.receipt.id, signed)
        return placed.flatMap(({ ended }) => {
          const signed = receipts.get(ended.id)!
          return [
            put('receipts', receiptRow(signed)),
            put('jobs', jobRow({ ...ended, state: 'done', now: finished })),
            ...(ended.evidence ? [put('evidence', evidenceRow(ended.id, ended.evidence, finished))] : []),
          ]
        })
      })
      for (const [i, { ended, resolve, reject }] of batch.entries()) {
        if (refused[i]) reject(refused[i])
        else resolve(receipts.get(ended.id)!)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}

/** Names in the order of RFC 8785, so that its canonical form is written without sorting. */
const receiptOf = (
  { id, signed, offer, output, digest, finish, started, used, charge, evidence }: Ended,
  {
    sequence,
    charged,
    seen,
    provider,
    finished,
  }: { sequence: number; charged: bigint; seen: Receipt['seen']; provider: Address; finished: number },
): Receipt => {
  const request = requestDigest(signed.job.spec)
  return {
    chainId: offer.chainId,
    channel: signed.job.channel,
    charge: charge.toString(),
    charged: charged.toString(),
    engine: { build: offer.engine.build, name: offer.engine.name },
    evidence: evidence ? evidenceRoot(evidence) : null,
    finish,
    finished,
    id,
    input: nothing,
    model: offer.serves.digest,
    nonce: signed.job.nonce,
    offer: offerDigest(offer),
    output: digest,
    outputBytes: output.length.toString(),
    provider,
    request,
    seed: seedOf(request, signed.job.nonce),
    seen,
    sequence: sequence.toString(),
    settlement: offer.settlement,
    started,
    usage: usageToJson(used),
    version: WIRE_VERSION,
    workload: offer.workload,
  }
}

const receiptRow = (signed: SignedReceipt): Row<'receipts'> => ({
  id: signed.receipt.id,
  channel: signed.receipt.channel,
  sequence: Number(signed.receipt.sequence),
  charge: BigInt(signed.receipt.charge),
  apiKey: null,
  signed: canonicalOnce(signed),
})

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
    request: signedJobText(job.signed),
    offer: canonicalOnce(job.offer),
    used: canonical(usageToJson(job.used)),
    output: job.output,
    started: job.started,
    updated: job.now,
  }
}
