import assert from 'node:assert/strict'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readSnapshot } from '@heddle/ledger'
import { callWitness, reconcile } from '@heddle/payments'
import { randomBytes, toHex } from '@heddle/protocol'
import { until } from '../until.ts'
import { channelOf, ledgerOf, settled } from '../x402/books.ts'
import { answered, type GatewayStage, question, startGatewayStage } from './gateway-stage.ts'
import { startLying } from './lying.ts'
import { folder, startStage } from './stage.ts'

const FILES = ['gateway.db', 'gateway.db-wal', 'gateway.db-shm']
/** Puts the files of a stopped gateway's ledger from one folder into another, and nothing of what was there. */
function copyLedger(from: string, to: string): void {
  for (const name of FILES) {
    rmSync(join(to, name), { force: true })
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
  }
}

type Told = { keys: { name: string; spent: string; held: string }[] }
const spentOf = async ({ admin }: GatewayStage): Promise<Record<string, bigint>> => {
  const { keys } = (await (await admin('GET', '/heddle/1/admin/keys')).json()) as Told
  return Object.fromEntries(keys.map(({ name, spent, held }) => [name, BigInt(spent) + BigInt(held)]))
}

test('a gateway whose ledger was set back: what it recovers is charged to the key that asked, or told as nobody’s', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const first = await startGatewayStage(t, [stage])
  const { keys, directory } = first
  const second = await first.key({ name: 'second' })
  await answered(await first.ask(question()))
  await first.stop()
  const copy = folder(t)
  copyLedger(directory, copy)

  const busy = await startGatewayStage(t, [stage], { directory, keys })
  for (let i = 0; i < 3; i++) await answered(await busy.ask(question()))
  for (let i = 0; i < 2; i++) await answered(await busy.ask(question(), second))
  const chosen = { 'heddle-nonce': toHex(randomBytes(32)) }
  const { charge } = (await answered(await busy.ask(question(), chosen))).heddle
  const before = await spentOf(busy)
  await busy.stop()
  copyLedger(copy, directory)

  const back = await startGatewayStage(t, [stage], { directory, keys })
  await until(async () => (await back.ledger.read('receipts')).length === 7, 'all receipts are here again')
  // Who brings the nonce has chosen what would have told whose it is.
  assert.deepEqual(await spentOf(back), { ...before, first: before['first']! - BigInt(charge) })
  const usage = (await (await back.admin('GET', '/heddle/1/usage')).json()) as {
    keys: { key: string; charge: string }[]
  }
  assert.deepEqual(
    usage.keys.map(({ key, charge }) => [key, BigInt(charge)]),
    [
      ['(recovered)', BigInt(charge)],
      ['first', before['first']! - BigInt(charge)],
      ['second', before['second']!],
    ],
  )
  await back.admin('POST', '/heddle/1/admin/recover')
  await settled(stage)
  await back.stop()
  const ledgers = [readSnapshot(join(directory, 'gateway.db')), ledgerOf(stage)] as const
  const witness = await callWitness(stage.client, stage.devnet.token, ledgers)
  const books = await reconcile(
    { name: 'gateway', ledger: ledgers[0] },
    [{ name: 'provider', address: stage.provider.address, ledger: ledgers[1] }],
    witness,
  )
  assert.ok(books.green, JSON.stringify(books.findings))
  assert.deepEqual(books.keyless, { receipts: 1, charge })
})

test('a receipt that was overtaken by others is fetched, though nothing tells of its job but that gap', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const staged = [{ ...stage, url: lying.url }]
  const first = await startGatewayStage(t, staged)
  const { keys, directory } = first
  await answered(await first.ask(question()))
  await first.stop()
  const copy = folder(t)
  copyLedger(directory, copy)
  const busy = await startGatewayStage(t, staged, { directory, keys })
  await answered(await busy.ask(question()))
  await busy.stop()
  copyLedger(copy, directory)

  lying.mute = true
  const back = await startGatewayStage(t, staged, { directory, keys })
  await answered(await back.ask(question()))
  const sequences = async () => (await back.ledger.read('receipts')).map(({ sequence }) => sequence).sort()
  assert.deepEqual(await sequences(), [1, 3])
  lying.mute = false
  await until(async () => (await back.ledger.read('receipts')).length === 3, 'the gap is filled')
  const { charged } = channelOf(stage, (await back.ledger.read('channels'))[0]!.id)
  assert.deepEqual(await spentOf(back), { first: BigInt(charged) })
})

test('a receipt that is fetched while its answer still streams is left to the answer: what it holds ends with it', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const arrived = Promise.withResolvers<void>()
  lying.until = arrived.promise
  const gateway = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  const asked = gateway.ask(question())
  await until(async () => (await stage.ledger.read('receipts')).length === 1, 'its provider has signed for it')
  await until(async () => (await gateway.ledger.read('jobs')).length === 1, 'it is written down')
  await gateway.admin('POST', '/heddle/1/admin/recover')
  assert.deepEqual(await gateway.ledger.read('receipts'), [])
  arrived.resolve()
  const { charge } = (await answered(await asked)).heddle
  assert.deepEqual(await spentOf(gateway), { first: BigInt(charge) }, 'and nothing is held')
})
