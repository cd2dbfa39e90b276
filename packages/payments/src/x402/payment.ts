import {
  type Channel,
  canonical,
  channelSchema,
  type Deposit,
  depositSchema,
  digestSchema,
  HeddleError,
  type Hex,
  recordOf,
  signatureSchema,
  type Voucher,
  voucherSchema,
} from '@heddle/protocol'
import { decodePaymentSignatureHeader } from '@x402/core/http'
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import { z } from 'zod'
import { type Authorization, authorizationSchema } from './transfer.ts'

/** A request's payment as its PAYMENT-SIGNATURE header says it; nothing of it is verified yet. */
export type Payment = { accepted: PaymentRequirements; offer: Hex; payload: PaymentPayload } & (
  | { scheme: 'batch-settlement'; channel: Channel; voucher: Voucher; deposit?: Deposit }
  | { scheme: 'exact'; authorization: Authorization; signature: Hex }
)

/** Clients write addresses with upper case in them, Heddle does not. */
const lower = (schema: z.ZodType) =>
  z.preprocess(value => (typeof value === 'string' ? value.toLowerCase() : value), schema)
const lowerFields = <T extends z.ZodRawShape>(shape: T): T =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, lower(schema as z.ZodType)])) as unknown as T

const envelope = z.object({
  x402Version: z.literal(2),
  accepted: z.strictObject({
    scheme: z.enum(['batch-settlement', 'exact']),
    network: z.string().regex(/^eip155:[0-9]+$/),
    asset: z.string(),
    amount: z.string(),
    payTo: z.string(),
    maxTimeoutSeconds: z.number(),
    extra: recordOf(64, z.unknown()),
  }),
  payload: recordOf(64, z.unknown()),
})

const config = z.strictObject(lowerFields(channelSchema.shape))
const voucher = z.strictObject({
  channelId: lower(digestSchema),
  maxClaimableAmount: voucherSchema.shape.ceiling,
  signature: lower(signatureSchema),
})
const batch = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('voucher'), channelConfig: config, voucher }),
  z.strictObject({
    type: z.literal('deposit'),
    channelConfig: config,
    voucher,
    deposit: z.strictObject({
      amount: depositSchema.shape.amount,
      authorization: z.strictObject({
        erc3009Authorization: z.strictObject({
          validAfter: z.literal('0'),
          validBefore: z.string().regex(/^[1-9][0-9]{0,11}$/),
          salt: lower(digestSchema),
          signature: lower(signatureSchema),
        }),
      }),
    }),
  }),
])
const exact = z.strictObject({
  authorization: z.strictObject(lowerFields(authorizationSchema.shape)),
  signature: lower(signatureSchema),
})

/**
 * Reads a PAYMENT-SIGNATURE header of x402 version 2: a `batch-settlement` voucher, with an ERC-3009 deposit where it
 * needs one, or an `exact` ERC-3009 authorization. Throws `payment_refused` for everything else.
 */
export function readPayment(header: string): Payment {
  const payload = read(envelope, decode(header)) as PaymentPayload
  const { accepted } = payload
  const offer = digestSchema.safeParse(accepted.extra['offer'])
  if (!offer.success) throw refused('accepted.extra.offer: not an offer of this provider')
  const common = { accepted, offer: offer.data, payload }
  if (accepted.scheme === 'exact') {
    const { authorization, signature } = read(exact, payload.payload)
    return {
      ...common,
      scheme: 'exact',
      authorization: authorization as Authorization,
      signature: signature as Hex,
    }
  }
  const paid = read(batch, payload.payload)
  const channel = paid.channelConfig as Channel
  return {
    ...common,
    scheme: 'batch-settlement',
    channel,
    voucher: {
      channel: paid.voucher.channelId as Hex,
      ceiling: paid.voucher.maxClaimableAmount,
      signature: paid.voucher.signature as Hex,
    },
    ...(paid.type === 'deposit' ? { deposit: depositOf(channel, paid.deposit) } : {}),
  }
}

function depositOf(channel: Channel, deposit: Extract<z.infer<typeof batch>, { type: 'deposit' }>['deposit']): Deposit {
  const { salt, signature, validBefore } = deposit.authorization.erc3009Authorization
  return {
    payer: channel.payer,
    amount: deposit.amount,
    validBefore: Number(validBefore),
    salt: salt as Hex,
    signature: signature as Hex,
  }
}

/** True when a client accepted exactly these terms; the state of its channel may stand beside them. */
export function accepts(terms: PaymentRequirements, accepted: PaymentRequirements): boolean {
  const { channelState: _, voucherState: __, ...extra } = accepted.extra
  return canonical({ ...accepted, extra }) === canonical(terms)
}

const refused = (detail: string): HeddleError => new HeddleError('payment_refused', detail)

function decode(header: string): unknown {
  try {
    return decodePaymentSignatureHeader(header)
  } catch (cause) {
    throw new HeddleError('payment_refused', 'PAYMENT-SIGNATURE is not base64 of JSON', { cause })
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw refused(`${issue.path.join('.') || 'payment'}: ${issue.message}`)
}
