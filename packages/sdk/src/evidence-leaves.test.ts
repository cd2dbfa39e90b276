import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { HeddleError, isHeddleError, randomBytes, signerOf } from '@heddle/protocol'
import fc from 'fast-check'
import { dialProvider } from './dial.ts'
import { leavesOf } from './evidence-leaves.ts'
import { clientOf, refuse, say } from './testing/saying.ts'

const ID = `0x${'11'.repeat(32)}` as const

/** A provider that says one thing, whatever it is asked. */
async function saying(t: TestContext, body: string | Buffer | HeddleError) {
  const client = await clientOf(t, (_, stream) =>
    body instanceof HeddleError ? refuse(stream, body) : say(stream, body),
  )
  return (most = 1_000) => client.evidence(ID, most)
}

const withheld = (error: unknown): boolean => isHeddleError(error, 'evidence_withheld') && error.retryable

test('leaves are the bytes that were told', async t => {
  const evidence = await saying(t, '{"leaves":["0x00ff","0x"]}')
  assert.deepEqual(await evidence(), [Uint8Array.of(0, 255), new Uint8Array(0)])
})

test('what is not evidence counts as withheld, never as guilt', async t => {
  for (const body of [
    '',
    'nonsense',
    '[]',
    'null',
    '{"leaves":[]}',
    '{"leaves":["0x0"]}',
    '{"leaves":["0xAA"]}',
    '{"leaves":[1]}',
    '{"leaves":["0x00"],"more":1}',
    `{"leaves":["0x${'00'.repeat(131_073)}"]}`,
    '['.repeat(100),
    Buffer.from([0xff, 0xfe]),
  ]) {
    const evidence = await saying(t, body)
    await assert.rejects(evidence(1 << 20), withheld, String(body).slice(0, 40))
  }
})

test('an answer above the bound is not read to its end', async t => {
  const evidence = await saying(t, `{"leaves":["0x${'00'.repeat(5_000)}"]}`)
  await assert.rejects(evidence(1_000), withheld)
  assert.equal((await evidence(20_000)).length, 1)
})

test('that there is none is said by one code alone', async t => {
  const telling = (code: 'evidence_unknown' | 'job_unknown' | 'read_refused' | 'internal') =>
    saying(t, new HeddleError(code))
  await assert.rejects((await telling('evidence_unknown'))(), error => isHeddleError(error, 'evidence_unknown'))
  for (const code of ['job_unknown', 'read_refused', 'internal'] as const)
    await assert.rejects((await telling(code))(), withheld, code)
  const domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` } as const
  const nobody = dialProvider('http://127.0.0.1:9', { identity: { signer: signerOf(randomBytes(32)), domain } })
  await assert.rejects(nobody.evidence(ID, 1_000), withheld)
  await nobody.close()
})

test('any JSON is either leaves or withheld', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ leaves: fc.array(fc.jsonValue()) })), json => {
      try {
        assert.ok(leavesOf(json).every(leaf => leaf instanceof Uint8Array))
      } catch (error) {
        assert.ok(isHeddleError(error, 'evidence_withheld'), String(error))
      }
    }),
  )
})
