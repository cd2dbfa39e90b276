import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { canonical, concat, unpackReceipt, utf8 } from '@heddle/protocol'
import { startBetween } from '../link/between.ts'
import { question, refused, startGatewayStage } from './gateway-stage.ts'
import { type Stage, startStage } from './stage.ts'

/** A provider that gives altered receipts with its answers, and no receipts afterwards; the rest is what it is. */
async function alteredBy(t: TestContext, stage: Stage, alter: (receipt: Uint8Array) => Uint8Array): Promise<Stage> {
  const url = await startBetween(t, stage, {
    instead(call, stream) {
      if (call === 'receipts') stream.reset('aborted')
      return call === 'receipts'
    },
    tell: (call, { kind, payload }) => [
      { kind, payload: call === 'job' && kind === 'receipt' ? alter(payload) : payload },
    ],
  })
  return { ...stage, url }
}

const altered: [string, string, (receipt: Uint8Array) => Uint8Array][] = [
  ['cut short', 'receipt_malformed', receipt => receipt.subarray(0, -1)],
  ['with a byte after it', 'receipt_malformed', receipt => concat(receipt, Uint8Array.of(0))],
  ['of another version', 'receipt_malformed', receipt => concat(Uint8Array.of(0xff), receipt.subarray(1))],
  ['as JSON', 'receipt_malformed', receipt => utf8(canonical(unpackReceipt(receipt)))],
  ['of no bytes', 'receipt_malformed', () => new Uint8Array(0)],
  ['with another channel', 'receipt_signature', receipt => receipt.with(20, receipt[20]! ^ 1)],
]

test('a receipt message that holds no receipt of this answer ends it, and nothing is recorded as paid', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  for (const [name, code, alter] of altered) {
    const gateway = await startGatewayStage(t, [await alteredBy(t, stage, alter)])
    assert.equal((await refused(await gateway.ask(question()))).code, code, name)
    assert.deepEqual(await gateway.ledger.read('receipts', {}), [], name)
    await gateway.stop()
  }
})

test('a provider whose receipt cannot be read gets no further question', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const gateway = await startGatewayStage(t, [await alteredBy(t, stage, receipt => receipt.subarray(1))])
  assert.equal((await refused(await gateway.ask(question()))).code, 'receipt_malformed')
  const asked = stage.worker.asked.length
  assert.equal((await gateway.ask(question())).ok, false)
  assert.equal(stage.worker.asked.length, asked)
})

test('the same way without an altered receipt is answered', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const gateway = await startGatewayStage(t, [await alteredBy(t, stage, receipt => receipt)])
  assert.equal((await gateway.ask(question())).status, 200)
  assert.equal((await gateway.ledger.read('receipts', {})).length, 1)
})
