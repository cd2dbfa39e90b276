import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { utf8 } from '../bytes.ts'
import { implementation as native } from './native.ts'
import { implementation as portable } from './portable.ts'

test('FIPS 180-4: one block, two blocks, nothing', () => {
  const vectors: [string, string][] = [
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ]
  for (const [text, digest] of vectors) {
    assert.equal(native.hex(text), digest)
    assert.equal(portable.hex(text), digest)
    assert.equal(native.hex(utf8(text)), digest)
  }
})

test('native and portable agree, whole and in pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), pieces => {
      const [a, b] = [native.start(), portable.start()]
      for (const piece of pieces) {
        a.add(piece)
        b.add(piece)
        assert.equal(a.hex(), b.hex())
      }
      assert.equal(a.hex(), native.hex(Buffer.concat(pieces)))
    }),
  )
})
