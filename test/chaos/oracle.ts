import type { Snapshot } from '@heddle/ledger'
import type { Reconciliation } from '@heddle/payments'
import type { SignedOffer, SignedReceipt } from '@heddle/protocol'
import { deliveredBytes, digestOfFirst, type Wire } from './wire.ts'

export type Verdict = {
  problems: string[]
  unpaidTokensBound: bigint
  unpaid: bigint
  jobs: number
  receipts: number
  interrupted: number
}

/** What may be lost at most, in base units. */
export type Bounds = { unpaid: bigint }

/**
 * Holds the ledgers against what crossed the wire. Nothing here is read from a ledger to judge that same ledger: the
 * wire says what was signed, delivered and receipted.
 */
export function judge(
  wire: Wire,
  answers: readonly { receipt: string }[],
  gateway: Snapshot,
  providers: readonly Snapshot[],
  reconciliation: Reconciliation,
  bounds: Bounds,
): Verdict {
  const problems: string[] = []
  const must = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem)
  }
  const paid = new Map(providers.flatMap(ledger => ledger.channels.map(row => [row.id, row] as const)))
  const paying = new Map(gateway.channels.map(row => [row.id, row]))
  const theirs = new Map(providers.flatMap(ledger => ledger.receipts.map(row => [row.id, row] as const)))
  const ours = new Map(gateway.receipts.map(row => [row.id, row]))

  for (const [channel, ceiling] of wire.actedOn) {
    must((paid.get(channel)?.ceiling ?? 0n) >= ceiling, `${channel}: a voucher of ${ceiling} was acted on and is lost`)
  }
  for (const [channel, ceiling] of wire.signed) {
    must((paying.get(channel)?.ceiling ?? 0n) >= ceiling, `${channel}: the payer forgot that it signed ${ceiling}`)
    const charged = paid.get(channel)?.charged ?? 0n
    must(charged <= ceiling, `${channel}: charged ${charged}, signed ${ceiling}`)
  }

  let unpaid = 0n
  let receipts = 0
  let interrupted = 0
  for (const job of wire.jobs.values()) {
    const kept = theirs.get(job.id)
    if (job.receipt) {
      receipts += 1
      must(kept !== undefined, `${job.id}: the provider gave a receipt and has none`)
    }
    if (!kept) {
      unpaid += costOf(gateway, job.id, deliveredBytes(job).length)
      continue
    }
    const { receipt } = JSON.parse(kept.signed) as SignedReceipt
    if (receipt.finish === 'interrupted') interrupted += 1
    must(ours.has(job.id), `${job.id}: charged, and the payer has no receipt`)
    const bytes = Number(receipt.outputBytes)
    const delivered = deliveredBytes(job).length
    if (delivered >= bytes) must(digestOfFirst(job, bytes) === receipt.output, `${job.id}: charged for another output`)
    else must(!job.receipt, `${job.id}: charged for ${bytes} bytes, delivered ${delivered}`)
    if (delivered > bytes) unpaid += costOf(gateway, job.id, delivered - bytes)
  }
  for (const answer of answers) must(ours.has(answer.receipt), `${answer.receipt}: answered to the client and not kept`)
  must(unpaid <= bounds.unpaid, `unpaid work of ${unpaid}, stated at most ${bounds.unpaid}`)
  must(reconciliation.running === 0, `${reconciliation.running} jobs neither settled nor let go`)
  const { keyless } = reconciliation
  must(keyless.receipts === 0, `${keyless.receipts} receipts of ${keyless.charge} are charged to no key`)
  for (const one of reconciliation.findings) problems.push(`${one.ledger}.${one.table} ${one.row}: ${one.problem}`)
  return { problems, unpaidTokensBound: bounds.unpaid, unpaid, jobs: wire.jobs.size, receipts, interrupted }
}

/** An upper bound for what some delivered bytes cost: a token is at least one byte. */
function costOf(gateway: Snapshot, id: string, bytes: number): bigint {
  const row = gateway.jobs.find(job => job.id === id)
  const offer = row && (JSON.parse(row.offer) as SignedOffer).offer
  return offer ? BigInt(offer.prices['completion'] ?? '0') * BigInt(bytes) : 0n
}
