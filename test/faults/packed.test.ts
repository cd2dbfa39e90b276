import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { canonical, concat, encodeFrame, frameReader, unpackReceipt, utf8 } from '@heddle/protocol'
import { question, refused, startGatewayStage } from './gateway-stage.ts'
import { type Stage, startStage } from './stage.ts'

/** A provider that gives altered receipts with its answers, and no receipts afterwards; the rest is what it is. */
async function alteredBy(t: TestContext, stage: Stage, alter: (receipt: Uint8Array) => Uint8Array): Promise<Stage> {
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { method = 'GET', url = '', headers } = request
    if (url.includes('/receipts')) return void response.writeHead(503).end('{}')
    const { 'content-type': type } = headers
    const answer = await fetch(stage.url + url, {
      method,
      ...(type ? { headers: { 'content-type': type } } : {}),
      ...(method === 'GET' ? {} : { body: Buffer.concat(parts) }),
    })
    const body = new Uint8Array(await answer.arrayBuffer())
    const frames = url === '/heddle/1/jobs' && answer.ok ? frameReader().push(body) : undefined
    const shown = frames?.map(({ kind, payload }) => encodeFrame(kind, kind === 'receipt' ? alter(payload) : payload))
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(shown ? concat(...shown) : body)
  }
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { ...stage, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const altered: [string, string, (receipt: Uint8Array) => Uint8Array][] = [
  ['cut short', 'receipt_malformed', receipt => receipt.subarray(0, -1)],
  ['with a byte after it', 'receipt_malformed', receipt => concat(receipt, Uint8Array.of(0))],
  ['of another version', 'receipt_malformed', receipt => concat(Uint8Array.of(0xff), receipt.subarray(1))],
  ['as JSON', 'receipt_malformed', receipt => utf8(canonical(unpackReceipt(receipt)))],
  ['of no bytes', 'receipt_malformed', () => new Uint8Array(0)],
  ['with another channel', 'receipt_signature', receipt => receipt.with(20, receipt[20]! ^ 1)],
]

test('a receipt frame that holds no receipt of this answer ends it, and nothing is recorded as paid', async t => {
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
