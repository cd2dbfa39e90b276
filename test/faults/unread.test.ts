import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { SignedReceipt } from '@heddle/protocol'
import { API_KEY, answered, question, startGatewayStage } from './gateway-stage.ts'
import { openFunded, type Stage, startStage } from './stage.ts'

/** Far more than lies between a gateway and a client that reads nothing. */
const TOKENS = 20_000
const WORD = `${'w'.repeat(1_500)} `
const LIMITS = { maxCompletion: 32_768, concurrency: 1 }

/** Asks for a long stream over a socket of its own, and reads nothing of it. */
async function unreadStream(t: TestContext, url: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  const body = JSON.stringify(question({ max_tokens: TOKENS, stream: true }))
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${API_KEY}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return socket
}

/** An engine with one place, that writes faster than anybody reads. */
const flood = (t: TestContext): Promise<Stage> =>
  startStage(t, {
    script: { tokens: TOKENS, word: () => WORD },
    limits: LIMITS,
    exposure: 1_000_000n,
    patience: 60_000,
  })

test(
  'a client that asks for a stream and does not read it gives its place to the next, and pays what was delivered',
  {
    timeout: 300_000,
  },
  async t => {
    const stage = await flood(t)
    const gateway = await startGatewayStage(t, [stage], {
      unread: 500,
      queueWait: 250_000,
      deposit: 400_000n,
      funds: 2_000_000n,
    })
    const other = await gateway.key({ name: 'other' })
    await unreadStream(t, gateway.url)
    while (stage.worker.asked.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    // The only place is taken until the one that reads nothing is left.
    const next = await answered(await gateway.ask(question({ max_tokens: 4 }), other))
    assert.equal(next.model, 'scripted')
    const receipts = (await gateway.ledger.read('receipts')).map(
      row => (JSON.parse(row.signed) as SignedReceipt).receipt,
    )
    const [left] = receipts.filter(({ finish }) => finish === 'interrupted')
    assert.ok(left, 'its job ended with a receipt of its own')
    assert.ok(BigInt(left.charge) > 0n)
    assert.ok(BigInt(left.usage['completion']!) < BigInt(TOKENS))
  },
)

test('whoever asks a provider itself and reads nothing is left in the same way', { timeout: 300_000 }, async t => {
  const stage = await startStage(t, {
    script: { tokens: TOKENS, word: () => WORD },
    limits: LIMITS,
    exposure: 1_000_000n,
    edge: { unread: 500 },
  })
  const { payer, ledger, worker } = stage
  await openFunded(stage, 400_000n, 300_000n)
  await payer.link.ask('job', payer.job({ limit: '300000' }, TOKENS))
  while ((await ledger.read('receipts')).length === 0) await new Promise(resolve => setTimeout(resolve, 20))
  const [stored] = await ledger.read('receipts')
  const { receipt } = JSON.parse(stored!.signed) as SignedReceipt
  assert.equal(receipt.finish, 'interrupted')
  assert.ok(BigInt(receipt.charge) > 0n)
  assert.equal(worker.asked.length, 1)
})
