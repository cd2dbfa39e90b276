import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTokenBalance } from '@heddle/chain'
import { fromHex, type Hex, SETTLEMENT_ADDRESS, signerOf, signVoucher, ZERO_ADDRESS } from '@heddle/protocol'
import { authorizationTypes } from '@x402/evm'
import { type Stage, startStage } from '../faults/stage.ts'
import { until } from '../until.ts'
import { channelOf, ledgerOf } from './books.ts'
import {
  again,
  ask,
  type Client,
  headerOf,
  payingClient,
  paymentOf,
  question,
  readStream,
  receiptOf,
} from './client.ts'

const MISMATCH = 'invalid_batch_settlement_evm_cumulative_amount_mismatch'
const ELSEWHERE: Hex = `0x${'11'.repeat(32)}`
const reasonOf = (response: Response) => headerOf<{ error?: string }>(response, 'PAYMENT-REQUIRED')?.error
const statuses = (client: Client) => client.sent.map(({ response }) => response.status)
const lastPaid = (client: Client) => client.sent.findLast(({ headers }) => headers.has('payment-signature'))!
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

type Payload = {
  accepted: { amount: string; extra: Record<string, unknown> }
  payload: {
    voucher: { channelId: Hex; maxClaimableAmount: string; signature: Hex }
    channelConfig: Record<string, unknown>
    authorization: Record<string, string>
    signature: Hex
  }
}

/** A payment as it was sent, with something changed. */
function changed(client: Client, change: (payload: Payload) => void): string {
  const header = lastPaid(client).headers.get('payment-signature')!
  const payload = JSON.parse(Buffer.from(header, 'base64').toString()) as Payload
  change(payload)
  return Buffer.from(JSON.stringify(payload)).toString('base64')
}

/** A client that has paid for one answer on a channel. */
async function paidOnce(t: Parameters<typeof startStage>[0], options: Partial<Parameters<typeof startStage>[1]> = {}) {
  const stage = await startStage(t, { script: { tokens: 5 }, ...options })
  const client = await payingClient(stage)
  const first = await ask(stage, client)
  assert.equal(first.status, 200)
  const { channel } = receiptOf(stage, paymentOf(first))
  return { stage, client, first: receiptOf(stage, paymentOf(first)), channel }
}

