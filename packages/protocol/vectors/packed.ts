import { fixture } from '@heddle/testing'
import {
  concat,
  fromHex,
  type Hex,
  isHeddleError,
  packReceipt,
  type Receipt,
  type SignedReceipt,
  signerOf,
  signReceipts,
  toHex,
  unpackReceipt,
  utf8,
} from '../src/index.ts'

const { receiptOf, wordOf } = fixture

export type PackedCase =
  | { name: string; receipts: readonly Receipt[]; index: number; secret: Hex }
  | { name: string; packed: Hex }

const most = Number.MAX_SAFE_INTEGER
/** Every kind of value at an edge: the shortest and the longest integers, text of several bytes a character. */
const wide = receiptOf({
  chainId: most,
  charge: '0',
  charged: (2n ** 128n - 1n).toString(),
  engine: { build: '', name: 'webstuhl – 織機 🧶' },
  evidence: wordOf(0xee),
  finish: 'interrupted',
  outputBytes: '999999999999999999',
  seen: { block: most, hash: wordOf(0xff) },
  started: 127,
  finished: 128,
  usage: { prompt: '9', completion: '7', Zeit: '1', '10': '0', '9': '16384', é: '9007199254740992' },
})
const batch = Array.from({ length: 5 }, (_, i) => receiptOf({ id: wordOf(i + 1), sequence: String(i + 1) }))
const secret = wordOf(1)
const signed = (receipts: readonly Receipt[]): SignedReceipt[] => signReceipts(receipts, signerOf(fromHex(secret)))

/** Receipts and their packed form, and bytes that every reader refuses. */
export function packedCases(): PackedCase[] {
  const lone = packReceipt(signed([receiptOf({ charge: '300', usage: { a: '1', b: '2' } })])[0]!)
  const find = (...bytes: number[]): number => toHex(lone).indexOf(toHex(Uint8Array.from(bytes)).slice(2)) / 2 - 1
  /** The lone one with other bytes in a place. */
  const put = (name: string, at: number, bytes: readonly number[], length = bytes.length): PackedCase => ({
    name: `refused: ${name}`,
    packed: toHex(concat(lone.subarray(0, at), Uint8Array.from(bytes), lone.subarray(at + length))),
  })
  const charge = find(0xac, 0x02, 0x35)
  const engine = charge + 3
  const usage = find(2, 1, 0x61, 1, 1, 0x62, 2)
  const nulls = find(...utf8('llama.cpp')) + 9
  return [
    { name: 'a lone receipt', receipts: [receiptOf()], index: 0, secret },
    { name: 'the first of five', receipts: batch, index: 0, secret },
    { name: 'the last of five', receipts: batch, index: 4, secret },
    { name: 'no block was seen', receipts: [receiptOf({ seen: null })], index: 0, secret },
    { name: 'values at their edges', receipts: [wide], index: 0, secret },
    { name: 'read: a lone receipt', packed: toHex(lone) },
    { name: 'refused: nothing', packed: '0x' },
    put('another version', 0, [1]),
    put('a byte too few', lone.length - 1, [], 1),
    put('a byte after the signature', lone.length, [0]),
    put('a number not in its shortest form', charge, [0xac, 0x82, 0x00], 2),
    put('an amount of more than 19 bytes', charge, [...Array.from({ length: 19 }, () => 0x80), 1], 2),
    put('an amount above 2^128 − 1', charge, [...Array.from({ length: 18 }, () => 0x80), 4], 2),
    put('a chain id of 0', 4, [0], 3),
    put('a chain id above 2^53 − 1', 4, [...Array.from({ length: 7 }, () => 0x80), 0x10], 3),
    put('more than 40 siblings', 2, [41]),
    put('a size of 0', 3, [0]),
    put('text that is not UTF-8', engine + 1, [0xff]),
    put('half of a surrogate pair', engine, [3, 0xed, 0xa0, 0x80], 3),
    put('a text above its length', engine, [0x81, 3], 1),
    put('evidence neither there nor null', nulls, [2]),
    put('another end', nulls + 1, [3]),
    put('units out of order', usage, [2, 1, 0x62, 1, 1, 0x61, 2]),
    put('a unit twice', usage, [2, 1, 0x61, 1, 1, 0x61, 2]),
    put('17 units', usage, [17], 1),
    put('a unit named __proto__', usage, [1, 9, ...utf8('__proto__'), 1], 7),
  ]
}

export function computePacked(input: PackedCase): unknown {
  if ('receipts' in input) {
    const one = signed(input.receipts)[input.index]!
    const packed = packReceipt(one)
    return { signed: one, length: packed.length, packed: toHex(packed) }
  }
  try {
    return { read: unpackReceipt(fromHex(input.packed)) }
  } catch (error) {
    if (isHeddleError(error)) return { refused: error.code }
    throw error
  }
}
