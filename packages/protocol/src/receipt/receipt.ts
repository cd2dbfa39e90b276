import { z } from 'zod'
import type { Address, Hex } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { type MerklePath, merklePathSchema, merkleTree } from '../merkle.ts'
import { WIRE_VERSION } from '../offer.ts'
import {
  addressSchema,
  amountSchema,
  countSchema,
  digestSchema,
  recordOf,
  signatureSchema,
  textSchema,
  workloadSchema,
} from '../schemas.ts'
import type { Signer } from '../signatures/signer.ts'
import { signStatement } from '../statement.ts'
import { checkSignature, headOf, leafOf } from './signature.ts'

/** Most units that usage is counted in: whoever judges a receipt reads them all, on a chain too. */
export const MOST_UNITS = 16

/** Names in the order of RFC 8785: what is read is in canonical order already. */
export const receiptSchema = z.strictObject({
  chainId: z.int().positive(),
  channel: digestSchema,
  charge: amountSchema,
  /** Everything charged on the channel so far, this receipt included. */
  charged: amountSchema,
  engine: z.strictObject({ build: textSchema(0, 128), name: textSchema(0, 64) }),
  /** Merkle root of what opens this receipt's commitments; null where nothing is kept. */
  evidence: digestSchema.nullable(),
  finish: z.enum(['stop', 'length', 'interrupted']),
  /** Unix milliseconds, by the provider's clock. */
  finished: z.int().positive(),
  /** The job's id: the digest of the signed job request, and with it of the nonce, the limit and the channel. */
  id: digestSchema,
  /** Digest of the bytes that went in beside the request. */
  input: digestSchema,
  /** What was run: the digest of the model's bytes. */
  model: digestSchema,
  nonce: digestSchema,
  offer: digestSchema,
  /** Digest of the bytes that came out. */
  output: digestSchema,
  outputBytes: countSchema,
  provider: addressSchema,
  request: digestSchema,
  seed: digestSchema,
  /**
   * The newest block that the provider had seen when it signed and by whose end no more was claimed on the channel than
   * `charged`: this orders receipts and claims by the provider's own signature, and compares no clocks. Null where it
   * knows of none.
   */
  seen: z.strictObject({ block: z.int().nonnegative(), hash: digestSchema }).nullable(),
  /** Counts the receipts of a channel from 1, without a gap. */
  sequence: countSchema,
  settlement: addressSchema,
  started: z.int().positive(),
  usage: recordOf(32, countSchema, MOST_UNITS),
  version: z.literal(WIRE_VERSION),
  workload: workloadSchema,
})

/** What a provider says of one answer: what was asked, run, produced and charged. */
export type Receipt = Readonly<z.infer<typeof receiptSchema>>

export const signedReceiptSchema = z.strictObject({
  path: merklePathSchema,
  receipt: receiptSchema,
  signature: signatureSchema,
})
export type SignedReceipt = Readonly<{ path: MerklePath; receipt: Receipt; signature: Hex }>

/** Signs a batch of receipts of one settlement contract with one signature. */
export function signReceipts(receipts: readonly Receipt[], signer: Signer): SignedReceipt[] {
  const first = receipts[0]
  if (!first) return []
  const { root, paths } = merkleTree(receipts.map(leafOf))
  const signature = signStatement(first, 'receipts', headOf(root, receipts.length), signer)
  return receipts.map((receipt, i) => ({ path: paths[i]!, receipt, signature }))
}

/**
 * Verifies a receipt from its bytes and the provider's pinned key alone; needs no network. Throws `receipt_malformed`,
 * `receipt_signature`, or `receipt_signer` when another key than the pinned one signed.
 */
export function verifyReceipt(json: unknown, pinned: Address): SignedReceipt {
  const parsed = signedReceiptSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new HeddleError('receipt_malformed', issue && `${issue.path.join('.')}: ${issue.message}`)
  }
  return checkSignature(parsed.data as SignedReceipt, pinned)
}
