import { type Ledger, type Row, readOne } from '@heddle/ledger'
import {
  type Address,
  type Hex,
  offerDigest,
  type Refused,
  readOffer,
  type SignedOffer,
  type SignedReceipt,
  verifyReceipt,
} from '@heddle/protocol'

/** A receipt that this consumer refused, as it tells whoever watches. Plain JSON. */
export type RefusedSeen = Refused & Readonly<{ provider: Address; channel: Hex }>

const MOST = 100

/**
 * Receipts that were refused, in the order of coming, after the first `after`; each with what it may contradict, as far
 * as it is known by now.
 */
export async function listRefused(ledger: Ledger, after: number): Promise<{ refused: RefusedSeen[]; next: number }> {
  const rows = await ledger.read('refused', { after: { by: 'stored', value: after }, limit: MOST })
  const refused = await Promise.all(rows.map(row => withOthers(ledger, row)))
  return { refused: refused.filter(one => one !== undefined), next: after + rows.length }
}

async function withOthers(ledger: Ledger, row: Row<'refused'>): Promise<RefusedSeen | undefined> {
  const paid = await readOne(ledger, 'channels', { id: row.channel })
  if (!paid) return undefined
  const receipt = JSON.parse(row.signed) as SignedReceipt
  const job = await readOne(ledger, 'jobs', { id: receipt.receipt.id })
  const offer = job && (JSON.parse(job.offer) as SignedOffer)
  const rival = await rivalOf(ledger, row)
  return {
    provider: paid.counterparty as Address,
    channel: row.channel as Hex,
    receipt,
    ...(offer && offerDigest(offer.offer) === receipt.receipt.offer ? { offer } : {}),
    ...(rival ? { rival } : {}),
  }
}

/**
 * The first receipt for the same place: the one that was taken, else the first that was refused. Only the second one has
 * a rival, so that two stories are told about once.
 */
async function rivalOf(
  ledger: Ledger,
  { channel, sequence, digest }: Row<'refused'>,
): Promise<SignedReceipt | undefined> {
  const place = Number(sequence)
  const taken = Number.isSafeInteger(place)
    ? await ledger.read('receipts', { where: { channel, sequence: place } })
    : []
  const refused = await ledger.read('refused', { where: { channel, sequence }, after: { by: 'stored', value: 0 } })
  const [first, second] = [...taken, ...refused]
  if (!first || !second || !('digest' in second) || second.digest !== digest) return undefined
  return JSON.parse(first.signed) as SignedReceipt
}

/** Reads what {@link listRefused} told over a wire; every part is held against the provider's key. Throws what is wrong. */
export function readRefused(json: unknown): RefusedSeen {
  const parts = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const provider = String(parts['provider']) as Address
  const receipt = verifyReceipt(parts['receipt'], provider)
  return {
    provider,
    channel: String(parts['channel']) as Hex,
    receipt,
    ...(parts['offer'] === undefined ? {} : { offer: readOffer(parts['offer'], 0) }),
    ...(parts['rival'] === undefined ? {} : { rival: verifyReceipt(parts['rival'], provider) }),
  }
}
