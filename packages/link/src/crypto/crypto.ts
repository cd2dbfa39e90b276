/** Seals or opens one record under a number that is used once. */
export type Sealing = {
  seal(number: bigint, plain: Uint8Array): Uint8Array
  /** Nothing when it was not sealed under this key and number. */
  open(number: bigint, sealed: Uint8Array): Uint8Array | undefined
}

/** What a link needs: X25519 (RFC 7748), HKDF-SHA256 (RFC 5869), AES-256-GCM (NIST SP 800-38D). */
export type LinkCrypto = {
  /** The public key of a secret of 32 bytes. */
  publicKey(secret: Uint8Array): Uint8Array
  /** What both have in common; nothing for a key of small order. */
  agree(secret: Uint8Array, theirs: Uint8Array): Uint8Array | undefined
  /** 32 bytes. */
  derive(shared: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array
  sealing(key: Uint8Array): Sealing
}

/** Bytes that a seal adds. */
export const TAG = 16

/** Four zero bytes and the record's number, big-endian: each key seals a number once. */
export function nonceOf(number: bigint): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(4, number)
  return nonce
}
