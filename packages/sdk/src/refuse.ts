import type { Write } from '@heddle/ledger'
import type { Payer } from '@heddle/payments'
import { type HeddleError, type Hex, isHeddleError, type SignedReceipt } from '@heddle/protocol'

/** What a provider says of its work and cannot mean: nothing more is signed on its channel, and nothing that it says there is paid. */
const DISTRUSTED: ReadonlySet<string> = new Set(['receipt_malformed', 'receipt_mismatch', 'receipt_signer'])

export const isDistrusted = (error: unknown): error is HeddleError => isHeddleError(error) && DISTRUSTED.has(error.code)

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
