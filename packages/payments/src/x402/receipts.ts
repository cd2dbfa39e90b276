import { fromHex, type Hex, type SignedReceipt, type Signer } from '@heddle/protocol'
import type { PaymentRequired, SettleResponse } from '@x402/core/types'
import {
  createEIP712OfferReceiptIssuer,
  createOfferReceiptExtension,
  declareOfferReceiptExtension,
  OFFER_RECEIPT,
} from '@x402/extensions/offer-receipt'
import { hashTypedData } from 'viem'

type Extension = ReturnType<typeof createOfferReceiptExtension>
type TypedData = Parameters<typeof hashTypedData>[0]

/** What the extension adds: signed with the provider's receipt key, the one that signs its Heddle receipts. */
export type Receipts = {
  offers(required: PaymentRequired): Promise<PaymentRequired>
  /** `receipt` stands beside x402's own: it adds usage, charge and the digest of the model. */
  receipt(response: SettleResponse, resource: string, receipt: SignedReceipt): Promise<SettleResponse>
}

/** x402's offer-and-receipt extension, by x402's own code, under this provider's key. */
export function receiptsBy(signer: Signer, chainId: number): Receipts {
  const kid = `did:pkh:eip155:${chainId}:${signer.address}`
  const issuer = createEIP712OfferReceiptIssuer(kid, async data =>
    signer.sign(fromHex(hashTypedData(data as unknown as TypedData) as Hex)),
  )
  const extension = createOfferReceiptExtension(issuer)
  const declared = declareOfferReceiptExtension({ includeTxHash: true })[OFFER_RECEIPT]
  return {
    async offers(required) {
      const context = { requirements: required.accepts, paymentRequiredResponse: required }
      const info = await extension.enrichPaymentRequiredResponse?.(declared, context as unknown as OffersContext)
      return info ? { ...required, extensions: { ...required.extensions, [OFFER_RECEIPT]: info } } : required
    },
    async receipt(response, resource, receipt) {
      const transportContext = { request: { adapter: { getUrl: () => resource } } }
      const made = (await extension.enrichSettlementResponse?.(declared, {
        result: response,
        transportContext,
      } as unknown as ReceiptContext)) as { info: object; schema: object } | undefined
      const info = { ...made?.info, heddle: receipt }
      return { ...response, extensions: { ...response.extensions, [OFFER_RECEIPT]: { ...made, info } } }
    },
  }
}

type OffersContext = Parameters<NonNullable<Extension['enrichPaymentRequiredResponse']>>[1]
type ReceiptContext = Parameters<NonNullable<Extension['enrichSettlementResponse']>>[1]

/** The Heddle receipt in a payment response, as it arrived; verify it with `verifyReceipt` and the pinned key. */
export function receiptIn(response: SettleResponse): unknown {
  const extension = response.extensions?.[OFFER_RECEIPT] as { info?: { heddle?: unknown } } | undefined
  return extension?.info?.heddle
}
