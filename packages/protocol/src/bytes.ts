import { bytesToHex } from '@noble/hashes/utils.js'
import { HeddleError } from './errors/heddle-error.ts'

/** `0x` and lower-case hexadecimal digits. */
export type Hex = `0x${string}`
/** Twenty bytes, lower case (no checksum: Heddle compares addresses as strings). */
export type Address = Hex

export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const SHORT = 128
// As characters, in the same place every time: digits joined one by one are several times as slow to read later.
const characters = new Uint8Array(2 + 2 * SHORT)
characters.set([0x30, 0x78])
const digitOf = Uint8Array.from('0123456789abcdef', digit => digit.charCodeAt(0))

export function toHex(bytes: Uint8Array): Hex {
  const { length } = bytes
  if (length > SHORT) return `0x${bytesToHex(bytes)}`
  for (let i = 0, at = 2; i < length; i++) {
    const byte = bytes[i]!
    characters[at++] = digitOf[byte >> 4]!
    characters[at++] = digitOf[byte & 15]!
  }
  return decoder.decode(characters.subarray(0, 2 + 2 * length)) as Hex
}

/** The value of a hexadecimal digit by its character code, or 255. */
const digits = new Uint8Array(128).fill(255)
for (let value = 0; value < 16; value++) {
  digits[value.toString(16).charCodeAt(0)] = value
  digits[value.toString(16).toUpperCase().charCodeAt(0)] = value
}

/** Bytes of a hex string. Throws `bad_request` for anything else. */
export function fromHex(hex: string): Uint8Array {
  const { length } = hex
  const bytes = new Uint8Array(Math.max(0, (length - 2) >> 1))
  let wrong = length < 2 || length % 2 !== 0 || hex.charCodeAt(0) !== 0x30 || hex.charCodeAt(1) !== 0x78
  for (let i = 0, at = 2; i < bytes.length; i++, at += 2) {
    const high = digits[hex.charCodeAt(at)] ?? 255
    const low = digits[hex.charCodeAt(at + 1)] ?? 255
    if ((high | low) > 15) wrong = true
    bytes[i] = (high << 4) | low
  }
  if (wrong) throw new HeddleError('bad_request', 'not a hex string')
  return bytes
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

const POOL = 4_096
const pool = new Uint8Array(POOL)
let taken = POOL

/** Random bytes from the system's generator: fetched by the page, for a fetch costs the same for 4,096 as for 32. */
export function randomBytes(length: number): Uint8Array {
  if (length > POOL) return crypto.getRandomValues(new Uint8Array(length))
  if (taken + length > POOL) {
    crypto.getRandomValues(pool)
    taken = 0
  }
  const bytes = pool.slice(taken, taken + length)
  // What was given out is nobody else's to read.
  pool.fill(0, taken, taken + length)
  taken += length
  return bytes
}
