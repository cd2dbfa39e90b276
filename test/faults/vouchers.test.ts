import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initiateWithdrawCall, readChannel } from '@heddle/chain'
import {
  type ErrorCode,
  isHeddleError,
  randomBytes,
  signerOf,
  signJob,
  signVoucher,
  ZERO_ADDRESS,
} from '@heddle/protocol'
import { until } from '../until.ts'
import { openFunded, post, startStage, stateOf } from './stage.ts'

const refused = (code: ErrorCode, retryable: boolean) => (error: unknown) => {
  assert.ok(isHeddleError(error), String(error))
  assert.equal(error.code, code, error.message)
  assert.equal(error.retryable, retryable)
  assert.ok(error.fix.length > 10)
  return true
}

test('vouchers that are wrong are refused by name, and change nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer } = stage
  await openFunded(stage, 10_000n, 1_000n)
  const { raise } = payer
  const before = await stateOf(stage)
  await assert.rejects(raise(payer.voucher(999n)), refused('voucher_decreasing', false))
  await assert.rejects(raise(payer.voucher(2_000n, { chainId: 1 })), refused('voucher_signature', false))
  await assert.rejects(
    raise(signVoucher(payer.domain, payer.id, 2_000n, signerOf(randomBytes(32)))),
    refused('voucher_signature', false),
  )
  await assert.rejects(raise(payer.voucher(10_001n)), refused('voucher_exceeds_deposit', true))
  await assert.rejects(raise({ ...payer.voucher(2_000n), ceiling: '1e9' }), refused('bad_request', false))
  await assert.rejects(raise({ ...payer.voucher(2_000n), ceiling: `${10n ** 60n}` }), refused('bad_request', false))
  await assert.rejects(raise({ ...payer.voucher(2_000n), ceiling: '-1' }), refused('bad_request', false))
  assert.deepEqual(await stateOf(stage), before)
  await raise(payer.voucher(1_000n))
  await raise(payer.voucher(2_000n))
  await raise(payer.voucher(2_000n))
  assert.equal((await stateOf(stage)).ceiling, '2000')
})

test('a channel must be the one that the offer names', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer } = stage
  const open = (channel: typeof payer.channel) => payer.open({ channel })
  await assert.rejects(open({ ...payer.channel, payerAuthorizer: ZERO_ADDRESS }), refused('authorizer_zero', false))
  await assert.rejects(open({ ...payer.channel, receiver: payer.signer.address }), refused('channel_mismatch', false))
  await assert.rejects(open({ ...payer.channel, token: payer.signer.address }), refused('channel_mismatch', false))
  await assert.rejects(open({ ...payer.channel, withdrawDelay: 900 }), refused('channel_mismatch', false))
  await assert.rejects(open({ ...payer.channel, salt: `0x${'00'.repeat(32)}` }), refused('channel_mismatch', false))
  await assert.rejects(post(stage, payer.job()), refused('channel_unknown', true))
})

test('deposits: too small, forged, above the balance, used twice', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer } = stage
  const open = (deposit: unknown) => payer.open({ channel: payer.channel, deposit })
  await assert.rejects(open(payer.deposit(99n)), refused('deposit_refused', false))
  await assert.rejects(open(payer.deposit(500n, { amount: '5000' })), refused('deposit_refused', false))
  await assert.rejects(open(payer.deposit(2_000_000n)), refused('deposit_refused', false))
  const once = payer.deposit(500n)
  await open(once)
  await assert.rejects(open(once), refused('deposit_refused', false))
  assert.equal((await stateOf(stage)).balance, '500')
})

test('jobs: expired, far ahead, forged, under no offer, above their limit, without a voucher', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer } = stage
  await openFunded(stage, 10_000n, 0n)
  const now = Math.floor(Date.now() / 1000)
  await assert.rejects(post(stage, payer.job({ expires: now - 1 })), refused('job_expired', false))
  await assert.rejects(post(stage, payer.job({ expires: now + 200_000 })), refused('bad_request', false))
  const { job } = payer.job()
  await assert.rejects(
    post(stage, signJob(payer.domain, job, signerOf(randomBytes(32)))),
    refused('job_signature', false),
  )
  await assert.rejects(
    post(stage, signJob({ ...payer.domain, chainId: 1 }, job, payer.signer)),
    refused('job_signature', false),
  )
  await assert.rejects(post(stage, payer.job({ offer: payer.id })), refused('offer_unknown', true))
  await assert.rejects(post(stage, payer.job({ limit: '3' })), refused('cap_reached', false))
  await assert.rejects(post(stage, payer.job()), refused('voucher_required', true))
  await assert.rejects(post(stage, payer.job({ spec: { messages: [] } })), refused('bad_request', false))
  await assert.rejects(post(stage, payer.job({ workload: 'render' })), refused('bad_request', false))
  assert.equal(stage.worker.asked.length, 0)
})

test('a job that is posted again gives the stored result and is charged once', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  await openFunded(stage, 10_000n, 5_000n)
  const job = stage.payer.job()
  const first = await post(stage, job)
  const second = await post(stage, job)
  assert.deepEqual(second, first)
  assert.equal(first.output, 'wov '.repeat(5))
  assert.equal(stage.worker.asked.length, 1)
  assert.deepEqual((await stateOf(stage)).charged, '60')
})

test('once a payer begins to withdraw, nothing more is served and what is owed is claimed', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer, client } = stage
  await openFunded(stage, 10_000n, 5_000n)
  await post(stage, payer.job())
  await payer.transact(initiateWithdrawCall(payer.channel, 9_000n))
  await until(async () => (await readChannel(client, payer.id)).claimed > 0n, 'a claim')
  assert.equal((await readChannel(client, payer.id)).claimed, 60n)
  await assert.rejects(post(stage, payer.job()), refused('withdrawal_begun', false))
  await assert.rejects(payer.raise(payer.voucher(6_000n)), refused('withdrawal_begun', false))
})
