import { sha256 } from '@noble/hashes/sha2.js'
import { type Hex, toHex, utf8 } from './bytes.ts'
import { canonical } from './canonical.ts'

/** sha256 of exact bytes, as `0x` and 64 digits. (A *hash* in Heddle is keccak/EIP-712.) */
export type Digest = Hex

/**
 * @example
 * ```ts
 * import { digestOf, utf8 } from '@heddle/protocol'
 * digestOf(utf8('abc')) // '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
 * ```
 */
export const digestOf = (bytes: Uint8Array): Digest => toHex(sha256(bytes))

/** Digest of a JSON value's RFC 8785 form. */
export const digestOfJson = (value: unknown): Digest => digestOf(utf8(canonical(value)))

/** A digest over bytes that arrive in pieces. */
export function startDigest(): { add(bytes: Uint8Array): void; read(): Digest } {
  const running = sha256.create()
  return {
    add: bytes => void running.update(bytes),
    read: () => toHex(running.clone().digest()),
  }
}
