import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  concat,
  encodeFrame,
  FRAME_KINDS,
  type Frame,
  type FrameKind,
  frameReader,
  isHeddleError,
  MAX_FRAME,
} from '../index.ts'

const kinds = Object.keys(FRAME_KINDS) as FrameKind[]
const frame: fc.Arbitrary<Frame> = fc.record(
  { kind: fc.constantFrom(...kinds), payload: fc.uint8Array({ maxLength: 40 }) },
  { noNullPrototype: true },
)
const encode = (frames: readonly Frame[]): Uint8Array =>
  concat(...frames.map(({ kind, payload }) => encodeFrame(kind, payload)))

test('any frames come out as they went in, however the stream is cut', () => {
  const cuts = fc.array(fc.nat(400), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), cuts, (frames, places) => {
      const stream = encode(frames)
      const edges = [0, ...places.filter(place => place < stream.length).sort((a, b) => a - b), stream.length]
      const reader = frameReader()
      const read = edges.slice(1).flatMap((edge, i) => reader.push(stream.slice(edges[i], edge)))
      assert.deepEqual(read, frames)
      assert.equal(reader.pending(), 0)
    }),
  )
})

test('a frame arrives as soon as its last byte does, and not before', () => {
  fc.assert(
    fc.property(frame, one => {
      const reader = frameReader()
      const bytes = encode([one])
      for (let i = 0; i < bytes.length - 1; i++) assert.deepEqual(reader.push(bytes.subarray(i, i + 1)), [])
      assert.equal(reader.pending(), bytes.length - 1)
      assert.deepEqual(reader.push(bytes.subarray(-1)), [one])
    }),
  )
})

test('what was read stays as it was when the buffer it came in is used again', () => {
  const reader = frameReader()
  const bytes = encodeFrame('output', Uint8Array.of(1, 2, 3))
  const [whole] = reader.push(bytes) as [Frame]
  reader.push(bytes.subarray(0, 6))
  const rest = bytes.slice(6)
  bytes.fill(0xff)
  assert.deepEqual([...whole.payload], [1, 2, 3])
  assert.deepEqual([...reader.push(rest)[0]!.payload], [1, 2, 3])
})

test('a kind that is none, is refused, also behind good frames', () => {
  const known = new Set<number>(Object.values(FRAME_KINDS))
  const good = encodeFrame('output', Uint8Array.of(1))
  for (let kind = 0; kind < 256; kind++) {
    if (known.has(kind)) continue
    const bad = Uint8Array.of(kind, 0, 0, 0, 0)
    assert.throws(
      () => frameReader().push(bad),
      error => isHeddleError(error, 'receipt_mismatch'),
    )
    assert.throws(
      () => frameReader().push(concat(good, bad)),
      error => isHeddleError(error, 'receipt_mismatch'),
    )
  }
})

test('a frame above the limit is refused by its header, before its payload is waited for', () => {
  const header = (length: number): Uint8Array => {
    const bytes = Uint8Array.of(FRAME_KINDS.output, 0, 0, 0, 0)
    new DataView(bytes.buffer).setUint32(1, length)
    return bytes
  }
  assert.deepEqual(frameReader().push(header(MAX_FRAME)), [])
  for (const length of [MAX_FRAME + 1, 0xffff_ffff]) {
    assert.throws(
      () => frameReader().push(header(length)),
      error => isHeddleError(error, 'receipt_mismatch'),
    )
  }
  assert.equal(frameReader().push(encodeFrame('output', new Uint8Array(MAX_FRAME)))[0]!.payload.length, MAX_FRAME)
})

test('any bytes are frames or a mismatch, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      try {
        frameReader().push(bytes)
      } catch (error) {
        assert.ok(isHeddleError(error, 'receipt_mismatch'))
      }
    }),
    { numRuns: 500 },
  )
})
