import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arbitrary, fixture, type Json, mutationsOf } from '@heddle/testing'
import fc from 'fast-check'
import {
  canonical,
  concat,
  isHeddleError,
  MAX_AMOUNT,
  packReceipt,
  type Receipt,
  type SignedReceipt,
  signReceipts,
  toHex,
  unpackReceipt,
  utf8,
  verifyPackedReceipt,
  verifyReceipt,
  WIRE_VERSION,
} from '../index.ts'
import { signedReceiptSchema } from './receipt.ts'

const { overTheWire, parties, receiptOf, wordOf } = fixture
const pinned = parties.provider.address
const evidence = wordOf(0xee)
const one = signReceipts([receiptOf({ evidence })], parties.provider)[0]!
const batch = signReceipts(
  Array.from({ length: 64 }, (_, i) => receiptOf({ id: wordOf(i + 1), sequence: String(i + 1), evidence })),
  parties.provider,
)
const isMalformed = (error: unknown): boolean => isHeddleError(error, 'receipt_malformed')

const groups = [0n, 1n, 127n, 128n, 16_383n, 16_384n, (1n << 49n) - 1n, 1n << 49n, (1n << 53n) - 1n, 1n << 53n]
const upTo = (most: bigint): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...groups, most), fc.bigInt({ min: 0n, max: most })).map(String)
const whole = (least: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(...groups.slice(1, -1).map(Number)),
    fc.integer({ min: least, max: Number.MAX_SAFE_INTEGER }),
  )
const text = (least: number, most: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ minLength: least, maxLength: most }),
    fc.string({ unit: 'binary', minLength: least, maxLength: most >> 1 }),
  )
const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
const { digest, address } = arbitrary
const amount = upTo(MAX_AMOUNT)
const count = upTo(10n ** 18n - 1n)
const exact = { noNullPrototype: true }

/** Whatever the schema of a signed receipt allows. */
const signed: fc.Arbitrary<SignedReceipt> = fc.record(
  {
    path: fc.record({ index: whole(0), siblings: fc.array(digest, { maxLength: 40 }), size: whole(1) }, exact),
    receipt: fc.record(
      {
        chainId: whole(1),
        channel: digest,
        charge: amount,
        charged: amount,
        engine: fc.record({ build: text(0, 128), name: text(0, 64) }, exact),
        evidence: fc.option(digest),
        finish: fc.constantFrom('stop' as const, 'length' as const, 'interrupted' as const),
        finished: whole(1),
        id: digest,
        input: digest,
        model: digest,
        nonce: digest,
        offer: digest,
        output: digest,
        outputBytes: count,
        provider: address,
        request: digest,
        seed: digest,
        seen: fc.option(fc.record({ block: whole(0), hash: digest }, exact)),
        sequence: count,
        settlement: address,
        started: whole(1),
        usage: fc.dictionary(
          text(0, 32).filter(name => name !== '__proto__'),
          count,
          { maxKeys: 16, ...exact },
        ),
        version: fc.constant(WIRE_VERSION),
        workload: text(1, 32),
      },
      exact,
    ),
    signature: hex(65),
  },
  exact,
)

/** Bytes in which a few places were changed: another byte, one more, one less, a run of others. */
const changed = (from: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> => {
  const change = fc.record({
    kind: fc.nat(3),
    at: fc.nat(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128)),
  })
  return fc.tuple(from, fc.array(change, { minLength: 1, maxLength: 3 })).map(([bytes, changes]) => {
    for (const { kind, at, byte } of changes) {
      const place = at % (bytes.length + 1)
      const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
      if (kind === 0) bytes = concat(before, Uint8Array.of(byte), after.subarray(1))
      else if (kind === 1) bytes = concat(before, Uint8Array.of(byte), after)
      else if (kind === 2) bytes = concat(before, after.subarray(1))
      else bytes = concat(before, new Uint8Array(byte % 5).fill(byte), after.subarray(byte % 5))
    }
    return bytes
  })
}

