import { type Ledger, type Row, readOne } from '@heddle/ledger'
import type { Hex, SignedReceipt } from '@heddle/protocol'

/** A claim on a channel that this side pays, as the chain was followed, between the receipts that lie around it. */
export type ChannelClaim = {
  channel: Hex
  /** The provider's key. */
  provider: Hex
  block: number
  transaction: Hex
  /** Everything claimed on the channel by then. */
  total: bigint
  /** The last receipt that charged less. */
  below?: SignedReceipt
  /** The first one that charged as much. */
  reached?: SignedReceipt
}

const MOST = 100

/**
 * Claims on this payer's channels after a block, in order: at most a hundred, but always all of a block. `next` is the
 * block to go on after.
 */
export async function readClaims(
  ledger: Ledger,
  options: { after: number; channel?: Hex },
): Promise<{ claims: ChannelClaim[]; next: number }> {
  const { after, channel } = options
  const where = { name: 'Claimed', ...(channel ? { subject: channel } : {}) }
  let rows = await ledger.read('events', { where, after: { by: 'block', value: after }, limit: MOST })
  const last = rows.at(-1)
  if (!last) return { claims: [], next: after }
  if (rows.length === MOST) {
    // Others of the last block may have been cut off.
    const others = await ledger.read('events', { where: { ...where, block: last.block } })
    rows = [...rows.filter(({ block }) => block !== last.block), ...others]
  }
  const channels = new Map((await ledger.read('channels', { where: { side: 'paying' } })).map(row => [row.id, row]))
  const claims: ChannelClaim[] = []
  for (const row of rows) {
    const paid = channels.get(row.subject)
    if (paid) claims.push(await around(ledger, row, paid))
  }
  return { claims, next: last.block }
}

/** Charges only grow along a channel, so the receipts around an amount are found by halving. */
async function around(ledger: Ledger, event: Row<'events'>, paid: Row<'channels'>): Promise<ChannelClaim> {
  const at = async (sequence: number): Promise<SignedReceipt | undefined> => {
    const row = await readOne(ledger, 'receipts', { channel: paid.id, sequence })
    return row && (JSON.parse(row.signed) as SignedReceipt)
  }
  let [low, high] = [0, paid.sequence + 1]
  let [below, reached]: (SignedReceipt | undefined)[] = []
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    const signed = await at(middle)
    if (signed && BigInt(signed.receipt.charged) < event.total) [low, below] = [middle, signed]
    else [high, reached] = [middle, signed]
  }
  return {
    channel: paid.id as Hex,
    provider: paid.counterparty as Hex,
    block: event.block,
    transaction: event.transaction as Hex,
    total: event.total,
    ...(below ? { below } : {}),
    ...(reached ? { reached } : {}),
  }
}
