import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finalizeWithdrawCall, initiateWithdrawCall, readChannel, readTokenBalance, rpc } from '@heddle/chain'
import { put, readOne } from '@heddle/ledger'
import { until } from '../until.ts'
import { openFunded, openPayer, post, type Stage, send, startStage } from './stage.ts'

type Claimed = { rows: number; refused: string[]; transactions: string[]; settled: string }

const claim = async (stage: Stage): Promise<Claimed> => {
  const response = await fetch(`${stage.url}/heddle/1/admin/claim`, {
    method: 'POST',
    headers: { authorization: 'Bearer admin' },
  })
  return (await response.json()) as Claimed
}

test('many channels are claimed in one transaction; one bad row is left out and named', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const payers = [
    stage.payer,
    ...(await Promise.all([1, 2].map(() => openPayer(stage.devnet, stage.url, stage.offer)))),
  ]
  for (const payer of payers) {
    await openFunded({ ...stage, payer }, 10_000n, 5_000n)
    await post(stage, payer.job())
  }
  const bad = payers[1]!
  const row = await readOne(stage.ledger, 'channels', { id: bad.id })
  await stage.ledger.commit(put('channels', { ...row!, signature: payers[0]!.voucher(5_000n).signature }))
  const result = await claim(stage)
  assert.deepEqual(result.refused, [bad.id])
  assert.equal(result.rows, 2)
  assert.equal(result.settled, '120')
  for (const payer of payers) {
    assert.equal((await readChannel(stage.client, payer.id)).claimed, payer === bad ? 0n : 60n)
  }
  await stage.ledger.commit(put('channels', row!))
  assert.equal((await claim(stage)).settled, '180')
  assert.equal((await claim(stage)).rows, 0, 'nothing is claimed twice')
})

test('whoever has no admin token claims nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  await assert.rejects(send(stage.url, 'POST', '/heddle/1/admin/claim', {}), /forbidden/)
})

test('after the delay a payer has back what was not claimed, and the provider what was', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { payer, client, devnet } = stage
  await openFunded(stage, 10_000n, 5_000n)
  await post(stage, payer.job())
  const before = await readTokenBalance(client, devnet.token, payer.signer.address)
  await payer.transact(initiateWithdrawCall(payer.channel, 10_000n))
  await until(async () => (await readChannel(client, payer.id)).claimed > 0n, 'a claim')
  await rpc(devnet.url, 'evm_increaseTime', [3_601])
  await rpc(devnet.url, 'evm_mine', [])
  await payer.transact(finalizeWithdrawCall(payer.channel))
  assert.equal(await readTokenBalance(client, devnet.token, payer.signer.address), before + 9_940n)
  assert.equal((await claim(stage)).settled, '60')
})
