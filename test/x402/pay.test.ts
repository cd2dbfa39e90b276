import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReceiver, readTokenBalance } from '@heddle/chain'
import type { Row, Snapshot, TableName } from '@heddle/ledger'
import { type Hex, SETTLEMENT_ADDRESS, signerOf } from '@heddle/protocol'
import { startStage } from '../faults/stage.ts'
import { ledgerOf, settled, startAudit } from './books.ts'
import { ask, headerOf, payingClient, paymentOf, question, readStream, receiptOf } from './client.ts'

const WEALTH = 1_000_000n
const text = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { choices: { message: { content: string } }[] }
  return body.choices[0]!.message.content
}

test('x402 as it comes from npm: three answers on one channel, one deposit, and what was not used stays with the payer', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  const receipts = []
  for (let i = 0; i < 3; i++) {
    const response = await ask(stage, client)
    assert.equal(response.status, 200)
    assert.equal(await text(response), 'wov '.repeat(5))
    receipts.push(receiptOf(stage, paymentOf(response)))
  }
  assert.deepEqual(
    client.sent.map(({ response }) => response.status),
    [402, 200, 402, 200, 402, 200],
  )
  assert.deepEqual(
    receipts.map(one => [one.sequence, one.charge, one.charged]),
    [
      ['1', '60', '60'],
      ['2', '60', '120'],
      ['3', '60', '180'],
    ],
  )
  assert.deepEqual(receipts[0]!.usage, { prompt: '10', cached: '0', completion: '5' })
  assert.equal(receipts[0]!.model, stage.offer.serves.digest)
  const { transactions, channels } = ledgerOf(stage)
  assert.equal(transactions.length, 1)
  assert.equal(channels[0]!.charged, 180n)
})

