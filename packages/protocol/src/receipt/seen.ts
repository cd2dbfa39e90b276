import { HeddleError } from '../errors/heddle-error.ts'
import type { Receipt } from './receipt.ts'

/** A claim on a channel, as whoever pays had seen it on the chain. */
export type KnownClaim = Readonly<{ block: number; totalClaimed: bigint }>

/**
 * Holds the block that a receipt names against a claim that whoever paid knew of before it asked. A receipt that charges
 * less than was claimed by then, all told, and names no block with that claim hides it: named, the claim would convict.
 * Throws `receipt_mismatch`, which says nothing of guilt: others may have claimed with the provider's keys, and its node
 * may be behind. It costs no honest provider anything, for so much has been claimed already; and one that claims only what
 * it has charged is never refused, for what it signs after a claim charges as much.
 *
 * @example
 * ```ts
 * // sketch
 * checkSeen(receipt, { block: 1_200, totalClaimed: 900n })
 * ```
 */
export function checkSeen({ charged, seen }: Receipt, known: KnownClaim | undefined): void {
  if (!known || BigInt(charged) >= known.totalClaimed || (seen && seen.block >= known.block)) return
  const [claim, names] = [`${known.totalClaimed} was claimed by block ${known.block}`, seen ? `${seen.block}` : 'none']
  throw new HeddleError('receipt_mismatch', `${claim}, it charges ${charged} and names ${names}`)
}
