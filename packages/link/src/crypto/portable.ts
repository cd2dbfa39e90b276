import { gcm } from '@noble/ciphers/aes.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type LinkCrypto, nonceOf, TAG } from './crypto.ts'

/** noble: runs in every browser, and answers in the same turn. */
export const implementation: LinkCrypto = {
  publicKey: secret => x25519.getPublicKey(secret),
  agree(secret, theirs) {
    try {
      return x25519.getSharedSecret(secret, theirs)
    } catch {
      return undefined
    }
  },
  derive: (shared, salt, info) => hkdf(sha256, shared, salt, info, 32),
  sealing: key => ({
    seal: (number, plain) => gcm(key, nonceOf(number)).encrypt(plain),
    open(number, sealed) {
      if (sealed.length < TAG) return undefined
      try {
        return gcm(key, nonceOf(number)).decrypt(sealed)
      } catch {
        return undefined
      }
    },
  }),
}
