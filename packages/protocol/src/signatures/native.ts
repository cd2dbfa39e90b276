import { createRequire } from 'node:module'
import { implementation as portable } from './portable.ts'
import type { Secp256k1 } from './signer.ts'

type Native = {
  publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array
  ecdsaSign(digest: Uint8Array, secret: Uint8Array): { signature: Uint8Array; recid: number }
  ecdsaRecover(signature: Uint8Array, recid: number, digest: Uint8Array, compressed: boolean): Uint8Array
}

/** libsecp256k1, ten times as fast as noble; where its binary is missing, noble. */
function load(): Secp256k1 {
  let native: Native
  try {
    native = createRequire(import.meta.url)('secp256k1/bindings.js') as Native
  } catch {
    return portable
  }
  return {
    publicKey: secret => native.publicKeyCreate(secret, false),
    sign(digest, secret) {
      const { signature, recid } = native.ecdsaSign(digest, secret)
      return { signature, recovery: recid }
    },
    recover(digest, signature, recovery) {
      try {
        return native.ecdsaRecover(signature, recovery, digest, false)
      } catch {
        return undefined
      }
    },
  }
}

export const implementation: Secp256k1 = load()
