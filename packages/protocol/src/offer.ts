import { z } from 'zod'
import type { Hex } from './bytes.ts'
import { type Digest, digestOnce } from './digest.ts'
import { HeddleError } from './errors/heddle-error.ts'
import { addressSchema, amountSchema, digestSchema, recordOf, textSchema, workloadSchema } from './schemas.ts'
import type { Signer } from './signatures/signer.ts'
import { type Domain, recoverStatement, signStatement } from './statement.ts'

/** The version that offers, jobs and receipts carry. */
export const WIRE_VERSION = 'heddle/1'

/** Most things that an offer says its engine can do. */
export const MOST_FEATURES = 64
/** Most prices, and most limits, of an offer. With these bounds a contract reads the longest one within a transaction. */
export const MOST_TERMS = 16

const endpointSchema = textSchema(1, 256).refine(text => URL.canParse(text), 'not a URL')

export const offerSchema = z.strictObject({
  version: z.literal(WIRE_VERSION),
  /** The key that signs this provider's offers and receipts: the one to pin. */
  provider: addressSchema,
  chainId: z.int().positive(),
  settlement: addressSchema,
  asset: addressSchema,
  workload: workloadSchema,
  serves: z.strictObject({
    name: textSchema(1, 128),
    digest: digestSchema,
    quantization: textSchema(1, 32).optional(),
  }),
  engine: z.strictObject({ name: textSchema(0, 64), build: textSchema(0, 128) }),
  /** What the engine can do, in the words of the workload. */
  features: z.array(textSchema(1, 32)).max(MOST_FEATURES),
  /** Base units for one of each unit of the workload. */
  prices: recordOf(32, amountSchema, MOST_TERMS),
  limits: recordOf(32, z.int().nonnegative(), MOST_TERMS),
  /** E_max in base units: the most that a payer should leave unsettled above what it was charged. */
  exposure: amountSchema,
  receiver: addressSchema,
  receiverAuthorizer: addressSchema,
  withdrawDelay: z.int().min(900).max(2_592_000),
  minDeposit: amountSchema,
  endpoint: endpointSchema,
  /** Unix seconds. */
  expires: z.int().positive(),
})

/** What a provider signs about one workload and one served thing. */
export type Offer = Readonly<z.infer<typeof offerSchema>>

export const signedOfferSchema = z.strictObject({
  offer: offerSchema,
  signature: z.string().regex(/^0x[0-9a-f]{130}$/),
})
export type SignedOffer = { offer: Offer; signature: Hex }

export const offerDigest = (offer: Offer): Digest => digestOnce(offer)

export const domainOf = (offer: Pick<Offer, 'chainId' | 'settlement'>): Domain => ({
  chainId: offer.chainId,
  settlement: offer.settlement,
})

export function signOffer(offer: Offer, signer: Signer): SignedOffer {
  return { offer, signature: signStatement(domainOf(offer), 'offer', offerDigest(offer), signer) }
}

/**
 * Reads an offer from the wire. Throws `offer_invalid` when it is malformed or not signed by the provider it names,
 * `offer_expired` when its time is over.
 */
export function readOffer(json: unknown, now: number): SignedOffer {
  const parsed = signedOfferSchema.safeParse(json)
  if (!parsed.success) throw new HeddleError('offer_invalid', parsed.error.issues[0]?.message)
  const { offer, signature } = parsed.data as SignedOffer
  const signer = recoverStatement(domainOf(offer), 'offer', offerDigest(offer), signature)
  if (signer !== offer.provider) throw new HeddleError('offer_invalid', 'the offer is not signed by its provider')
  if (offer.expires * 1000 <= now) throw new HeddleError('offer_expired')
  return { offer, signature }
}
