import { type Ledger, readOne } from '@heddle/ledger'
import {
  type Address,
  type Answered,
  askedAt,
  type Clock,
  EVIDENCE_LIFETIME,
  evidenceRoot,
  HeddleError,
  type Hex,
  isHeddleError,
  type Prover,
  type SignedJob,
  type SignedOffer,
  verifyReceipt,
} from '@heddle/protocol'
import type { Book } from './book.ts'
import { mostEvidence } from './evidence-leaves.ts'

/** What a consumer opens its receipts with. */
export type Opening = {
  ledger: Ledger
  book: Pick<Book, 'standings'>
  /** Who knows how much can open a receipt. */
  prover: Pick<Prover, 'mostLeaves'>
  clock: Clock
}

/** A receipt that was opened, as far as its provider let it. */
export type Opened = {
  /** Without leaves where the receipt names none, or where there is a `problem`. */
  answered: Answered
  /** The key that was pinned, and that signed. */
  provider: Address
  /** Why there are no leaves: `evidence_unknown`, `evidence_withheld`, `evidence_path`. Says nothing of guilt. */
  problem?: HeddleError
}

/**
 * All that a check needs of an answer that was paid for: receipt, job, offer and output from this consumer's own ledger, the
 * leaves from the provider, held against what the receipt names. What the provider does not open is no error here but
 * the `problem`. Throws `not_found` for a receipt that this ledger does not hold whole.
 *
 * @example
 * ```ts
 * // sketch
 * const { answered, problem } = await openAnswer({ ledger, book, prover, clock }, id)
 * ```
 */
export async function openAnswer(opening: Opening, id: Hex): Promise<Opened> {
  const { ledger } = opening
  const row = await readOne(ledger, 'receipts', { id })
  const stored = row && (await readOne(ledger, 'jobs', { id }))
  const channel = row && (await readOne(ledger, 'channels', { id: row.channel }))
  if (!row || !stored || !channel) throw new HeddleError('not_found', `no receipt ${id.slice(0, 80)}`)
  const provider = channel.counterparty as Address
  const receipt = verifyReceipt(JSON.parse(row.signed), provider)
  const { job } = JSON.parse(stored.request) as SignedJob
  const answered: Answered = {
    receipt,
    job,
    output: stored.output.subarray(0, Number(receipt.receipt.outputBytes)),
    offer: JSON.parse(stored.offer) as SignedOffer,
  }
  if (receipt.receipt.evidence === null) return { answered, provider }
  try {
    return { answered: { ...answered, leaves: await fetchLeaves(opening, answered, provider) }, provider }
  } catch (error) {
    if (!isHeddleError(error)) throw error
    return { answered, provider, problem: error }
  }
}

async function fetchLeaves(
  { book, prover, clock }: Opening,
  { receipt: { receipt }, job }: Answered,
  provider: Address,
): Promise<Uint8Array[]> {
  const standing = book.standings().find(one => one.pinned === provider)
  if (!standing) throw new HeddleError('evidence_withheld', 'its provider is not known here any more')
  try {
    const leaves = await standing.client.evidence(receipt.id, mostEvidence(prover.mostLeaves(receipt)))
    if (evidenceRoot(leaves) !== receipt.evidence) throw new HeddleError('evidence_path', "leaves of another receipt's")
    return leaves
  } catch (error) {
    // Time as this side measured it: a provider that signs a time long past need not have let its evidence go.
    const keeps = clock.now() < askedAt(job) + EVIDENCE_LIFETIME
    if (keeps && isHeddleError(error, 'evidence_unknown')) {
      throw new HeddleError('evidence_withheld', 'its provider says that it keeps none, and has to')
    }
    throw error
  }
}
