import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { readNonce, readWitnessed } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { type Hex, signerOf, toHex } from '@heddle/protocol'
import { answered, question, startGatewayStage } from '../faults/gateway-stage.ts'
import { startStage } from '../faults/stage.ts'
import { until } from '../until.ts'
import { claimCeilings } from './claimed.ts'

for (const point of ['kept', 'sent'] as const) {
  test(`kill -9 when the witness of a claim is ${point}: the next start has it witnessed, by one transaction`, async t => {
    const stage = await startStage(t, { script: { tokens: 4 } })
    const before = await startGatewayStage(t, [stage])
    await answered(await before.ask(question()))
    await before.stop()
    await claimCeilings(stage)
    const { directory, keys } = before
    const settings = {
      directory,
      chain: { url: stage.devnet.url, chainId: stage.devnet.chainId },
      keys: Object.fromEntries(Object.entries(keys).map(([name, secret]) => [name, toHex(secret)])),
      point,
    }
    const doomed = fork(join(import.meta.dirname, 'doomed-witness.ts'), {
      env: { ...process.env, HEDDLE_SETTINGS: JSON.stringify(settings) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    t.after(() => doomed.kill('SIGKILL'))
    const [, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(resolve =>
      doomed.once('exit', (code, how) => resolve([code, how])),
    )
    assert.equal(signal, 'SIGKILL')
    const [kept] = readSnapshot(join(directory, 'gateway.db')).transactions
    assert.equal(kept?.state, 'sent', 'it was on disk before it was sent')

    const gateway = await startGatewayStage(t, [stage], { directory, keys })
    const [channel] = await gateway.ledger.read('channels')
    const { id, ceiling } = channel!
    const { client } = stage
    await until(async () => (await readWitnessed(client, id as Hex, ceiling)) !== null, 'it is witnessed')
    await until(
      async () => (await gateway.ledger.read('transactions')).every(({ state }) => state === 'mined'),
      'the ledger knows it',
    )
    await gateway.stop()
    const { transactions } = readSnapshot(join(directory, 'gateway.db'))
    assert.deepEqual(
      transactions.map(({ hash, purpose }) => [hash, purpose]),
      [[kept.hash, JSON.stringify({ witness: id })]],
    )
    assert.equal(await readNonce(client, signerOf(keys.gas).address), 1)
  })
}