test('a payment that is sent again gets the same answer and the same receipt, and is charged once', async t => {
  const { stage, client, first, channel } = await paidOnce(t)
  for (let i = 0; i < 2; i++) {
    const response = await again(lastPaid(client))
    assert.equal(response.status, 200)
    assert.deepEqual(receiptOf(stage, paymentOf(response)), first)
    assert.match(await response.text(), /wov wov wov wov wov/)
  }
  assert.equal(channelOf(stage, channel).charged, '60')
  assert.equal(stage.worker.asked.length, 1)
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('a payment for one request buys no other', async t => {
  const { stage, client, channel } = await paidOnce(t)
  const other = await again(lastPaid(client), { body: JSON.stringify(question({ temperature: 0 })) })
  assert.equal(reasonOf(other), MISMATCH)
  const dearer = await again(lastPaid(client), { body: JSON.stringify(question({ max_tokens: 900 })) })
  assert.equal(reasonOf(dearer), 'invalid_payment_requirements')
  assert.equal(channelOf(stage, channel).charged, '60')
  assert.equal(stage.worker.asked.length, 1)
})

test('a voucher of another chain, another contract, another key or another channel buys nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  await ask(stage, client)
  const asked = stage.worker.asked.length
  const here = { chainId: stage.devnet.chainId, settlement: SETTLEMENT_ADDRESS }
  const key = signerOf(fromHex(client.secret))
  const stranger = signerOf(new Uint8Array(32).fill(7))
  const sign =
    (domain: typeof here, signer: typeof key, ceiling = 369n) =>
    ({ payload: { voucher } }: Payload) => {
      voucher.maxClaimableAmount = ceiling.toString()
      voucher.signature = signVoucher(domain, voucher.channelId, ceiling, signer).signature
    }
  const wrong: [string, (payload: Payload) => void][] = [
    ['invalid_batch_settlement_evm_voucher_signature', sign({ ...here, chainId: here.chainId + 1 }, key)],
    ['invalid_batch_settlement_evm_voucher_signature', sign({ ...here, settlement: ZERO_ADDRESS }, key)],
    ['invalid_batch_settlement_evm_voucher_signature', sign(here, stranger)],
    [MISMATCH, sign(here, key, 368n)],
    [MISMATCH, sign(here, key, 370n)],
    [
      'invalid_batch_settlement_evm_channel_id_mismatch',
      ({ payload }) => Object.assign(payload.voucher, { channelId: ELSEWHERE }),
    ],
    [
      'invalid_batch_settlement_evm_channel_id_mismatch',
      ({ payload }) => Object.assign(payload.channelConfig, { withdrawDelay: 900 }),
    ],
    ['payment_refused', ({ payload }) => Object.assign(payload.voucher, { signature: '0x12' })],
    ['invalid_payment_requirements', ({ accepted }) => Object.assign(accepted, { amount: '1' })],
    ['invalid_payment_requirements', ({ accepted }) => Object.assign(accepted.extra, { offer: ELSEWHERE })],
  ]
  for (const [reason, change] of wrong) {
    const response = await again(lastPaid(client), { header: changed(client, change) })
    assert.equal(response.status, 402)
    assert.equal(reasonOf(response), reason)
  }
  for (const header of [
    '',
    'not base64 !',
    Buffer.from('{}').toString('base64'),
    Buffer.from('[').toString('base64'),
  ]) {
    const response = await again(lastPaid(client), { header })
    assert.equal(response.status, 402, header)
    assert.ok(response.headers.has('payment-required'))
  }
  assert.equal(stage.worker.asked.length, asked)
})

test('a client that lost what it knew of its channel is told by a 402, checks it against its own signature, and goes on', async t => {
  const { stage, client } = await paidOnce(t)
  const forgetful = await payingClient(stage, 'batch-settlement', { secret: client.secret, wealth: 0n })
  const response = await ask(stage, forgetful, question({ temperature: 0 }))
  assert.equal(response.status, 200)
  assert.deepEqual(statuses(forgetful), [402, 402, 200])
  assert.equal(receiptOf(stage, paymentOf(response)).charged, '120')
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('two requests at once on one channel follow each other: both are answered, one deposit is made', async t => {
  const stage = await startStage(t, { script: { tokens: 5, between: 20 } })
  const client = await payingClient(stage)
  const answers = await Promise.all([ask(stage, client), ask(stage, client, question({ max_tokens: 20 }))])
  const receipts = answers.map(one => receiptOf(stage, paymentOf(one)))
  assert.deepEqual(receipts.map(one => one.sequence).sort(), ['1', '2'])
  assert.deepEqual(receipts.map(one => one.charged).sort(), ['120', '60'])
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('a reader that goes away in mid-stream is charged for what was delivered, and its next request goes on from there', async t => {
  const stage = await startStage(t, { script: { tokens: 60, between: 20 } })
  const client = await payingClient(stage)
  const leave = new AbortController()
  const response = await ask(stage, client, question({ stream: true, max_tokens: 60 }), leave.signal)
  const reader = response.body!.getReader()
  for (let i = 0; i < 3; i++) await reader.read()
  // Nothing more comes until the provider sees that its client is gone, however late that is.
  stage.worker.script.between = 600_000
  leave.abort()
  await reader.read().catch(() => undefined)
  await until(() => ledgerOf(stage).receipts.length > 0, 'a receipt')
  const { receipt } = JSON.parse(ledgerOf(stage).receipts[0]!.signed) as { receipt: Record<string, string> }
  assert.equal(receipt['finish'], 'interrupted')
  const charged = BigInt(receipt['charge']!)
  assert.ok(charged > 0n && charged < 610n, `${charged}`)
  stage.worker.script.between = 0
  const next = await ask(stage, client, question({ stream: true, max_tokens: 60 }))
  const { text, payment } = await readStream(next)
  assert.equal(text, 'wov '.repeat(60))
  assert.equal(receiptOf(stage, payment!).charged, String(charged + 610n))
  assert.deepEqual(statuses(client), [402, 200, 402, 402, 200])
})

test('a whole answer whose client has gone is finished, and given to it when it asks again: charged once', async t => {
  const stage = await startStage(t, { script: { tokens: 10, between: 20 } })
  const client = await payingClient(stage)
  await ask(stage, client)
  const leave = new AbortController()
  const gone = ask(stage, client, question({ max_tokens: 10 }), leave.signal)
  while (stage.worker.asked.length < 2) await pause(5)
  leave.abort()
  await assert.rejects(gone)
  const response = await ask(stage, client, question({ max_tokens: 10 }))
  assert.equal(response.status, 200)
  assert.equal(receiptOf(stage, paymentOf(response)).charged, '220')
  assert.equal(stage.worker.asked.length, 2)
  assert.equal((await ask(stage, client)).status, 200)
})

test('an engine that dies before the end: a whole answer costs nothing, the deposit stays, and the next one is paid from it', async t => {
  const stage = await startStage(t, { script: { tokens: 5, dieAt: 3 } })
  const client = await payingClient(stage, 'batch-settlement', { reads: false })
  const failed = await ask(stage, client)
  assert.equal(failed.status, 503)
  assert.equal(paymentOf(failed).extra!.chargedAmount, '0')
  delete stage.worker.script.dieAt
  const next = await ask(stage, client)
  assert.equal(receiptOf(stage, paymentOf(next)).charged, '60')
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('exact: an engine that dies before the end costs nothing, and no transfer is sent', async t => {
  const stage = await startStage(t, { script: { tokens: 5, dieAt: 3 } })
  const client = await payingClient(stage, 'exact')
  assert.equal((await ask(stage, client)).status, 503)
  stage.worker.script.dieAt = 1
  assert.equal((await ask(stage, client, question({ stream: true }))).status, 503)
  assert.equal(ledgerOf(stage).transactions.length, 0)
  const payer = client.account.address.toLowerCase() as Hex
  assert.equal(await readTokenBalance(stage.client, stage.devnet.token, payer), 1_000_000n)
  delete stage.worker.script.dieAt
  assert.equal((await ask(stage, client)).status, 200)
})

test('exact: a stream that breaks was paid before its first byte, and its receipt says that it was interrupted', async t => {
  const stage = await startStage(t, { script: { tokens: 5, between: 150, dieAt: 5 } })
  const client = await payingClient(stage, 'exact')
  const { payment } = await readStream(await ask(stage, client, question({ stream: true })))
  const receipt = receiptOf(stage, payment!)
  assert.equal(receipt.finish, 'interrupted')
  assert.equal(receipt.charge, '309')
  assert.equal(receipt.usage['completion'], '4')
})

test('exact: an authorization that was changed, has expired, or is for another amount, chain or payee buys nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage, 'exact')
  await ask(stage, client)
  const asked = stage.worker.asked.length
  const sign = async (over: Record<string, string>, chainId = stage.devnet.chainId): Promise<string> => {
    const nonce = `0x${'5a'.repeat(32)}` as const
    const sent = JSON.parse(
      Buffer.from(
        changed(client, () => undefined),
        'base64',
      ).toString(),
    ) as Payload
    const authorization = { ...sent.payload.authorization, nonce, ...over }
    const signature = await client.account.signTypedData({
      domain: { name: 'Heddle', version: '1', chainId, verifyingContract: stage.devnet.token },
      types: authorizationTypes,
      primaryType: 'TransferWithAuthorization',
      message: authorization as never,
    })
    return changed(client, ({ payload }) => Object.assign(payload, { authorization, signature }))
  }
  const now = Math.floor(Date.now() / 1000)
  const wrong: [string, string][] = [
    ['invalid_exact_evm_payload_authorization_valid_before', await sign({ validBefore: String(now - 1) })],
    ['invalid_exact_evm_payload_authorization_valid_before', await sign({ validBefore: String(now + 10) })],
    ['invalid_exact_evm_payload_authorization_valid_after', await sign({ validAfter: String(now + 100) })],
    ['invalid_exact_evm_payload_authorization_value_mismatch', await sign({ value: '308' })],
    ['invalid_exact_evm_payload_authorization_value_mismatch', await sign({ value: '310' })],
    ['invalid_exact_evm_recipient_mismatch', await sign({ to: ZERO_ADDRESS })],
    ['invalid_exact_evm_signature', await sign({}, 1)],
    [
      'invalid_exact_evm_signature',
      changed(client, ({ payload }) => Object.assign(payload.authorization, { value: '310' })),
    ],
  ]
  for (const [reason, header] of wrong) {
    const response = await again(lastPaid(client), { header })
    assert.equal(response.status, 402)
    assert.equal(reasonOf(response), reason)
  }
  assert.equal(stage.worker.asked.length, asked)
  assert.equal(ledgerOf(stage).transactions.length, 1)
})

test('exact: an authorization pays once. Sent again it gets its answer; with another question it gets none', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage, 'exact')
  const first = receiptOf(stage, paymentOf(await ask(stage, client)))
  const replayed = await again(lastPaid(client))
  assert.equal(replayed.status, 200)
  assert.deepEqual(receiptOf(stage, paymentOf(replayed)), first)
  const other = await again(lastPaid(client), { body: JSON.stringify(question({ temperature: 0 })) })
  assert.equal(reasonOf(other), 'invalid_exact_evm_nonce_already_used')
  const both = await Promise.all([again(lastPaid(client)), again(lastPaid(client))])
  for (const one of both) assert.deepEqual(receiptOf(stage, paymentOf(one)), first)
  assert.equal(await readTokenBalance(stage.client, stage.devnet.token, stage.offer.receiver), 309n)
  assert.equal(stage.worker.asked.length, 1)
})

test('a deposit that the payer does not have is refused, and nothing is run', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage, 'batch-settlement', { wealth: 1_000n })
  const response = await ask(stage, client)
  assert.equal(response.status, 402)
  assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'deposit_refused')
  assert.equal(stage.worker.asked.length, 0)
})

test('a channel that runs dry is topped up by the client in the request that needs it', async t => {
  const { stage, client } = await paidOnce(t)
  stage.worker.script.tokens = 150
  for (let i = 0; i < 3; i++) {
    const response = await ask(stage, client, question({ max_tokens: 150, temperature: i / 10 }))
    assert.equal(response.status, 200)
    assert.equal(receiptOf(stage, paymentOf(response)).charge, '1510')
  }
  assert.ok(ledgerOf(stage).transactions.length > 1)
})

test('an engine that is down, and one without the feature, say so before anything is paid', async t => {
  const stage: Stage = await startStage(t, { script: { tokens: 5, ready: false } })
  const client = await payingClient(stage)
  assert.equal((await ask(stage, client)).status, 503)
  const tool = { type: 'function', function: { name: 'weave', parameters: { type: 'object', properties: {} } } }
  const unsupported = await ask(stage, client, question({ tools: [tool] }))
  assert.equal(unsupported.status, 400)
  assert.equal((await ask(stage, client, question({ model: 'no-such' }))).status, 404)
  assert.equal(ledgerOf(stage).transactions.length, 0)
})

test('a nonce of its own is refused where the payment is one: nothing that is sent is passed over', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const response = await fetch(`${stage.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'heddle-nonce': `0x${'11'.repeat(32)}` },
    body: JSON.stringify(question()),
  })
  assert.equal(response.status, 400)
  const { error } = (await response.json()) as { error: { code: string; param: string } }
  assert.deepEqual([error.code, error.param], ['unsupported_field', 'heddle-nonce'])
})
