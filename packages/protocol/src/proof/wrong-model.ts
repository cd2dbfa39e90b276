import type { Address } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { offerDigest, readOffer } from '../offer.ts'
import { verifyReceipt } from '../receipt/receipt.ts'
import { UNKNOWN_WORKLOAD } from './unknown.ts'
import { judge, type Verdict } from './verdict.ts'

/**
 * A receipt of another thing than the offer that it names serves. `knows` says of which kinds of work: what another kind calls by its digest is
 * its own affair. Throws what {@link verifyReceipt} throws,
 * `offer_invalid`, and `proof_malformed` for an offer that the receipt does not name.
 *
 * @example
 * ```ts
 * // sketch
 * wrongModel({ receipt, offer: signedOffer }, pinned, kind => kind === 'inference').verdict // 'honest'
 * ```
 */
export function wrongModel(
  { receipt: json, offer: given }: { receipt: unknown; offer: unknown },
  pinned: Address,
  knows: (workload: string) => boolean,
): Verdict<'wrong-model'> {
  const signed = verifyReceipt(json, pinned)
  // An offer that has run out since still says what was offered.
  const { offer } = readOffer(given, 0)
  const foreign = (detail: string): HeddleError => new HeddleError('proof_malformed', `offer: ${detail}`)
  if (offer.provider !== pinned) throw foreign('signed by another provider')
  if (offerDigest(offer) !== signed.receipt.offer) throw foreign('not the one that the receipt names')
  const say = judge('wrong-model', signed)
  if (!knows(signed.receipt.workload)) return say('inconclusive', UNKNOWN_WORKLOAD)
  const facts = { ran: signed.receipt.model, offered: offer.serves.digest }
  return facts.ran === facts.offered
    ? say('honest', 'the model of the offer', facts)
    : say('dishonest', 'another model than the offer serves', facts)
}
