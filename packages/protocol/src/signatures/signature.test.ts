import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arbitrary } from '@heddle/testing'
import fc from 'fast-check'
import { concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { wordOfNumber } from '../typed-data.ts'
import { implementation as native } from './native.ts'
import { implementation as portable } from './portable.ts'
import { recoverAddress, signerOf } from './signature.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

test('the native binary is what Node uses', () => {
  assert.notEqual(native, portable)
})

test('native and portable secp256k1 give the same keys and the same signatures, and recover the same keys', () => {
  fc.assert(
    fc.property(arbitrary.secret, arbitrary.bytes32, (secret, digest) => {
      const key = native.publicKey(secret)
      assert.deepEqual(toHex(key), toHex(portable.publicKey(secret)))
      const one = native.sign(digest, secret)
      const two = portable.sign(digest, secret)
      assert.deepEqual([toHex(one.signature), one.recovery], [toHex(two.signature), two.recovery])
      assert.equal(toHex(native.recover(digest, one.signature, one.recovery)!), toHex(key))
      assert.equal(toHex(portable.recover(digest, one.signature, one.recovery)!), toHex(key))
    }),
    { numRuns: 40 },
  )
})

test('native and portable agree on any 64 bytes, whether they are a signature or not', () => {
  const edge = fc.constantFrom(0n, 1n, ORDER - 1n, ORDER, ORDER + 1n, (1n << 256n) - 1n)
  const number = fc.oneof(edge, arbitrary.uint256).map(wordOfNumber)
  fc.assert(
    fc.property(arbitrary.bytes32, number, number, fc.integer({ min: 0, max: 1 }), (digest, r, s, recovery) => {
      const one = native.recover(digest, concat(r, s), recovery)
      const two = portable.recover(digest, concat(r, s), recovery)
      assert.equal(one && toHex(one), two && toHex(two))
    }),
    { numRuns: 60 },
  )
})

const signed = (() => {
  const signer = signerOf(new Uint8Array(32).fill(7))
  const digest = new Uint8Array(32).fill(9)
  return { signer, digest, bytes: fromHex(signer.sign(digest)) }
})()

const withV = (v: number): Hex => toHex(concat(signed.bytes.subarray(0, 64), Uint8Array.of(v)))

test('the second form of a signature, with a high s, is refused', () => {
  const s = BigInt(toHex(signed.bytes.subarray(32, 64)))
  const v = signed.bytes[64] === 27 ? 28 : 27
  const twin = concat(signed.bytes.subarray(0, 32), wordOfNumber(ORDER - s), Uint8Array.of(v))
  assert.equal(recoverAddress(signed.digest, toHex(signed.bytes)), signed.signer.address)
  assert.equal(recoverAddress(signed.digest, toHex(twin)), undefined)
})

test('v is 27 or 28 and nothing else', () => {
  const v = signed.bytes[64]!
  for (let other = 0; other < 256; other++) {
    const recovered = recoverAddress(signed.digest, withV(other))
    if (other === v) assert.equal(recovered, signed.signer.address)
    else if (other === 27 || other === 28) assert.notEqual(recovered, signed.signer.address)
    else assert.equal(recovered, undefined)
  }
})

test('what is not a signature recovers nobody and throws nothing', () => {
  const text = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 80 }).map(toHex),
    fc.string({ minLength: 130, maxLength: 130 }).map(inner => `0x${inner}`),
    fc.uint8Array({ minLength: 65, maxLength: 65 }).map(toHex),
  )
  fc.assert(
    fc.property(text, fc.uint8Array({ maxLength: 40 }), (signature, digest) => {
      const recovered = recoverAddress(digest, signature as Hex)
      assert.ok(recovered === undefined || /^0x[0-9a-f]{40}$/.test(recovered))
    }),
    { numRuns: 300 },
  )
  assert.equal(recoverAddress(signed.digest.subarray(1), toHex(signed.bytes)), undefined)
  assert.equal(recoverAddress(signed.digest, toHex(concat(signed.bytes, Uint8Array.of(0)))), undefined)
  assert.equal(recoverAddress(signed.digest, toHex(concat(new Uint8Array(64), Uint8Array.of(27)))), undefined)
})
