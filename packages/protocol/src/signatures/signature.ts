import { keccak_256 } from '@noble/hashes/sha3.js'
import { implementation } from '#secp256k1'
import { type Address, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import type { Signer } from './signer.ts'

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

const addressOfPublicKey = (key: Uint8Array): Address => toHex(keccak_256(key.subarray(1)).subarray(12))

/**
 * A signer over a secret key held in memory (32 bytes).
 *
 * @example
 * ```ts
 * import { signerOf } from '@heddle/protocol'
 * signerOf(new Uint8Array(32).fill(1)).address // '0x1a642f0e3c3af545e7acbd38b07251b3990914f1'
 * ```
 */
export function signerOf(secret: Uint8Array): Signer {
  return {
    address: addressOfPublicKey(implementation.publicKey(secret)),
    sign(digest) {
      const { signature, recovery } = implementation.sign(digest, secret)
      return toHex(concat(signature, Uint8Array.of(27 + recovery)))
    },
  }
}

/**
 * The address whose key signed this digest, or nothing. Signatures are 65 bytes r‖s‖v with v 27 or 28; a high s is
 * refused (EIP-2), so no signature has a second form.
 */
export function recoverAddress(digest: Uint8Array, signature: Hex): Address | undefined {
  if (digest.length !== 32 || !/^0x[0-9a-fA-F]{130}$/.test(signature)) return undefined
  const bytes = fromHex(signature)
  const v = bytes[64]!
  if ((v !== 27 && v !== 28) || BigInt(toHex(bytes.subarray(32, 64))) > HALF_ORDER) return undefined
  const key = implementation.recover(digest, bytes.subarray(0, 64), v - 27)
  return key && addressOfPublicKey(key)
}
