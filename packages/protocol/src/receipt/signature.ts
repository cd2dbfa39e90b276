import { type Address, utf8 } from '../bytes.ts'
import { canonicalOnce } from '../canonical.ts'
import { type Digest, digestOf } from '../digest.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { rootFromPath } from '../merkle.ts'
import { recoverStatement } from '../statement.ts'
import type { Receipt, SignedReceipt } from './receipt.ts'

export const leafOf = (receipt: Receipt): Uint8Array => utf8(canonicalOnce(receipt))

/** What a signature covers: the root, and of a batch its size too, so that no path has a second form. */
export const headOf = (root: Digest, size: number): Digest =>
  size === 1 ? root : digestOf(`{"root":"${root}","size":${size}}`)

/**
 * Holds a receipt that was read, and found to keep the bounds of its schema, against its signature and the pinned key.
 * Throws `receipt_signature` and `receipt_signer`.
 */
export function checkSignature(signed: SignedReceipt, pinned: Address): SignedReceipt {
  const root = rootFromPath(leafOf(signed.receipt), signed.path)
  const signer = root && recoverStatement(signed.receipt, 'receipts', headOf(root, signed.path.size), signed.signature)
  if (!signer) throw new HeddleError('receipt_signature')
  if (signer !== signed.receipt.provider)
    throw new HeddleError('receipt_signature', 'not signed by the provider it names')
  if (signer !== pinned) throw new HeddleError('receipt_signer', `signed by ${signer}, pinned is ${pinned}`)
  return signed
}
