import { HeddleError, type SignedOffer } from '@heddle/protocol'
import { readJson, USUAL_ANSWERS } from './answers.ts'
import { OfferReader } from './offer-reader.ts'

/** Milliseconds that a provider may take to say what it offers. */
const PATIENCE = 5_000

/**
 * What a provider offers to anybody, as it tells everyone who asks over HTTP: well signed, and not expired at `now` (unix
 * milliseconds). Throws `provider_unreachable`, `offer_invalid`.
 */
export async function publicOffers(endpoint: string, now: number): Promise<SignedOffer[]> {
  const response = await fetch(new URL('/heddle/1/offers', endpoint), { signal: AbortSignal.timeout(PATIENCE) }).catch(
    cause => {
      throw new HeddleError('provider_unreachable', (cause as Error).message, { cause })
    },
  )
  if (!response.ok || !response.body) throw new HeddleError('provider_unreachable', `status ${response.status}`)
  const answer = (await readJson(response.body, USUAL_ANSWERS.bytes)) as { offers?: unknown } | null
  return new OfferReader(USUAL_ANSWERS.offers).read(answer?.offers, now)
}