test('the first 402 is signed by the key that signs receipts, and says what it costs at most', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const response = await fetch(`${stage.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(question()) })
  assert.equal(response.status, 402)
  assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'payment_required')
  const required = headerOf<{
    accepts: { scheme: string; network: string; amount: string; payTo: string }[]
    extensions: { 'offer-receipt': { info: { offers: { payload: { amount: string; scheme: string } }[] } } }
  }>(response, 'PAYMENT-REQUIRED')!
  const { verifyOfferSignatureEIP712 } = await import('@x402/extensions/offer-receipt')
  const { offers } = required.extensions['offer-receipt'].info
  for (const [i, one] of required.accepts.entries()) {
    assert.equal(one.network, `eip155:${stage.devnet.chainId}`)
    assert.equal(one.payTo, stage.offer.receiver)
    const { signer, payload } = await verifyOfferSignatureEIP712(offers[i] as never)
    assert.equal(signer.toLowerCase(), stage.provider.address)
    assert.equal(payload.amount, one.amount)
    assert.equal(payload.scheme, one.scheme)
  }
  assert.deepEqual(
    required.accepts.map(one => one.scheme),
    ['batch-settlement', 'exact'],
  )
  assert.equal(stage.worker.asked.length, 0)
})

test("x402's own receipt names who paid and where, under the same key", async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  const payment = paymentOf(await ask(stage, client))
  const { verifyReceiptSignatureEIP712 } = await import('@x402/extensions/offer-receipt')
  const made = payment.extensions!['offer-receipt']!.info.receipt
  const { signer, payload } = await verifyReceiptSignatureEIP712(made as never)
  assert.equal(signer.toLowerCase(), stage.provider.address)
  assert.equal(payload.payer.toLowerCase(), client.account.address.toLowerCase())
  assert.equal(payload.resourceUrl, `${stage.url}/v1/chat/completions`)
})

test('a stream settles by its last event, and the next request is corrected by a 402 that the client answers itself', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  const response = await ask(stage, client, question({ stream: true }))
  assert.equal(response.status, 200)
  const early = paymentOf(response)
  assert.equal(early.extra!.chargedAmount, '0')
  const { text: streamed, payment } = await readStream(response)
  assert.equal(streamed, 'wov '.repeat(5))
  assert.equal(payment!.extra!.chargedAmount, '60')
  assert.equal(receiptOf(stage, payment!).charged, '60')
  const next = await ask(stage, client, question({ max_tokens: 20 }))
  assert.equal(next.status, 200)
  assert.equal(receiptOf(stage, paymentOf(next)).charged, '120')
  assert.deepEqual(
    client.sent.map(one => one.response.status),
    [402, 200, 402, 402, 200],
  )
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('a client that reads the last event needs no correction, nor a node to read the chain from', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage, 'batch-settlement', { reads: false })
  const { processPaymentResponse } = await import('@x402/evm/batch-settlement/client')
  const { encodePaymentResponseHeader } = await import('@x402/core/http')
  for (let i = 1; i <= 3; i++) {
    const response = await ask(stage, client, question({ stream: true }))
    assert.equal(response.status, 200)
    const { payment } = await readStream(response)
    const { channelId } = payment!.extra!.channelState as unknown as { channelId: string }
    await processPaymentResponse(client.storage, () => encodePaymentResponseHeader(payment as never), {
      channelId,
      requestAmount: '309',
    } as never)
    assert.equal(payment!.extra!.channelState.chargedCumulativeAmount, String(i * 60))
  }
  assert.equal(client.sent.length, 6)
})

test('exact: paid once and in full, before the answer leaves, streamed or not', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage, 'exact')
  const whole = await ask(stage, client)
  assert.equal(whole.status, 200)
  assert.equal(await text(whole), 'wov '.repeat(5))
  const payment = paymentOf(whole)
  const receipt = receiptOf(stage, payment)
  assert.equal(receipt.charge, '309')
  assert.equal(receipt.sequence, '1')
  assert.deepEqual(receipt.usage, { prompt: '10', cached: '0', completion: '5' })
  const streamed = await ask(stage, client, question({ stream: true }))
  assert.match(paymentOf(streamed).transaction, /^0x[0-9a-f]{64}$/)
  const { text: read, payment: last } = await readStream(streamed)
  assert.equal(read, 'wov '.repeat(5))
  assert.equal(receiptOf(stage, last!).charge, '309')
  assert.notEqual(receiptOf(stage, last!).channel, receipt.channel)
  const { client: chain, devnet, offer } = stage
  assert.equal(await readTokenBalance(chain, devnet.token, offer.receiver), 618n)
  assert.equal(await readTokenBalance(chain, devnet.token, client.account.address.toLowerCase() as Hex), WEALTH - 618n)
})

test('what was earned is claimed on chain to the last unit, and the books are green; any altered row turns them red', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { audit } = await startAudit(stage)
  const batch = await payingClient(stage)
  const once = await payingClient(stage, 'exact')
  for (let i = 0; i < 2; i++) assert.equal((await ask(stage, batch)).status, 200)
  await (await ask(stage, batch, question({ stream: true }))).text()
  assert.equal((await ask(stage, once)).status, 200)
  const { client: chain, devnet, offer } = stage
  const deposit = await readTokenBalance(chain, devnet.token, SETTLEMENT_ADDRESS)
  const claimed = await fetch(`${stage.url}/heddle/1/admin/claim`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin' },
  })
  assert.equal(((await claimed.json()) as { amount: string }).amount, '180')
  assert.deepEqual(await readReceiver(chain, offer.receiver, devnet.token), { claimed: 180n, settled: 180n })
  assert.equal(await readTokenBalance(chain, devnet.token, offer.receiver), 180n + 309n)
  assert.equal(await readTokenBalance(chain, devnet.token, SETTLEMENT_ADDRESS), deposit - 180n)
  const payer = batch.account.address.toLowerCase() as Hex
  assert.equal(await readTokenBalance(chain, devnet.token, payer), WEALTH - deposit)

  await settled(stage)
  await stage.stopProvider()
  const good = ledgerOf(stage)
  const { rows, apart, ...rest } = await audit(good)
  assert.ok(rows > 20)
  assert.deepEqual(rest, { green: true, findings: [], running: 0, keyless: { receipts: 0, charge: '0' } })
  // A stranger that pays over x402 keeps no ledger of ours.
  assert.deepEqual(
    apart.map(({ row }) => row),
    good.channels.map(({ id }) => id),
  )
  assert.equal(good.receipts.length, 4)
  for (const { name, ledger } of alterations(good, ['x402', 'jobs', 'receipts', 'channels', 'transactions'])) {
    assert.equal((await audit(ledger)).green, false, name)
  }
})

/** Every column of every row of these tables, changed one at a time. */
function* alterations(good: Snapshot, tables: readonly TableName[]): Iterable<{ name: string; ledger: Snapshot }> {
  for (const table of tables) {
    for (const [i, row] of good[table].entries()) {
      for (const [column, value] of Object.entries(row)) {
        const rows = (good[table] as readonly Row<TableName>[]).with(i, { ...row, [column]: altered(value) } as never)
        yield { name: `${table}[${i}].${column}`, ledger: { ...good, [table]: rows } as Snapshot }
      }
    }
  }
}

const altered = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value + 1n
  if (typeof value === 'number') return value + 1
  if (value instanceof Uint8Array) return Uint8Array.of(...value, 1)
  if (value === null) return 'something'
  const text = String(value)
  if (/^0x[0-9a-f]+$/.test(text)) return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
  return `${text}0`
}

test('a key of the signer pays from its own wallet only: nobody is charged for another', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const poor = await payingClient(stage, 'exact', { wealth: 0n })
  const response = await ask(stage, poor)
  assert.equal(response.status, 402)
  assert.equal(
    headerOf<{ error: string }>(response, 'PAYMENT-REQUIRED')!.error,
    'invalid_exact_evm_insufficient_balance',
  )
  assert.equal(stage.worker.asked.length, 0)
  assert.notEqual(signerOf(stage.keys.gas).address, poor.account.address.toLowerCase())
})
