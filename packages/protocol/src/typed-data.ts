import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat, fromHex, type Hex, utf8 } from './bytes.ts'

/**
 * The few words of EIP-712 that Heddle needs, by hand: ten times as fast as a general encoder, and held equal to
 * viem's by property tests. Every word is 32 bytes.
 */
export const hashOf = (bytes: Uint8Array): Uint8Array => keccak_256(bytes)
export const typeHash = (type: string): Uint8Array => keccak_256(utf8(type))

export function wordOfNumber(value: bigint | number): Uint8Array {
  const word = new Uint8Array(32)
  let rest = BigInt(value)
  if (rest < 0n) throw new RangeError('does not fit a word')
  for (let i = 31; rest > 0n; i--) {
    if (i < 0) throw new RangeError('does not fit a word')
    word[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return word
}

/** An address or bytes32 as a word, left-padded. */
export function wordOfHex(hex: Hex): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes.length === 32) return bytes
  const word = new Uint8Array(32)
  word.set(bytes, 32 - bytes.length)
  return word
}

export const structHash = (...words: readonly Uint8Array[]): Uint8Array => keccak_256(concat(...words))

const DOMAIN_TYPE = typeHash('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
const separators = new Map<string, Uint8Array>()

/** EIP-712 domain separator; remembered, since a daemon has two or three. */
export function domainSeparator(name: string, version: string, chainId: number, verifyingContract: Hex): Uint8Array {
  const key = `${name.length}|${name}|${version}|${chainId}|${verifyingContract}`
  const known = separators.get(key)
  if (known) return known
  const separator = structHash(
    DOMAIN_TYPE,
    keccak_256(utf8(name)),
    keccak_256(utf8(version)),
    wordOfNumber(chainId),
    wordOfHex(verifyingContract),
  )
  if (separators.size < 64) separators.set(key, separator)
  return separator
}

/** The digest that is signed: keccak256(0x1901 ‖ separator ‖ structHash). */
export const typedDigest = (separator: Uint8Array, struct: Uint8Array): Uint8Array =>
  keccak_256(concat(Uint8Array.of(0x19, 0x01), separator, struct))
