import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { type LinkCrypto, nonceOf, TAG } from './crypto.ts'

/** What stands before the 32 bytes of an X25519 key in its DER form (RFC 8410). */
const PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC = Buffer.from('302a300506032b656e032100', 'hex')

const privateKey = (secret: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE, secret]), format: 'der', type: 'pkcs8' })
const publicKey = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC, raw]), format: 'der', type: 'spki' })

/** OpenSSL: AES in hardware, many times as fast as any portable form. */
export const implementation: LinkCrypto = {
  publicKey: secret =>
    new Uint8Array(createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length)),
  agree(secret, theirs) {
    try {
      return new Uint8Array(diffieHellman({ privateKey: privateKey(secret), publicKey: publicKey(theirs) }))
    } catch {
      return undefined
    }
  },
  derive: (shared, salt, info) => new Uint8Array(hkdfSync('sha256', shared, salt, info, 32)),
  sealing(raw) {
    const key = createSecretKey(raw)
    return {
      seal(number, plain) {
        const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number))
        const sealed = new Uint8Array(plain.length + TAG)
        sealed.set(cipher.update(plain))
        cipher.final()
        sealed.set(cipher.getAuthTag(), plain.length)
        return sealed
      },
      open(number, sealed) {
        if (sealed.length < TAG) return undefined
        const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: TAG })
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
        const plain = decipher.update(sealed.subarray(0, sealed.length - TAG))
        try {
          decipher.final()
          // Not a Buffer: whose `slice` is no copy.
          return new Uint8Array(plain.buffer, plain.byteOffset, plain.length)
        } catch {
          return undefined
        }
      },
    }
  },
}
