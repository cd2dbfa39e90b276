import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { depositCall, sendFromFaucet } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { type Channel, channelId, isHeddleError, randomBytes, toHex, verifyReceipt } from '@heddle/protocol'
import { until } from '../until.ts'
import { ledgerOf, settled, startAudit } from '../x402/books.ts'
import { ask, payingClient, paymentOf, receiptOf } from '../x402/client.ts'
import type { Promised } from './doomed-receiver.ts'
import { anybodyAt, folder, openFunded, openPayer, post, type Stage, startStage } from './stage.ts'

/** Names so many channels at a provider, as anybody can. */
async function nameOthers(
  { url, domain, payer }: Pick<Stage, 'url' | 'domain' | 'payer'>,
  count: number,
): Promise<void> {
  for (let left = count; left > 0; left--) {
    const channel: Channel = { ...payer.channel, salt: toHex(randomBytes(32)) }
    const id = channelId(payer.domain, channel)
    await anybodyAt(url, domain).call('channel', { id, channel })
  }
}

test('channels that strangers name, by themselves or with a job, are not kept; who pays is not disturbed', async t => {
  const stage = await startStage(t, { script: { tokens: 5 }, namedChannels: 10 })
  const { devnet, url, offer, payer } = stage
  await payer.open({ channel: payer.channel })
  await nameOthers(stage, 30)
  for (let i = 0; i < 15; i++) {
    const stranger = await openPayer(devnet, url, offer)
    const refused = post(stage, { ...stranger.job({}, 5), channel: stranger.channel })
    await assert.rejects(refused, error => isHeddleError(error, 'voucher_required'))
  }
  assert.deepEqual(ledgerOf(stage).channels, [])

  await assert.rejects(
    payer.raise(payer.voucher(1_000n)),
    error => isHeddleError(error, 'channel_unknown'),
    'it was forgotten',
  )
  await openFunded(stage, 10_000n, 0n)
  await nameOthers(stage, 30)
  const { receipt } = await post(stage, { ...payer.job({}, 5), voucher: payer.voucher(1_000n) })
  assert.equal(verifyReceipt(receipt, stage.provider.address).receipt.sequence, '1')
  assert.deepEqual(
    ledgerOf(stage).channels.map(row => row.id),
    [payer.id],
  )

  // Nor does a deposit that a stranger makes past the provider disturb its books.
  const stranger = await openPayer(devnet, url, offer)
  await sendFromFaucet(devnet.url, depositCall(stranger.channel, stranger.deposit(500n)))
  const { audit } = await startAudit(stage)
  await settled(stage)
  const { findings, green } = await audit()
  assert.ok(green, JSON.stringify(findings))
})

test('a deposit past a provider that keeps no channel yet: its books are green', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { devnet, payer } = stage
  await sendFromFaucet(devnet.url, depositCall(payer.channel, payer.deposit(500n)))
  const { audit } = await startAudit(stage)
  await settled(stage)
  const books = ledgerOf(stage)
  assert.deepEqual([books.channels.length, books.events.length > 0], [0, true])
  const { findings, green } = await audit(books)
  assert.ok(green, JSON.stringify(findings))
  const [event] = books.events
  for (const altered of [{ subject: payer.signer.address }, { amount: 1n }, { name: 'Claimed' }])
    assert.ok(!(await audit({ ...books, events: [{ ...event!, ...altered }, ...books.events.slice(1)] })).green)
})

test('over x402, a channel that is forgotten while its deposit is made is paid and worked on all the same', async t => {
  const stage = await startStage(t, { script: { tokens: 5 }, namedChannels: 1 })
  const client = await payingClient(stage)
  const first = ask(stage, client)
  let over = false
  const ended = (): void => {
    over = true
  }
  first.then(ended, ended)
  while (!over) await nameOthers(stage, 1)
  assert.equal(receiptOf(stage, paymentOf(await first)).sequence, '1')
  const { channels, x402 } = ledgerOf(stage)
  assert.deepEqual([channels.length, x402.map(row => row.channel)], [1, [channels[0]!.id]])
})

test('a free job that waits for its place runs, however many channels are named meanwhile', async t => {
  const gate = Promise.withResolvers<void>()
  const prices = { prompt: 0n, cached: 0n, completion: 0n }
  const limits = { maxCompletion: 1_000, concurrency: 1 }
  const stage = await startStage(t, { script: { tokens: 5, gate: gate.promise }, prices, limits, namedChannels: 3 })
  const { devnet, url, offer, worker, payer } = stage
  const second = await openPayer(devnet, url, offer)
  const first = post(stage, { ...payer.job({}, 5), channel: payer.channel })
  await until(() => worker.asked.length === 1, 'the first runs')
  const waiting = post(stage, { ...second.job({}, 5), channel: second.channel }, { wait: 600 })
  const queued = async () =>
    ((await (await fetch(`${url}/heddle/1/status`)).json()) as { queue: { waiting: number } }).queue
  await until(async () => (await queued()).waiting === 1, 'the second waits')
  await nameOthers(stage, 10)
  gate.resolve()
  assert.ok((await first).receipt)
  assert.ok((await waiting).receipt)
  const { receipts, channels } = ledgerOf(stage)
  assert.deepEqual(
    [receipts, channels].map(rows => new Set(rows.map(row => ('channel' in row ? row.channel : row.id)))),
    Array.from({ length: 2 }, () => new Set([payer.id, second.id])),
  )
})

test('kill -9 between naming, vouchers and receipts: what was promised is on disk, with its rail, and nothing that was only named', async t => {
  for (const kill of [1, 4, 20]) {
    const file = join(folder(t), 'receiver.db')
    const doomed = fork(join(import.meta.dirname, 'doomed-receiver.ts'), [file], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    t.after(() => doomed.kill('SIGKILL'))
    const promised = new Map<string, Promised>()
    let told = 0
    const dead = new Promise<void>(resolve => doomed.once('exit', () => resolve()))
    doomed.on('message', message => {
      const one = message as Promised
      promised.set(one.id, one)
      if (++told === kill) doomed.kill('SIGKILL')
    })
    await dead
    assert.ok(told >= kill, `it ended by itself after ${told}`)
    const { channels, x402 } = readSnapshot(file)
    const marked = new Set(x402.map(row => row.channel))
    for (const { id, rail, ceiling, sequence } of promised.values()) {
      const row = channels.find(one => one.id === id)
      assert.ok(row, 'the channel is kept')
      assert.ok(row.ceiling >= BigInt(ceiling) && row.sequence >= sequence)
      assert.equal(marked.has(id), rail === 'x402')
    }
    // One more at most was on its way when it died.
    assert.ok(channels.length <= promised.size + 1, `${channels.length} rows of ${promised.size} channels`)
    for (const id of marked)
      assert.ok(
        channels.some(row => row.id === id),
        'a mark without its channel',
      )
  }
})
