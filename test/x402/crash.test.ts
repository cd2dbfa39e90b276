import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { readTokenBalance, rpc } from '@heddle/chain'
import type { Ledger, Write } from '@heddle/ledger'
import { HeddleError } from '@heddle/protocol'
import type { Script } from '../faults/scripted-worker.ts'
import { startStage } from '../faults/stage.ts'
import { until } from '../until.ts'
import { ledgerOf, restart, settled, startAudit } from './books.ts'
import { again, ask, payingClient, paymentOf, question, receiptOf } from './client.ts'

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
const puts = (writes: readonly Write[], table: string): boolean =>
  writes.some(write => 'put' in write && write.put === table)
const forever = new Promise<never>(() => undefined)

/**
 * A provider that is killed at one commit: what waits for it never goes on, and nothing more is written. With `after`,
 * that commit is on disk.
 */
async function dying(t: TestContext, script: Script, at: { table: string; after: boolean }) {
  let dead = false
  const stage = await startStage(t, {
    script,
    ledger: (ledger: Ledger): Ledger => ({
      read: ledger.read.bind(ledger),
      onFailure: ledger.onFailure.bind(ledger),
      counters: ledger.counters.bind(ledger),
      close: ledger.close.bind(ledger),
      commit: async (...writes) => {
        if (dead) throw new HeddleError('ledger_failed', 'it is dead')
        if (!puts(writes, at.table)) return ledger.commit(...writes)
        dead = true
        if (at.after) await ledger.commit(...writes)
        return forever
      },
    }),
  })
  return {
    stage,
    killed: async () => {
      await until(() => dead, 'the death of the ledger')
      // It may be anywhere by now: what comes of it must not matter.
      await pause(100)
    },
  }
}

test('killed between the charge and the answer: the payment, sent again, gets the answer and is charged once', async t => {
  const { stage, killed } = await dying(t, { tokens: 5 }, { table: 'receipts', after: true })
  const client = await payingClient(stage)
  const lost = ask(stage, client).catch(() => undefined)
  await killed()
  await restart(t, stage)
  await lost
  assert.equal(ledgerOf(stage).receipts.length, 1)
  for (let i = 0; i < 2; i++) {
    const receipt = receiptOf(stage, paymentOf(await again(client.unanswered()!)))
    assert.equal(receipt.charged, '60')
    assert.equal(receipt.sequence, '1')
  }
  assert.equal(stage.worker.asked.length, 1)
  // Another question: the same one, under the state that this client still has, would be the same job again.
  const next = await ask(stage, client, question({ max_tokens: 20 }))
  assert.equal(receiptOf(stage, paymentOf(next)).charged, '120')
})

test('killed before the charge: nothing was charged, the deposit is there, and the same payment pays', async t => {
  const { stage, killed } = await dying(t, { tokens: 5 }, { table: 'receipts', after: false })
  const client = await payingClient(stage)
  const lost = ask(stage, client).catch(() => undefined)
  await killed()
  const [, paid] = client.sent
  assert.equal(paid, undefined, 'the answer never came')
  await restart(t, stage)
  await lost
  assert.equal(ledgerOf(stage).receipts.length, 0)
  const response = await ask(stage, client, question())
  assert.equal(receiptOf(stage, paymentOf(response)).charged, '60')
})

test('a stream that a kill cuts is charged by its last durable mark', async t => {
  const { stage, killed } = await dying(t, { tokens: 130 }, { table: 'receipts', after: false })
  const client = await payingClient(stage)
  const response = await ask(stage, client, question({ stream: true, max_tokens: 200 }))
  const lost = response.text().catch(() => undefined)
  await killed()
  await restart(t, stage)
  await lost
  const [row] = ledgerOf(stage).receipts
  assert.equal(row!.charge, 10n + 128n * 10n)
  const next = await ask(stage, client, question({ max_tokens: 20 }))
  assert.equal(receiptOf(stage, paymentOf(next)).sequence, '2')
})

test('exact, killed after the transfer and before its receipt: the receipt is made after the restart, and the books are green', async t => {
  const { stage, killed } = await dying(t, { tokens: 5 }, { table: 'receipts', after: false })
  const { audit } = await startAudit(stage)
  const client = await payingClient(stage, 'exact')
  const lost = ask(stage, client).catch(() => undefined)
  await killed()
  const alive = await restart(t, stage)
  await lost
  await until(() => ledgerOf(stage).receipts.length > 0, 'a receipt')
  const [row] = ledgerOf(stage).receipts
  assert.equal(row!.charge, 309n)
  assert.equal(await readTokenBalance(stage.client, stage.devnet.token, stage.offer.receiver), 309n)
  const replayed = await again(client.unanswered()!)
  assert.equal(replayed.status, 200)
  assert.match(await replayed.text(), /wov wov wov wov wov/)
  const receipt = receiptOf(stage, paymentOf(replayed))
  assert.equal(receipt.finish, 'stop')
  assert.equal(receipt.charge, '309')
  assert.equal(stage.worker.asked.length, 1)
  await settled(stage)
  await alive.stop()
  assert.deepEqual((await audit()).findings, [])
})

test('exact, killed before the transfer is sent: it is never sent, and the job fails when its time is over', async t => {
  const { stage, killed } = await dying(t, { tokens: 5 }, { table: 'transactions', after: false })
  const { audit } = await startAudit(stage)
  const client = await payingClient(stage, 'exact')
  const lost = ask(stage, client).catch(() => undefined)
  await killed()
  await stage.stopProvider()
  await lost
  assert.equal(ledgerOf(stage).jobs[0]!.state, 'paying')
  await rpc(stage.devnet.url, 'evm_increaseTime', [700])
  await rpc(stage.devnet.url, 'evm_mine', [])
  const alive = await restart(t, stage, { clock: { now: () => Date.now() + 700_000 } })
  await until(() => ledgerOf(stage).jobs[0]!.state !== 'paying', 'the end of the payment')
  const [job] = ledgerOf(stage).jobs
  assert.equal(job!.state, 'failed')
  assert.equal(job!.output.length, 0)
  assert.equal(await readTokenBalance(stage.client, stage.devnet.token, stage.offer.receiver), 0n)
  await settled(stage)
  await alive.stop()
  assert.deepEqual((await audit()).findings, [])
})
