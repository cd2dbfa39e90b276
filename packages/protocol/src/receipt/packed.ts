import { MAX_AMOUNT } from '../amount.ts'
import type { Address } from '../bytes.ts'
import type { MerklePath } from '../merkle.ts'
import { WIRE_VERSION } from '../offer.ts'
import { decimal, type Field, integer, oneOf, only, raw, text } from './field.ts'
import { list, nullable, object, record } from './members.ts'
import { malformed } from './place.ts'
import { MOST_UNITS, type Receipt, type SignedReceipt } from './receipt.ts'
import { checkSignature } from './signature.ts'

/** The first byte: this layout, of a receipt of this wire version. */
const FORM = 2
/** Bytes of the longest that the schema allows: 40 siblings, 16 units, every text full. */
const LONGEST = 4_220

const digest = raw(32)
const address = raw(20)
const amount = decimal(MAX_AMOUNT)
const count = decimal(10n ** 18n - 1n)

/** The bounds of `receiptSchema`, its names in the same order: that of canonical JSON. */
const receipt: Field<Receipt> = object<Receipt>({
  chainId: integer(1),
  channel: digest,
  charge: amount,
  charged: amount,
  engine: object({ build: text(0, 128), name: text(0, 64) }),
  evidence: nullable(digest),
  finish: oneOf({ stop: 0, length: 1, interrupted: 2 }),
  finished: integer(1),
  id: digest,
  input: digest,
  model: digest,
  nonce: digest,
  offer: digest,
  output: digest,
  outputBytes: count,
  provider: address,
  request: digest,
  seed: digest,
  seen: nullable(object({ block: integer(0), hash: digest })),
  sequence: count,
  settlement: address,
  started: integer(1),
  usage: record(MOST_UNITS, text(0, 32), count),
  version: only(WIRE_VERSION),
  workload: text(1, 32),
})
const path: Field<MerklePath> = object<MerklePath>({
  index: integer(0),
  siblings: list(40, digest) as Field<MerklePath['siblings']>,
  size: integer(1),
})
const signed: Field<SignedReceipt> = object<SignedReceipt>({ path, receipt, signature: raw(65) })

// What is packed is put together in the same place every time: nothing is packed across an await.
const room = new Uint8Array(LONGEST)

/**
 * A signed receipt as it travels on the native wire: less than half of its JSON, and the one form that it has (docs/receipts.md).
 * Throws `receipt_malformed` for a value that `signedReceiptSchema` would refuse. Verifies nothing.
 *
 * @example
 * ```ts
 * // sketch
 * packReceipt(signed).length // 734
 * ```
 */
export function packReceipt(value: SignedReceipt): Uint8Array {
  const to = { bytes: room, at: 1 }
  room[0] = FORM
  signed.write(to, value)
  return room.slice(0, to.at)
}

/**
 * Reads a packed receipt. Throws `receipt_malformed` for any bytes that {@link packReceipt} would not have written.
 * Verifies nothing.
 */
export function unpackReceipt(bytes: Uint8Array): SignedReceipt {
  if (bytes[0] !== FORM) throw malformed('not a packed receipt of version 2')
  const from = { bytes, at: 1 }
  const value = signed.read(from)
  if (from.at !== bytes.length) throw malformed('bytes after the receipt')
  return value
}

/**
 * `verifyReceipt` of a packed receipt: from its bytes and the provider's pinned key alone. Throws the same:
 * `receipt_malformed`, `receipt_signature`, `receipt_signer`. Other bytes than those that were packed never pass.
 *
 * @example
 * ```ts
 * // sketch
 * const { receipt } = verifyPackedReceipt(message.payload, pinned)
 * ```
 */
export const verifyPackedReceipt = (bytes: Uint8Array, pinned: Address): SignedReceipt =>
  // What unpacks keeps the bounds of the schema: there is no reading it twice.
  checkSignature(unpackReceipt(bytes), pinned)