test('what is packed unpacks to the same receipt, which keeps its schema', () => {
  fc.assert(
    fc.property(signed, value => {
      const unpacked = unpackReceipt(packReceipt(value))
      assert.deepEqual(unpacked, value)
      assert.deepEqual(signedReceiptSchema.parse(unpacked), value)
      assert.equal(canonical(unpacked), canonical(value))
    }),
    { numRuns: 500 },
  )
})

test('bytes that unpack are the ones that their receipt packs to; all others are malformed', () => {
  let unpacks = 0
  fc.assert(
    fc.property(fc.oneof(changed(signed.map(packReceipt)), fc.uint8Array({ maxLength: 80 })), bytes => {
      let value: SignedReceipt
      try {
        value = unpackReceipt(bytes)
      } catch (error) {
        assert.ok(isMalformed(error), String(error))
        return
      }
      unpacks += 1
      assert.deepEqual(packReceipt(value), bytes)
      assert.deepEqual(signedReceiptSchema.parse(value), value)
    }),
    { numRuns: 2_000 },
  )
  assert.ok(unpacks > 100, `${unpacks} unpack`)
})

test('members have one order in the packed form, whatever order they came in', () => {
  const { usage } = receiptOf({ usage: { prompt: '9', '10': '1', '9': '2', completion: '7' } })
  const backwards = Object.fromEntries(Object.entries(usage).reverse())
  const turned = { ...one, receipt: Object.fromEntries(Object.entries({ ...one.receipt, usage: backwards }).reverse()) }
  assert.deepEqual(packReceipt(turned as SignedReceipt), packReceipt({ ...one, receipt: { ...one.receipt, usage } }))
})

test('a packed receipt is verified from its bytes and the pinned key alone, as its JSON is', () => {
  for (const value of [one, batch[0]!, batch[63]!]) {
    assert.deepEqual(verifyPackedReceipt(packReceipt(value), pinned), verifyReceipt(overTheWire(value), pinned))
  }
  assert.throws(
    () => verifyPackedReceipt(packReceipt(one), fixture.addressOf(9)),
    error => isHeddleError(error, 'receipt_signer'),
  )
})

test('a signed receipt of a batch of 64 travels in less than a kilobyte', () => {
  for (const value of batch) assert.ok(packReceipt(value).length < 1_024)
})

test('a packed receipt that differs in any one bit, or has one byte more or less, never verifies', () => {
  const refused = (bytes: Uint8Array, where: string): void =>
    assert.throws(
      () => verifyPackedReceipt(bytes, pinned),
      error =>
        isMalformed(error) || isHeddleError(error, 'receipt_signature') || isHeddleError(error, 'receipt_signer'),
      where,
    )
  for (const value of [one, batch[37]!]) {
    const bytes = packReceipt(value)
    for (let at = 0; at <= bytes.length; at++) {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
      refused(concat(before, Uint8Array.of(0), after), `a byte more at ${at}`)
      if (at === bytes.length) break
      refused(concat(before, after.subarray(1)), `a byte less at ${at}`)
      refused(before, `cut at ${at}`)
      for (let bit = 0; bit < 8; bit++)
        refused(concat(before, Uint8Array.of(bytes[at]! ^ (1 << bit)), after.subarray(1)), `bit ${bit} of ${at}`)
    }
  }
})

test('a packed receipt with any one byte of another value never verifies', () => {
  const bytes = packReceipt(batch[5]!)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, step) => {
      const other = bytes.slice()
      other[at]! += step
      assert.throws(() => verifyPackedReceipt(other, pinned))
    }),
    { numRuns: 2_000 },
  )
})

test('what the schema refuses is not packed, and what it takes is', () => {
  let [packed, refused] = [0, 0]
  for (const { path, value } of mutationsOf(one as unknown as Json)) {
    if (signedReceiptSchema.safeParse(value).success) {
      packed += 1
      assert.deepEqual(unpackReceipt(packReceipt(value as unknown as SignedReceipt)), value, path)
    } else {
      refused += 1
      assert.throws(() => packReceipt(value as unknown as SignedReceipt), Error, path)
    }
  }
  assert.ok(packed > 500 && refused > 200, `${packed} packed, ${refused} refused`)
})

