import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { depositCall, fund, rpc, sendFromFaucet, startDevnet } from '@heddle/chain'
import { openSqliteLedger } from '@heddle/ledger'
import { isHeddleError, signerOf, verifyReceipt } from '@heddle/protocol'
import { until } from '../until.ts'
import { type GatewayStage, question, refused, startGatewayStage } from './gateway-stage.ts'
import { startLying } from './lying.ts'
import { scriptedTrade } from './scripted-worker.ts'
import { anybodyAt, folder, openFunded, openPayer, post, quiet, startStage, startStaged } from './stage.ts'

const heldOf = async ({ admin }: GatewayStage): Promise<bigint> => {
  const { keys } = (await (await admin('GET', '/heddle/1/status')).json()) as { keys: { held: string }[] }
  return BigInt(keys[0]!.held)
}

test('a provider that lost its ledger tells no second story on a channel from before, and works on new ones', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { client, devnet, keys, worker, offer, payer } = stage
  await openFunded(stage, 10_000n, 1_000n)
  const first = verifyReceipt((await post(stage, payer.job({}, 5))).receipt, stage.provider.address).receipt
  assert.deepEqual([first.channel, first.sequence], [payer.id, '1'])
  await stage.stopProvider()

  // The same keys, and nothing else. Nothing was claimed: only that the channel was there already says what may be lost.
  const ledger = await openSqliteLedger(join(folder(t), 'empty.db'))
  const trades = [scriptedTrade(worker)]
  const { provider } = await startStaged(t, { port: 0, client, asset: devnet.token, ledger, keys, trades })
  const url = `http://127.0.0.1:${provider.port}`
  const isRefused = (error: unknown): boolean => isHeddleError(error, 'channel_overclaimed')
  const { id, channel } = payer
  await assert.rejects(
    anybodyAt(url, payer.domain).call('channel', { id, channel, voucher: payer.voucher(2_000n) }),
    isRefused,
  )
  const { offers } = (await (await fetch(`${url}/heddle/1/offers`)).json()) as { offers: { offer: typeof offer }[] }
  const renewed = offers[0]!.offer
  const again = await openPayer(devnet, url, renewed)
  await assert.rejects(
    post({ url, domain: payer.domain }, { ...payer.job({}, 5), channel, voucher: payer.voucher(2_000n) }),
    isRefused,
  )
  assert.deepEqual(await ledger.read('receipts'), [])

  await openFunded({ ...stage, url, payer: again }, 10_000n, 1_000n)
  const { receipt } = await post({ url, domain: payer.domain }, again.job({}, 5))
  assert.equal(verifyReceipt(receipt, signerOf(keys.receipt).address).receipt.sequence, '1')
})

test('a local chain that lost its newest blocks takes new channels at once, also where its first ones were', async t => {
  const devnet = await startDevnet({ directory: join(folder(t), 'chain'), log: quiet })
  t.after(() => devnet.stop())
  const snapshot = await rpc(devnet.url, 'evm_snapshot', [])
  await rpc(devnet.url, 'anvil_mine', ['0x20'])
  const stage = await startStage(t, { devnet, script: { tokens: 5 } })
  await until(async () => (await stage.ledger.read('facts')).some(({ name }) => name === 'born'), 'the chain is seen')
  await rpc(devnet.url, 'evm_revert', [snapshot])
  // What the provider had for gas is gone with its block, too.
  await fund(devnet.url, devnet.token, signerOf(stage.keys.gas).address, 0n)
  const payer = await openPayer(devnet, stage.url, stage.offer)
  const later = { ...stage, payer }
  await openFunded(later, 10_000n, 1_000n)
  const { receipt } = await post(later, payer.job({}, 5))
  assert.equal(verifyReceipt(receipt, stage.provider.address).receipt.sequence, '1')
})

test('a provider that lost its ledger knows a channel from before also when the chain has it in a later block', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { client, devnet, keys, worker, payer } = stage
  const snapshot = await rpc(devnet.url, 'evm_snapshot', [])
  const deposit = payer.deposit(10_000n)
  await payer.open({ channel: payer.channel, deposit, voucher: payer.voucher(1_000n) })
  await post(stage, payer.job({}, 5))
  await stage.stopProvider()

  const ledger = await openSqliteLedger(join(folder(t), 'empty.db'))
  const trades = [scriptedTrade(worker)]
  const { provider } = await startStaged(t, { port: 0, client, asset: devnet.token, ledger, keys, trades })
  const url = `http://127.0.0.1:${provider.port}`
  await until(async () => (await ledger.read('events')).length > 0, 'the new ledger has seen the channel')
  await rpc(devnet.url, 'evm_revert', [snapshot])
  await rpc(devnet.url, 'anvil_mine', ['0x10'])
  await sendFromFaucet(devnet.url, depositCall(payer.channel, deposit))
  const head = await client.getBlock()
  await until(async () => (await ledger.read('blocks')).some(({ hash }) => hash === head.hash), 'it has seen it again')
  await assert.rejects(
    anybodyAt(url, payer.domain).call('channel', {
      id: payer.id,
      channel: payer.channel,
      voucher: payer.voucher(2_000n),
    }),
    error => isHeddleError(error, 'channel_overclaimed'),
  )
  assert.deepEqual(await ledger.read('receipts'), [])
})

test('a provider that lost its ledger knows nothing of a job that was asked: its gateway lets go of what it holds', async t => {
  const stage = await startStage(t, { script: { tokens: 5, gate: new Promise(() => undefined) } })
  const { client, devnet, keys, worker } = stage
  const gateway = await startGatewayStage(t, [stage])
  const asked = gateway.ask(question()).then(response => response.text())
  await until(async () => (await gateway.ledger.read('jobs')).some(({ state }) => state === 'running'), 'it is noted')
  await Promise.all([stage.stopProvider(), asked])
  assert.ok((await heldOf(gateway)) > 0n, 'it is not known what it cost')

  const ledger = await openSqliteLedger(join(folder(t), 'empty.db'))
  const trades = [scriptedTrade(worker)]
  await startStaged(t, { port: stage.provider.port, client, asset: devnet.token, ledger, keys, trades })
  await until(async () => (await heldOf(gateway)) === 0n, 'nothing is held of it')
  const [job] = await gateway.ledger.read('jobs')
  assert.equal(job!.state, 'failed')
  assert.deepEqual(await gateway.ledger.read('receipts'), [])
})

test('a provider that says of every channel that it was used before does not lock up its payer’s money', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const gateway = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  lying.refuses = 'channel_overclaimed'
  for (let i = 0; i < 6; i++) {
    const told = await refused(await gateway.ask(question()))
    assert.deepEqual([told.code, told.status], ['no_provider', 503])
  }
  const channels = await gateway.ledger.read('channels')
  assert.ok(channels.length <= 2, `${channels.length} channels, each with a deposit`)
})
