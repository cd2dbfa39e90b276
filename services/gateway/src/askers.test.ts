import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JobRequest, randomBytes, toHex, WIRE_VERSION } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { Askers } from './askers.ts'

const { wordOf } = fixture
const secret = randomBytes(32)
const askers = new Askers(secret)
const keys = Array.from({ length: 20 }, (_, i) => toHex(randomBytes(32)).slice(2 + (i % 2)))
const job = (over: Partial<JobRequest> = {}): Omit<JobRequest, 'nonce'> => ({
  channel: wordOf(1),
  expires: 1_800_000_000,
  limit: '100',
  offer: wordOf(2),
  spec: { words: 'weave' },
  version: WIRE_VERSION,
  workload: 'inference',
  ...over,
})

test('a job names its key to whoever has the secret, also after a start, and to nobody else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.nat(1_000_000), (key, expires) => {
      const asked = { ...job({ expires }), nonce: askers.nonceFor(key, job({ expires })) }
      assert.match(asked.nonce, /^0x[0-9a-f]{64}$/)
      assert.equal(new Askers(secret).askerOf(asked, keys), key)
      assert.equal(new Askers(randomBytes(32)).askerOf(asked, keys), undefined)
      const others = keys.filter(one => one !== key)
      assert.equal(askers.askerOf(asked, others), undefined)
    }),
  )
})

test('two nonces of a key have nothing in common', () => {
  const [a, b] = [askers.nonceFor(keys[0]!, job()), askers.nonceFor(keys[0]!, job())]
  assert.notEqual(a.slice(0, 42), b.slice(0, 42))
  assert.notEqual(a.slice(42), b.slice(42))
})

test('a nonce that somebody saw, brought again as their own, charges nobody: it is of one job', () => {
  const nonce = askers.nonceFor(keys[0]!, job())
  const others: Partial<JobRequest>[] = [
    { channel: wordOf(3) },
    { expires: 1_800_000_001 },
    { limit: '101' },
    { offer: wordOf(4) },
    { spec: { words: 'spin' } },
  ]
  for (const over of others) assert.equal(askers.askerOf({ ...job(over), nonce }, keys), undefined)
})

test('a nonce that the asker chose names nobody', () => {
  for (let i = 0; i < 100; i++)
    assert.equal(askers.askerOf({ ...job(), nonce: toHex(randomBytes(32)) }, keys), undefined)
})
