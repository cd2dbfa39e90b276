import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { concat, digestOf, fromHex, fromUtf8, isHeddleError, startDigest, toHex, utf8 } from './index.ts'

test('hex and bytes are each other’s inverse; what is not hex is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      assert.deepEqual(fromHex(toHex(bytes)), bytes)
      assert.equal(toHex(fromHex(toHex(bytes).toUpperCase().replace('0X', '0x'))), toHex(bytes))
    }),
  )
  for (const text of ['', '0', '00', '0x0', '0xg0', '0x00 ', '0x00\n', 'x00']) {
    assert.throws(
      () => fromHex(text),
      error => isHeddleError(error, 'bad_request'),
    )
  }
})

test('UTF-8 and text are each other’s inverse; what is not UTF-8 is refused', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void assert.equal(fromUtf8(utf8(text)), text)))
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf5, 0x80, 0x80, 0x80]]) {
    assert.throws(
      () => fromUtf8(Uint8Array.from(bytes)),
      error => isHeddleError(error, 'bad_json'),
    )
  }
})

test('a digest over pieces is the digest of the whole, at every moment', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), pieces => {
      const running = startDigest()
      for (const [i, piece] of pieces.entries()) {
        running.add(piece)
        assert.equal(running.read(), digestOf(concat(...pieces.slice(0, i + 1))))
      }
      assert.equal(running.read(), digestOf(concat(...pieces)))
    }),
  )
  const empty = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  assert.equal(digestOf(new Uint8Array(0)), empty)
})
