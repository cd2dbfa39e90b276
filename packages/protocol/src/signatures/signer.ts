import type { Address, Hex } from '../bytes.ts'

/** A key that signs 32-byte digests: in memory today, a wallet or an HSM later. */
export type Signer = { readonly address: Address; sign(digest: Uint8Array): Hex }

/** What the two secp256k1 implementations offer: native where Node is, portable everywhere. */
export type Secp256k1 = {
  publicKey(secret: Uint8Array): Uint8Array
  /** 64 bytes r‖s (low s), and the recovery bit. */
  sign(digest: Uint8Array, secret: Uint8Array): { signature: Uint8Array; recovery: number }
  /** The uncompressed public key (65 bytes), or nothing when there is none. */
  recover(digest: Uint8Array, signature: Uint8Array, recovery: number): Uint8Array | undefined
}
