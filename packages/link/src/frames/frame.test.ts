import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { encodeFrame, type Frame, MAX_PAYLOAD, readFrames } from './frame.ts'

const stream = fc.integer({ min: 0, max: 2 ** 49 - 1 })
const payload = fc.uint8Array({ maxLength: 300 })
const code = fc.stringMatching(/^[a-z0-9_]{1,64}$/)
export const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), stream, payload }),
  fc.record({ kind: fc.constant('data' as const), stream, payload, more: fc.boolean() }),
  fc.record({ kind: fc.constant('window' as const), stream, bytes: stream }),
  fc.record({ kind: fc.constant('end' as const), stream }),
  fc.record({ kind: fc.constant('reset' as const), stream, code }),
  fc.record({ kind: fc.constantFrom('from' as const, 'ack' as const), count: stream }),
  fc.constant({ kind: 'alive' as const }),
  fc.record({ kind: fc.constant('close' as const), code }),
)

test('any frames are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 8 }), frames => {
      const read = readFrames(concat(...frames.map(encodeFrame)))
      assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(frames)))
    }),
  )
})

test('any bytes are frames in the one form that they have, or link_broken', () => {
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.tuple(anyFrame, fc.nat(), fc.nat({ max: 255 })).map(([frame, at, byte]) => {
      const bytes = encodeFrame(frame).slice()
      bytes[at % bytes.length] = byte
      return bytes
    }),
  )
  fc.assert(
    fc.property(some, bytes => {
      try {
        assert.deepEqual(concat(...readFrames(bytes).map(encodeFrame)), new Uint8Array(bytes))
      } catch (error) {
        assert(isHeddleError(error, 'link_broken'), String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a frame is as long as it may be, and not a byte longer', () => {
  const longest = encodeFrame({ kind: 'data', stream: 2 ** 49 - 1, payload: new Uint8Array(MAX_PAYLOAD), more: true })
  assert.equal(readFrames(longest).length, 1)
  const one = encodeFrame({ kind: 'data', stream: 1, payload: new Uint8Array(MAX_PAYLOAD + 1), more: false })
  assert.throws(() => readFrames(one), /65537 bytes in one frame/)
})
