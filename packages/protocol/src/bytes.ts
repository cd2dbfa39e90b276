import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { HeddleError } from './errors/heddle-error.ts'

/** `0x` and lower-case hexadecimal digits. */
export type Hex = `0x${string}`
/** Twenty bytes, lower case (no checksum: Heddle compares addresses as strings). */
export type Address = Hex

export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`

/** Bytes of a hex string. Throws `bad_request` for anything else. */
export function fromHex(hex: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex)) throw new HeddleError('bad_request', 'not a hex string')
  return hexToBytes(hex.slice(2))
}

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Text of UTF-8 bytes. Throws `bad_json` for bytes that are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new HeddleError('bad_json', 'not valid UTF-8', { cause })
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

export const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length))
