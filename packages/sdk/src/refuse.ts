import type { Write } from '@heddle/ledger'
import type { Payer } from '@heddle/payments'
import { type HeddleError, type Hex, isHeddleError, type SignedReceipt } from '@heddle/protocol'

/** What a provider says of its work and cannot mean: nothing more is signed on its channel, and nothing that it says there is paid. */
const DISTRUSTED: ReadonlySet<string> = new Set(['receipt_malformed', 'receipt_mismatch', 'receipt_signer'])

export const isDistrusted = (error: unknown): error is HeddleError => isHeddleError(error) && DISTRUSTED.has(error.code)

/**
 * The same of receipts that were fetched. One whose signature does not hold may have been altered on its way, so it is fetched
 * again; one that is told so a second time is its provider's own word.
 */
export const isRefuted = (error: unknown): error is HeddleError =>
  isDistrusted(error) || isHeddleError(error, 'receipt_signature')

/**
 * Runs what a verified receipt must stand. One that does not is kept before anybody acts on it: its provider has signed
 * it, and it may prove fraud. Throws what `check` throws.
 */
export async function orRefuse(
  payer: Pick<Payer, 'refuse'>,
  channel: Hex,
  signed: SignedReceipt,
  check: () => void,
  more: () => readonly Write[] = () => [],
): Promise<void> {
  try {
    check()
  } catch (error) {
    if (isHeddleError(error, 'receipt_mismatch')) await payer.refuse(channel, signed, error.message, more())
    throw error
  }
}