const outside: Record<string, Partial<Receipt>> = {
  'a chain of zero': { chainId: 0 },
  'a signature for an address': { provider: one.signature },
  'a digest in upper case': { id: `0x${'AB'.repeat(32)}` },
  'a digest of 31 bytes': { id: `0x${'ab'.repeat(31)}` },
  'an amount above 2^128 − 1': { charge: (MAX_AMOUNT + 1n).toString() },
  'an amount with a leading zero': { charge: '01' },
  'an amount below zero': { charge: '-1' },
  'a count of 19 digits': { outputBytes: (10n ** 18n).toString() },
  'a time of zero': { started: 0 },
  'a fraction': { started: 1.5 },
  'a number above 2^53 − 1': { finished: 2 ** 53 },
  'a build of 129 characters': { engine: { name: 'x', build: 'b'.repeat(129) } },
  'a name of 65 characters': { engine: { name: 'n'.repeat(65), build: 'b1' } },
  'a workload of 33 characters': { workload: 'w'.repeat(33) },
  'half of a surrogate pair': { engine: { name: '\ud800', build: 'b1' } },
  'no workload': { workload: '' },
  'another end': { finish: 'toString' as 'stop' },
  '17 units': { usage: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`unit${i}`, '1'])) },
  'a unit of 33 characters': { usage: { ['u'.repeat(33)]: '1' } },
  'a unit named __proto__': { usage: JSON.parse('{"__proto__":"1"}') as Record<string, string> },
}
for (const [name, changes] of Object.entries(outside)) {
  test(`${name} has no packed form`, () => {
    assert.throws(() => packReceipt({ ...one, receipt: { ...one.receipt, ...changes } }), isMalformed)
  })
}

const { path } = one
const elsewhere: Record<string, Partial<SignedReceipt>> = {
  'an index below zero': { path: { ...path, index: -1 } },
  'a size of zero': { path: { ...path, size: 0 } },
  'a path of 41 siblings': { path: { ...path, siblings: Array.from({ length: 41 }, () => evidence) } },
  'a signature of 64 bytes': { signature: `0x${'ab'.repeat(64)}` },
}
for (const [name, changes] of Object.entries(elsewhere)) {
  test(`${name} has no packed form`, () => {
    assert.throws(() => packReceipt({ ...one, ...changes }), isMalformed)
  })
}

test('the largest receipt that there can be has 4,220 bytes, and nothing longer is one', () => {
  const wide = (length: number): string => '\u20ac'.repeat(length)
  const most = Number.MAX_SAFE_INTEGER
  const [amount, count] = [MAX_AMOUNT.toString(), '9'.repeat(18)]
  const largest: SignedReceipt = {
    path: { index: most, siblings: Array.from({ length: 40 }, () => wordOf(0xff)), size: most },
    receipt: receiptOf({
      chainId: most,
      charge: amount,
      charged: amount,
      engine: { build: wide(128), name: wide(64) },
      evidence,
      finished: most,
      outputBytes: count,
      seen: { block: most, hash: wordOf(0xff) },
      sequence: count,
      started: most,
      usage: Object.fromEntries(
        Array.from({ length: 16 }, (_, i) => [wide(31) + String.fromCharCode(0x4e00 + i), count]),
      ),
      workload: wide(32),
    }),
    signature: one.signature,
  }
  const bytes = packReceipt(largest)
  assert.deepEqual(unpackReceipt(bytes), largest)
  assert.equal(bytes.length, 4_220)
  assert.throws(() => unpackReceipt(concat(bytes, Uint8Array.of(0))), isMalformed)
})

test('the JSON of a receipt is not its packed form', () => {
  assert.throws(() => unpackReceipt(utf8(canonical(one))), isMalformed)
  assert.throws(() => unpackReceipt(new Uint8Array(0)), isMalformed)
})
