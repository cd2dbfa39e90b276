import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Answerer, Dialler, type Link } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import { canonical, type Domain, encodeCall, randomBytes, signerOf, toHex, utf8 } from '@heddle/protocol'
import { answerCalls } from './answer.ts'

const domain: Domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` }
const log = { info() {}, warn() {}, error() {} }

/** A provider that keeps one answer of so many bytes, and its payer's link to it. */
async function stage(t: TestContext, { bytes, unread }: { bytes: number; unread: number }): Promise<Link> {
  const payer = signerOf(randomBytes(32))
  const rows = { receipts: { signed: '{"receipt":{"channel":"0x00"}}' }, jobs: { output: new Uint8Array(bytes) } }
  const parts = {
    running: new Set(),
    ledger: { read: async (table: keyof typeof rows) => [rows[table]] },
    receiver: { channel: async () => ({ payerAuthorizer: payer.address }) },
  }
  const limits = { bytes: 1_000, depth: 10, arrival: 30_000 }
  const answerer = new Answerer({
    identity: { signer: signerOf(randomBytes(32)), domain },
    onStream: answerCalls({ parts, limits, unread, log, posted() {} } as never),
  })
  const server = createServer().on('upgrade', answerUpgrades(answerer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const dialler = new Dialler({
    identity: { signer: payer, domain },
    connect: () => dialWebSocket(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    onStream: stream => stream.reset('bad_request'),
  })
  t.after(() => {
    dialler.close()
    answerer.close()
    server.close()
  })
  return dialler.link()
}

test('a stored answer that nobody takes is not kept for ever', async t => {
  const link = await stage(t, { bytes: 4 << 20, unread: 300 })
  const stream = link.open(encodeCall({ call: 'output' }))
  stream.send(utf8(canonical({ id: toHex(randomBytes(32)) })))
  while (!stream.error) await new Promise(setImmediate)
  assert.match(stream.error.message, /unread/)
  assert.equal(link.error, undefined)
})
