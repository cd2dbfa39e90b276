import { HeddleError } from '../errors/heddle-error.ts'

/** Bytes, and where in them the next value begins. */
export type Place = { bytes: Uint8Array; at: number }

export const malformed = (detail: string): HeddleError => new HeddleError('receipt_malformed', detail)

export function writeByte(to: Place, byte: number): void {
  to.bytes[to.at++] = byte
}

export function readByte(from: Place): number {
  const byte = from.bytes[from.at++]
  if (byte === undefined) throw malformed('a packed receipt ends too early')
  return byte
}

export function writeRaw(to: Place, raw: Uint8Array): void {
  to.bytes.set(raw, to.at)
  to.at += raw.length
}

export function readRaw(from: Place, length: number): Uint8Array {
  const end = from.at + length
  if (end > from.bytes.length) throw malformed('a packed receipt ends too early')
  const raw = from.bytes.subarray(from.at, end)
  from.at = end
  return raw
}

/** Groups of seven bits that a number has room for without loss. */
const SMALL_GROUPS = 7
/** Groups of 2^128 − 1, the largest amount. */
const MOST_GROUPS = 19

/** LEB128, unsigned, in its shortest form. */
export function writeInteger(to: Place, value: number | bigint): void {
  let large = value
  while (typeof large === 'bigint' && large > Number.MAX_SAFE_INTEGER) {
    writeByte(to, Number(large & 127n) | 128)
    large >>= 7n
  }
  let rest = Number(large)
  while (rest > 127) {
    writeByte(to, (rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  writeByte(to, rest)
}

export function readInteger(from: Place): number | bigint {
  let small = 0
  for (let group = 0, scale = 1; group < SMALL_GROUPS; group++, scale *= 128) {
    const byte = readByte(from)
    small += (byte & 127) * scale
    if (byte < 128) return shortest(byte, group, small)
  }
  let value = BigInt(small)
  for (let group = SMALL_GROUPS; group < MOST_GROUPS; group++) {
    const byte = readByte(from)
    value |= BigInt(byte & 127) << BigInt(7 * group)
    if (byte < 128) return shortest(byte, group, value)
  }
  throw malformed('a number of more than 19 bytes')
}

function shortest<N>(last: number, group: number, value: N): N {
  if (last === 0 && group > 0) throw malformed('a number not in its shortest form')
  return value
}
