import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Secp256k1 } from './signer.ts'

/** noble-curves: runs in every browser. */
export const implementation: Secp256k1 = {
  publicKey: secret => secp256k1.getPublicKey(secret, false),
  sign(digest, secret) {
    const bytes = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
    return { signature: bytes.slice(1), recovery: bytes[0]! }
  },
  recover(digest, signature, recovery) {
    try {
      return secp256k1.Signature.fromBytes(signature, 'compact')
        .addRecoveryBit(recovery)
        .recoverPublicKey(digest)
        .toBytes(false)
    } catch {
      return undefined
    }
  },
}
