import { z } from 'zod'
import { type Address, type Hex, utf8 } from '../bytes.ts'
import { canonical } from '../canonical.ts'
import { type Digest, digestOfJson } from '../digest.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { WIRE_VERSION } from '../offer.ts'
import { addressSchema, amountSchema, countSchema, digestSchema, recordOf, signatureSchema } from '../schemas.ts'
import type { Signer } from '../signatures/signer.ts'
import { recoverStatement, signStatement } from '../statement.ts'
import { merklePath, merkleRoot, rootFromPath } from './merkle.ts'

export const receiptSchema = z.strictObject({
  version: z.literal(WIRE_VERSION),
  /** The job's id: the digest of the signed job request, and with it of the nonce, the limit and the channel. */
  id: digestSchema,
  provider: addressSchema,
  chainId: z.int().positive(),
  settlement: addressSchema,
  channel: digestSchema,
  /** Counts the receipts of a channel from 1, without a gap. */
  sequence: countSchema,
  offer: digestSchema,
  workload: z.string().min(1).max(32),
  /** What was run: the digest of the model's bytes, and the engine. */
  model: digestSchema,
  engine: z.strictObject({ name: z.string().max(64), build: z.string().max(128) }),
  request: digestSchema,
  nonce: digestSchema,
  seed: digestSchema,
  /** Digests of the bytes that went in beside the request, and of those that came out. */
  input: digestSchema,
  output: digestSchema,
  outputBytes: countSchema,
  usage: recordOf(32, countSchema),
  charge: amountSchema,
  /** Everything charged on the channel so far, this receipt included. */
  charged: amountSchema,
  finish: z.enum(['stop', 'length', 'interrupted']),
  /** Unix milliseconds, by the provider's clock. */
  started: z.int().positive(),
  finished: z.int().positive(),
  /** Merkle root of what opens this receipt's commitments; null where nothing is kept. */
  evidence: digestSchema.nullable(),
})

/** What a provider says of one answer: what was asked, run, produced and charged. */
export type Receipt = Readonly<z.infer<typeof receiptSchema>>

export const signedReceiptSchema = z.strictObject({
  receipt: receiptSchema,
  path: z.strictObject({
    index: z.int().nonnegative(),
    size: z.int().positive(),
    siblings: z.array(digestSchema).max(40),
  }),
  signature: signatureSchema,
})
export type SignedReceipt = Readonly<{
  receipt: Receipt
  path: { index: number; size: number; siblings: Hex[] }
  signature: Hex
}>

const leafOf = (receipt: Receipt): Uint8Array => utf8(canonical(receipt))

/** What a signature covers: the root, and of a batch its size too, so that no path has a second form. */
const headOf = (root: Digest, size: number): Digest => (size === 1 ? root : digestOfJson({ root, size }))

/** Signs a batch of receipts of one settlement contract with one signature. */
export function signReceipts(receipts: readonly Receipt[], signer: Signer): SignedReceipt[] {
  const first = receipts[0]
  if (!first) return []
  const leaves = receipts.map(leafOf)
  const head = headOf(merkleRoot(leaves), leaves.length)
  const signature = signStatement(first, 'receipts', head, signer)
  return receipts.map((receipt, index) => {
    const path = merklePath(leaves, index)
    return { receipt, path: { ...path, siblings: [...path.siblings] }, signature }
  })
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
  const signed = parsed.data as SignedReceipt
  const root = rootFromPath(leafOf(signed.receipt), signed.path)
  const signer = root && recoverStatement(signed.receipt, 'receipts', headOf(root, signed.path.size), signed.signature)
  if (!signer) throw new HeddleError('receipt_signature')
  if (signer !== signed.receipt.provider)
    throw new HeddleError('receipt_signature', 'not signed by the provider it names')
  if (signer !== pinned) throw new HeddleError('receipt_signer', `signed by ${signer}, pinned is ${pinned}`)
  return signed
}
