import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@heddle/protocol'
import fc from 'fast-check'
import { implementation as native } from './native.ts'
import { implementation as portable } from './portable.ts'

const both = [native, portable]
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const number = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })

test('there are two, not one twice', () => assert.notEqual(native, portable))

test('RFC 7748, 6.1: X25519', () => {
  const bob = fromHex('0x5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')
  const alice = fromHex('0x8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a')
  for (const { publicKey, agree } of both) {
    assert.equal(toHex(publicKey(bob)), '0xde9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f')
    assert.equal(toHex(agree(bob, alice)!), '0x4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742')
  }
})

test('RFC 5869, A.1: HKDF-SHA256', () => {
  const [shared, salt] = [new Uint8Array(22).fill(0x0b), fromHex('0x000102030405060708090a0b0c')]
  const info = fromHex('0xf0f1f2f3f4f5f6f7f8f9')
  for (const { derive } of both)
    assert.equal(
      toHex(derive(shared, salt, info)),
      '0x3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf',
    )
})

test('AES-256-GCM, test case 14 of McGrew and Viega', () => {
  for (const { sealing } of both) {
    const { seal } = sealing(new Uint8Array(32))
    assert.equal(
      toHex(seal(0n, new Uint8Array(16))),
      '0xcea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    )
  }
})

test('a key of small order is no key', () => {
  for (const { agree } of both) {
    assert.equal(agree(new Uint8Array(32).fill(7), new Uint8Array(32)), undefined)
    assert.equal(agree(new Uint8Array(32).fill(7), Uint8Array.of(1, ...new Uint8Array(31))), undefined)
  }
})

test('native and portable agree; what one seals the other opens', () => {
  fc.assert(
    fc.property(bytes32, bytes32, fc.uint8Array({ maxLength: 300 }), number, (one, two, plain, at) => {
      assert.deepEqual(native.publicKey(one), portable.publicKey(one))
      const theirs = native.publicKey(two)
      const shared = native.agree(one, theirs)!
      assert.deepEqual(shared, portable.agree(one, theirs))
      const key = native.derive(shared, one, plain)
      assert.deepEqual(key, portable.derive(shared, one, plain))
      const sealed = native.sealing(key).seal(at, plain)
      assert.deepEqual(new Uint8Array(sealed), portable.sealing(key).seal(at, plain))
      assert.deepEqual(new Uint8Array(native.sealing(key).open(at, sealed)!), plain)
      assert.deepEqual(portable.sealing(key).open(at, sealed), plain)
    }),
    { numRuns: 30 },
  )
})

test('another bit, another number, another key, a part: nothing opens', () => {
  fc.assert(
    fc.property(bytes32, fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.nat(), (key, plain, where, cut) => {
      for (const { sealing } of both) {
        const { seal, open } = sealing(key)
        const sealed = new Uint8Array(seal(5n, plain))
        const flipped = sealed.slice()
        flipped[where % sealed.length]! ^= 1 << (cut % 8)
        assert.equal(open(5n, flipped), undefined)
        assert.equal(open(6n, sealed), undefined)
        assert.equal(open(5n, sealed.slice(0, cut % sealed.length)), undefined)
        assert.equal(sealing(key.map(byte => byte ^ 1)).open(5n, sealed), undefined)
      }
    }),
    { numRuns: 30 },
  )
})
