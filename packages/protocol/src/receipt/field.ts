import { fromUtf8, type Hex, toHex } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { malformed, type Place, readByte, readInteger, readRaw, writeByte, writeInteger, writeRaw } from './place.ts'

/**
 * How one kind of value travels in a packed receipt. A value has one form and a form one value, so each of both refuses
 * what the other would not give: `receipt_malformed`.
 */
export type Field<T> = { write(to: Place, value: T): void; read(from: Place): T }

/** The value of a lower-case hexadecimal digit by its character code, or 255. */
const digits = new Uint8Array(128).fill(255)
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value

/** Hexadecimal of a fixed number of bytes: as these bytes. */
export const raw = (length: number): Field<Hex> => ({
  write(to, value) {
    let wrong = value.length !== 2 + 2 * length || !value.startsWith('0x')
    for (let i = 2; i < 2 + 2 * length; i += 2) {
      const high = digits[value.charCodeAt(i)] ?? 255
      const low = digits[value.charCodeAt(i + 1)] ?? 255
      if ((high | low) > 15) wrong = true
      writeByte(to, (high << 4) | low)
    }
    if (wrong) throw malformed(`not ${length} bytes of hex`)
  },
  read: from => toHex(readRaw(from, length)),
})

/** A whole number of `least` to `most`: as LEB128. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Field<number> {
  const check = (value: number): number => {
    if (!Number.isSafeInteger(value) || value < least || value > most) throw malformed('a number out of bounds')
    return value
  }
  return {
    write: (to, value) => writeInteger(to, check(value)),
    read: from => check(Number(readInteger(from))),
  }
}

/** A decimal string of at most `most`: as LEB128. */
export function decimal(most: bigint): Field<string> {
  const longest = String(most).length
  return {
    write(to, value) {
      if (
        typeof value !== 'string' ||
        value.length > longest ||
        !/^(0|[1-9][0-9]*)$/.test(value) ||
        BigInt(value) > most
      )
        throw malformed('not a decimal number, or too large')
      writeInteger(to, BigInt(value))
    },
    read(from) {
      const value = readInteger(from)
      if (value > most) throw malformed('a number too large')
      return String(value)
    },
  }
}

const encoder = new TextEncoder()

/** Text of `least` to `most` UTF-16 units: the number of its bytes, and its UTF-8. */
export function text(least: number, most: number): Field<string> {
  const room = new Uint8Array(3 * most)
  const check = (value: string): string => {
    if (value.length < least || value.length > most) throw malformed('a text too short or too long')
    return value
  }
  return {
    write(to, value) {
      // UTF-8 has no form for half of a surrogate pair, nor has canonical JSON.
      if (!check(value).isWellFormed()) throw malformed('not a text')
      const { written } = encoder.encodeInto(value, room)
      writeInteger(to, written)
      writeRaw(to, room.subarray(0, written))
    },
    read(from) {
      const length = readInteger(from)
      if (length > room.length) throw malformed('a text too long')
      const bytes = readRaw(from, Number(length))
      return check(decode(bytes))
    },
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new HeddleError('receipt_malformed', 'not UTF-8', { cause })
  }
}

/** One of some values: as its number. */
export function oneOf<T extends string>(numbers: Readonly<Record<T, number>>): Field<T> {
  const values = new Map(Object.entries<number>(numbers).map(([value, number]) => [number, value as T]))
  return {
    write(to, value) {
      if (!Object.hasOwn(numbers, value)) throw malformed('not one of the known values')
      writeByte(to, numbers[value])
    },
    read(from) {
      const value = values.get(readByte(from))
      if (value === undefined) throw malformed('not one of the known values')
      return value
    },
  }
}

/** What can only be this: no byte at all. */
export const only = <T>(value: T): Field<T> => ({
  write(_, given) {
    if (given !== value) throw malformed(`not ${value}`)
  },
  read: () => value,
})
