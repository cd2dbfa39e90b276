import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  CALLS,
  type Call,
  encodeCall,
  encodeMessage,
  isHeddleError,
  MESSAGE_KINDS,
  type MessageKind,
  readCall,
  readMessage,
  utf8,
} from '../index.ts'

test('a call is read as it was written', () => {
  const call = fc.record(
    { call: fc.constantFrom(...CALLS), wait: fc.nat({ max: 999_999 }) },
    { requiredKeys: ['call'], noNullPrototype: true },
  )
  fc.assert(fc.property(call, one => assert.deepEqual(readCall(encodeCall(one as Call)), one)))
})

test('members of a later version are passed over', () => {
  assert.deepEqual(readCall(utf8('{"call":"job","hurry":true}')), { call: 'job' })
})

test('any bytes are a call or a bad request', () => {
  const text = fc.oneof(
    fc.json(),
    fc.record({ call: fc.anything(), wait: fc.anything() }).map(one => {
      try {
        return JSON.stringify(one)
      } catch {
        return ''
      }
    }),
  )
  const bytes = fc.oneof(fc.uint8Array(), text.map(utf8))
  fc.assert(
    fc.property(bytes, one => {
      try {
        assert.ok(CALLS.includes(readCall(one).call))
      } catch (error) {
        assert.ok(isHeddleError(error, 'bad_request'), String(error))
      }
    }),
  )
})

test('a message is read as it was written; of what is none nothing is read', () => {
  const kinds = Object.keys(MESSAGE_KINDS) as MessageKind[]
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.uint8Array(), (kind, payload) => {
      const read = readMessage(encodeMessage(kind, payload))
      assert.equal(read.kind, kind)
      assert.deepEqual([...read.payload], [...payload])
    }),
  )
  const known = new Set<number>(Object.values(MESSAGE_KINDS))
  for (let kind = 0; kind < 256; kind++) {
    if (known.has(kind)) continue
    assert.throws(
      () => readMessage(Uint8Array.of(kind, 1)),
      error => isHeddleError(error, 'receipt_mismatch'),
    )
  }
  assert.throws(() => readMessage(new Uint8Array(0)), /receipt_mismatch|not made of messages/)
})
