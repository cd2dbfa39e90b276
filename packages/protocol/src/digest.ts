import { implementation } from '#sha256'
import type { Hex } from './bytes.ts'
import { canonical, canonicalOnce } from './canonical.ts'

/** sha256 of exact bytes, as `0x` and 64 digits. (A *hash* in Heddle is keccak/EIP-712.) */
export type Digest = Hex

/**
 * Digest of bytes, or of a text's UTF-8.
 *
 * @example
 * ```ts
 * import { digestOf } from '@heddle/protocol'
 * digestOf('abc') // '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
 * ```
 */
export const digestOf = (bytes: Uint8Array | string): Digest => `0x${implementation.hex(bytes)}`

/** Digest of a JSON value's RFC 8785 form. */
export const digestOfJson = (value: unknown): Digest => digestOf(canonical(value))

const digests = new WeakMap<object, Digest>()

/** {@link digestOfJson} of a value that nobody changes any more, remembered as long as it lives. */
export function digestOnce(value: object): Digest {
  const known = digests.get(value)
  if (known) return known
  const digest = digestOf(canonicalOnce(value))
  digests.set(value, digest)
  return digest
}

/** A digest over bytes that arrive in pieces. */
export function startDigest(): { add(bytes: Uint8Array): void; read(): Digest } {
  const running = implementation.start()
  return { add: running.add, read: () => `0x${running.hex()}` }
}
