import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rpc } from '@heddle/chain'
import type { Ledger } from '@heddle/ledger'
import { HeddleError, isHeddleError, verifyReceipt } from '@heddle/protocol'
import { until } from '../until.ts'
import { anybodyAt, openFunded, post, receiptsOf, startStage, stateOf } from './stage.ts'

test('at the ceiling the provider stops pulling until a higher voucher comes', async t => {
  const stage = await startStage(t, { script: { tokens: 200 }, patience: 60_000 })
  const { payer } = stage
  await openFunded(stage, 10_000n, 1_000n)
  const ran = await post(stage, payer.job({}, 200), {
    onMessage(message) {
      if (message.kind !== 'raise') return
      const { ceiling } = JSON.parse(Buffer.from(message.payload).toString()) as { ceiling: string }
      void payer.raise(payer.voucher(BigInt(ceiling)))
    },
  })
  assert.ok(ran.raises.length >= 2, `${ran.raises.length} raises`)
  assert.equal(ran.output, 'wov '.repeat(200))
  const { receipt } = verifyReceipt(ran.receipt, stage.provider.address)
  assert.equal(receipt.charge, String(10 + 200 * 10))
  assert.ok(BigInt((await stateOf(stage)).ceiling) >= BigInt(receipt.charged))
})

test('a payer that stalls is cut, with a receipt for what was delivered', async t => {
  const stage = await startStage(t, { script: { tokens: 200 } })
  await openFunded(stage, 10_000n, 1_000n)
  const ran = await post(stage, stage.payer.job({}, 200))
  const { receipt } = verifyReceipt(ran.receipt, stage.provider.address)
  assert.equal(receipt.finish, 'interrupted')
  assert.equal(receipt.usage['completion'], '64')
  assert.equal(ran.output.length, 64 * 4)
  assert.equal((await stateOf(stage)).charged, String(10 + 64 * 10))
})

test('a client that goes away is charged for what was delivered, and no more', async t => {
  const stage = await startStage(t, { script: { tokens: 60, between: 20 } })
  await openFunded(stage, 10_000n, 5_000n)
  const leave = new AbortController()
  let seen = 0
  const running = post(stage, stage.payer.job({}, 60), {
    signal: leave.signal,
    onMessage() {
      if (++seen !== 5) return
      // Nothing more comes until the provider sees that its client is gone, however late that is.
      stage.worker.script.between = 600_000
      leave.abort()
    },
  })
  await assert.rejects(running)
  await until(async () => (await receiptsOf(stage)).length > 0, 'a receipt')
  const [last] = await receiptsOf(stage)
  const { receipt } = verifyReceipt(last!.receipt, stage.provider.address)
  assert.equal(receipt.finish, 'interrupted')
  const completion = Number(receipt.usage['completion'])
  assert.ok(completion >= 5 && completion < 20, `${completion} tokens charged`)
  assert.equal(Number(receipt.outputBytes), completion * 4)
})

test('an engine that dies mid-answer is charged for what was delivered; one that dies before, for nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 60, dieAt: 8 } })
  await openFunded(stage, 10_000n, 5_000n)
  const ran = await post(stage, stage.payer.job({}, 60))
  assert.equal(verifyReceipt(ran.receipt, stage.provider.address).receipt.usage['completion'], '7')
  stage.worker.script.dieAt = 1
  await assert.rejects(
    post(stage, stage.payer.job({}, 60)),
    error => isHeddleError(error, 'engine_down') && error.retryable,
  )
  assert.equal((await stateOf(stage)).charged, '80')
  assert.equal((await stateOf(stage)).sequence, 1)
})

test('only the payer reads what it asked', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  await openFunded(stage, 10_000n, 5_000n)
  const { receipt } = (await post(stage, stage.payer.job())).receipt!
  const stranger = anybodyAt(stage.url, stage.domain)
  for (const [call, body] of [
    ['output', { id: receipt.id }],
    ['state', { id: receipt.id }],
    ['receipts', { channel: receipt.channel, after: 0 }],
  ] as const)
    await assert.rejects(stranger.call(call, body), error => isHeddleError(error, 'read_refused'))
  assert.equal((await receiptsOf(stage)).length, 1)
})

test('an engine that is down refuses before anything is reserved', async t => {
  const stage = await startStage(t, { script: { tokens: 5, ready: false } })
  await openFunded(stage, 10_000n, 5_000n)
  await assert.rejects(post(stage, stage.payer.job()), error => isHeddleError(error, 'engine_down'))
})

test('a full disk: an error with a fix, nothing charged, and service again once there is room', async t => {
  let full = false
  const failing = (ledger: Ledger): Ledger => {
    const listeners: (() => void)[] = []
    return {
      ...bind(ledger),
      onFailure: listener => void listeners.push(listener),
      commit: (...writes) => {
        if (!full) return ledger.commit(...writes)
        for (const listener of listeners) listener()
        return Promise.reject(new HeddleError('disk_full', 'database or disk is full'))
      },
    }
  }
  const stage = await startStage(t, { script: { tokens: 5 }, ledger: failing })
  await openFunded(stage, 10_000n, 5_000n)
  full = true
  const ran = await post(stage, stage.payer.job())
  assert.equal(ran.receipt, undefined)
  assert.equal((ran.error as { code: string }).code, 'disk_full')
  full = false
  assert.equal((await stateOf(stage)).charged, '0')
  const again = await post(stage, stage.payer.job())
  assert.equal(verifyReceipt(again.receipt, stage.provider.address).receipt.sequence, '1')
})

test('while the chain is down, paid work goes on; deposits say that it is down', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  await openFunded(stage, 10_000n, 5_000n)
  await stage.devnet.stop()
  const ran = await post(stage, stage.payer.job())
  assert.equal(verifyReceipt(ran.receipt, stage.provider.address).receipt.charge, '60')
  const { payer } = stage
  const deposit = payer.open({ channel: payer.channel, deposit: payer.deposit(500n) })
  await assert.rejects(deposit, error => isHeddleError(error, 'chain_down') && error.retryable)
})

test("a clock that is wrong is said to be wrong: jobs from the payer's past, and a chain from this machine's future", async t => {
  let offset = 0
  const stage = await startStage(t, { script: { tokens: 5 }, clock: { now: () => Date.now() + offset } })
  await openFunded(stage, 10_000n, 5_000n)
  offset = 700_000
  await assert.rejects(
    post(stage, stage.payer.job()),
    error => isHeddleError(error, 'job_expired') || isHeddleError(error, 'offer_expired'),
  )
})

const bind = (ledger: Ledger): Ledger => ({
  read: ledger.read.bind(ledger),
  commit: ledger.commit.bind(ledger),
  onFailure: ledger.onFailure.bind(ledger),
  counters: ledger.counters.bind(ledger),
  close: ledger.close.bind(ledger),
})

test("a chain that lives in this machine's future means that the clock here is wrong: no job is taken", async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  // Enough for every question until the provider has looked at the clocks.
  await openFunded(stage, 1_000_000n, 900_000n)
  await rpc(stage.devnet.url, 'evm_increaseTime', [1_000])
  await rpc(stage.devnet.url, 'evm_mine', [])
  let refused: unknown
  await until(async () => {
    refused = await post(stage, stage.payer.job()).then(
      () => undefined,
      error => error,
    )
    return refused !== undefined
  }, 'a look at the clocks')
  assert.ok(isHeddleError(refused, 'clock_skewed') && refused.retryable, String(refused))
})
