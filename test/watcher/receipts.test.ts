import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { put, readSnapshot, type Snapshot } from '@heddle/ledger'
import { callWitness, reconcile } from '@heddle/payments'
import {
  canonical,
  digestOf,
  type Hex,
  type Receipt,
  type SignedReceipt,
  signerOf,
  signReceipts,
} from '@heddle/protocol'
import type { RefusedSeen } from '@heddle/sdk'
import { prover } from '@heddle/workloads/proofs'
import { heddle } from '../cli/heddle.ts'
import { answered, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { startLying } from '../faults/lying.ts'
import { startStage } from '../faults/stage.ts'
import { homeOf } from './home.ts'
import { looksAtChannels, startWatcherStage, TOKENS } from './stage.ts'
import { telling } from './told.ts'

/** A provider that may sign what is not so, behind a gateway. */
async function setup(t: TestContext) {
  const stage = await startStage(t, { script: telling(TOKENS) })
  const lying = await startLying(t, stage)
  const gateway = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  const body = question({ max_tokens: TOKENS, temperature: 0.9 })
  const ask = async (): Promise<Hex> => (await answered(await gateway.ask(body))).heddle.receipt as Hex
  const fail = async (): Promise<string> => (await refused(await gateway.ask(body))).code
  const recover = () => gateway.admin('POST', '/heddle/1/admin/recover')
  const list = async (): Promise<RefusedSeen[]> => {
    const told = await (await gateway.admin('GET', '/heddle/1/refused')).json()
    return (told as { refused: RefusedSeen[] }).refused
  }
  return { stage, lying, gateway, ask, fail, recover, list, address: stage.provider.address }
}

/** What stands in a file alone, as a stranger judges it. */
const judgeFile = (folder: string, file: string) =>
  prover.verify(prover.read(readFileSync(join(folder, 'proofs', file), 'utf8')))

const OTHER_MODEL = digestOf('other weights')

test('a receipt for another model than was offered is not paid, kept, found, and proven by a file', async t => {
  const { stage, lying, gateway, ask, fail, list, address } = await setup(t)
  const honest = await ask()
  lying.lie = () => ({ model: OTHER_MODEL })
  assert.equal(await fail(), 'receipt_mismatch')
  const [kept] = await list()
  const id = kept!.receipt.receipt.id
  assert.equal(kept!.receipt.receipt.model, OTHER_MODEL)
  assert.equal((await gateway.ledger.read('receipts')).length, 1, 'it is not paid')

  const watcher = await startWatcherStage(t, gateway)
  const checks = await watcher.checked(2)
  const found = checks.find(one => one.id === id)!
  assert.deepEqual(
    [found.verdict, found.check, found.source, found.provider],
    ['dishonest', 'wrong-model', 'channel', address],
  )
  assert.equal(checks.find(one => one.id === honest)!.verdict, 'honest')
  const rate = await watcher.rateOf(address, ({ dishonest, honest }) => dishonest === 1 && honest === 1)
  assert.equal(rate.model, stage.offer.serves.digest, 'the rate is of the model that was offered')
  const verdict = judgeFile(watcher.directory, `${id}.wrong-model.json`)
  assert.deepEqual([verdict.verdict, verdict.proof, verdict.provider], ['dishonest', 'wrong-model', address])
})

test('another model convicts where a gateway has taken it, also a provider that does not open its evidence', async t => {
  const { stage, gateway, ask, address } = await setup(t)
  const id = await ask()
  const [row] = await gateway.ledger.read('receipts')
  const { receipt } = JSON.parse(row!.signed) as SignedReceipt
  const [signed] = signReceipts([{ ...receipt, model: OTHER_MODEL }], signerOf(stage.keys.receipt))
  await gateway.ledger.commit(put('receipts', { ...row!, signed: canonical(signed) }))
  await stage.stopProvider()
  const watcher = await startWatcherStage(t, gateway)
  const [check] = await watcher.checked(1)
  assert.deepEqual(
    [check!.id, check!.verdict, check!.check, check!.source],
    [id, 'dishonest', 'wrong-model', 'traffic'],
  )
  assert.equal(judgeFile(watcher.directory, `${id}.json`).proof, 'wrong-model')
  const rate = await watcher.rateOf(address, () => true)
  assert.deepEqual([rate.model, rate.silent], [stage.offer.serves.digest, 0])
  const home = homeOf(t, { stage, gateway })
  const checked = await heddle(home, ['receipt', 'check', id])
  assert.equal(checked.code, 1, checked.text)
  assert.match(checked.out, /✗ dishonest[\s\S]*wrong-model: another model than the offer serves/)
  assert.match((await heddle(home, ['prove', id, '--out', join(home, 'proof.json')])).out, /✓ wrong-model/)
})

test('two receipts for one place: the second is not paid, kept, found once, and proven by a file', async t => {
  const { lying, gateway, ask, fail, address } = await setup(t)
  const first = await ask()
  lying.lie = ({ sequence }) => ({ sequence: String(Number(sequence) - 1) })
  assert.equal(await fail(), 'receipt_mismatch')
  const watcher = await startWatcherStage(t, gateway)
  const found = (await watcher.checked(2)).find(one => one.id !== first)!
  assert.deepEqual([found.verdict, found.check, found.provider], ['dishonest', 'equivocation', address])
  const verdict = judgeFile(watcher.directory, `${found.id}.equivocation.json`)
  assert.deepEqual([verdict.verdict, verdict.receipts], ['dishonest', [first, found.id]])

  await t.test('also after a start, with a file that a crash had kept from being written', async () => {
    await watcher.stop()
    rmSync(join(watcher.directory, 'proofs', `${found.id}.equivocation.json`))
    const again = await startWatcherStage(t, gateway, { directory: watcher.directory })
    assert.equal(judgeFile(watcher.directory, `${found.id}.equivocation.json`).verdict, 'dishonest')
    await looksAtChannels(again)
    assert.equal((await again.checks()).length, 2, 'not found twice')
  })
})

test('another story about an answer that was paid already is kept when it is told, and the first one stays', async t => {
  const { lying, gateway, ask, recover, list, address } = await setup(t)
  const id = await ask()
  const before = await gateway.ledger.read('receipts')
  lying.all = true
  lying.lie = ({ finished }) => ({ finished: finished + 1 })
  await recover()
  const [kept] = await list()
  assert.deepEqual([kept!.receipt.receipt.id, kept!.rival!.receipt.id], [id, id])
  assert.deepEqual(await gateway.ledger.read('receipts'), before)
  const watcher = await startWatcherStage(t, gateway)
  const checks = await watcher.checked(2)
  assert.deepEqual(checks.map(({ check }) => check).sort(), ['equivocation', 'redraw'])
  const rate = await watcher.rateOf(address, ({ honest, dishonest }) => honest === 1 && dishonest === 1)
  assert.equal(rate.rate, 0.5)
})

test('who lies once and tells the truth when it is asked again has told two stories', async t => {
  const { lying, gateway, fail, recover } = await setup(t)
  lying.lie = () => ({ output: digestOf('another answer') })
  assert.equal(await fail(), 'receipt_mismatch')
  lying.lie = undefined
  await recover()
  const watcher = await startWatcherStage(t, gateway)
  const checks = await watcher.checked(2)
  assert.deepEqual(checks.map(({ verdict, check }) => `${verdict} ${check}`).sort(), [
    'dishonest equivocation',
    'honest redraw',
  ])
})

test('a receipt that is recovered twice, also under another signature, is one story', async t => {
  const { lying, gateway, ask, recover, list } = await setup(t)
  await ask()
  for (const lie of [undefined, ({ id }: Receipt) => ({ id })]) {
    lying.all = true
    lying.lie = lie
    await recover()
    assert.equal(lying.all, false, 'it was told again')
  }
  assert.deepEqual(await list(), [])
  lying.lie = undefined
  await ask()
  const watcher = await startWatcherStage(t, gateway)
  await looksAtChannels(watcher)
  assert.deepEqual(
    (await watcher.checked(2)).map(({ verdict }) => verdict),
    ['honest', 'honest'],
  )
})

test('what is refused for another reason accuses nobody; nothing more is asked on its channel, also after a start', async t => {
  const { stage, lying, gateway, ask, fail, list } = await setup(t)
  await ask()
  lying.lie = () => ({ output: digestOf('another answer') })
  assert.equal(await fail(), 'receipt_mismatch')
  assert.equal((await list()).length, 1)
  const asked = stage.worker.asked.length
  assert.equal(await fail(), 'receipt_mismatch')
  const watcher = await startWatcherStage(t, gateway)
  await looksAtChannels(watcher)
  assert.deepEqual(
    (await watcher.checks()).map(({ verdict }) => verdict),
    ['honest'],
  )
  await gateway.stop()
  const again = await startGatewayStage(t, [{ ...stage, url: lying.url }], gateway)
  assert.equal((await refused(await again.ask(question()))).code, 'receipt_mismatch')
  assert.equal(stage.worker.asked.length, asked)
})

test('a provider cannot fill a disk with stories: two of a place are kept', async t => {
  const { lying, gateway, ask, recover, list } = await setup(t)
  await ask()
  for (let i = 1; i <= 5; i++) {
    lying.all = true
    lying.lie = ({ finished }) => ({ finished: finished + i })
    await recover()
  }
  assert.equal((await list()).length, 2)
  const watcher = await startWatcherStage(t, gateway)
  await looksAtChannels(watcher)
  assert.equal((await watcher.checked(2)).filter(({ verdict }) => verdict === 'dishonest').length, 1)
})

test('heddle prove writes the proof of a refused receipt, by its id or by its channel', async t => {
  const all = await setup(t)
  const { lying, gateway, ask, fail, list } = all
  const first = await ask()
  lying.lie = ({ sequence }) => ({ sequence: String(Number(sequence) - 1) })
  await fail()
  const [kept] = await list()
  const home = homeOf(t, { stage: all.stage, gateway })
  for (const id of [kept!.receipt.receipt.id, kept!.channel, first]) {
    const out = join(home, 'proof.json')
    const written = await heddle(home, ['prove', id, '--out', out])
    assert.match(written.out, /✓ equivocation: two receipts for one place in the channel/, written.text)
    const verified = await heddle(home, ['prove', '--verify', out])
    assert.equal(verified.code, 0, verified.text)
    assert.match(verified.out, /✓ proven: equivocation/)
    rmSync(out)
  }
  assert.match((await heddle(home, ['prove', `0x${'11'.repeat(32)}`])).text, /not_found/)
})

test('reconcile holds every column of a refused receipt against something else', async t => {
  const { stage, lying, gateway, ask, fail, address } = await setup(t)
  await ask()
  lying.lie = () => ({ model: OTHER_MODEL })
  await fail()
  await gateway.stop()
  await stage.stopProvider()
  const paying = readSnapshot(join(gateway.directory, 'gateway.db'))
  const paid = readSnapshot(join(stage.directory, 'provider.db'))
  const witness = await callWitness(stage.client, stage.devnet.token, [paying, paid])
  const problems = async (ledger: Snapshot) =>
    (
      await reconcile({ name: 'gateway', ledger }, [{ name: 'provider', address, ledger: paid }], witness)
    ).findings.filter(one => one.table === 'refused')
  assert.deepEqual(await problems(paying), [])
  const [row] = paying.refused
  for (const [column, value] of Object.entries(row!)) {
    const altered = value.endsWith('0') ? `${value.slice(0, -1)}1` : `${value.slice(0, -1)}0`
    const found = await problems({ ...paying, refused: [{ ...row!, [column]: altered }] })
    assert.ok(found.length > 0, `${column} was altered and nobody noticed`)
  }
})
