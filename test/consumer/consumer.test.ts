import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fund } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { type Answer, isHeddleError, type Question, randomBytes, signerOf, toHex } from '@heddle/protocol'
import { type CreateConsumerOptions, createConsumer } from '@heddle/sdk'
import { workloads } from '@heddle/workloads/workloads'
import { until } from '../faults/quiet.ts'
import { folder, type Stage, startStage } from '../faults/stage.ts'
import { startWire } from '../link/wire.ts'
import { stoppingOnce } from '../stopping.ts'

const question = (spec: Record<string, unknown> = {}): Question => ({
  workload: 'inference',
  models: ['scripted'],
  spec: {
    task: 'chat',
    messages: [{ role: 'user', content: 'weave' }],
    maxCompletion: 16,
    temperature: 0,
    topP: 1,
    stop: [],
    ...spec,
  },
})
const refusedAs = (code: string) => (error: unknown) => isHeddleError(error) && error.code === code

async function textOf({ deltas }: Answer): Promise<string> {
  let text = ''
  for await (const bytes of deltas) text += Buffer.from(bytes).toString()
  return text
}

/** A wallet with money on the chain of a stage, and a consumer of it in a folder of its own. */
async function startWallet(t: TestContext, stage: Stage, { funds = 1_000_000n }: { funds?: bigint } = {}) {
  const secret = randomBytes(32)
  if (funds > 0n) await fund(stage.devnet.url, stage.devnet.token, signerOf(secret).address, funds)
  const options: CreateConsumerOptions = {
    wallet: secret,
    chain: { url: stage.devnet.url, id: stage.devnet.chainId, token: stage.devnet.token },
    providers: [stage.url],
    workloads,
    home: folder(t),
    deposit: 100_000n,
  }
  const open = async (over: Partial<CreateConsumerOptions> = {}) => {
    const consumer = await createConsumer({ ...options, ...over })
    return { ...consumer, close: stoppingOnce(t, () => consumer.close()) }
  }
  return { options, open }
}

test('from a key to a paid answer', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { options, open } = await startWallet(t, stage)
  const consumer = await open({ wallet: toHex(options.wallet as Uint8Array) })
  const [model] = consumer.models()
  assert.equal(model!.id, 'scripted')
  const { most } = await consumer.quote(question())
  const answer = await consumer.ask(question())
  assert.equal(await textOf(answer), 'wov '.repeat(8))
  const { receipt, charge } = await answer.done
  assert.ok(charge > 0n && charge <= most.charge)
  await consumer.close()
  const [own] = readSnapshot(join(options.home, 'ledger.db')).receipts
  const [theirs] = await stage.ledger.read('receipts', {})
  assert.deepEqual([own!.id, own!.signed], [receipt, theirs!.signed])
})

test('a program that starts again goes on with the channel and the receipts of the one before', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { options, open } = await startWallet(t, stage)
  for (let i = 0; i < 2; i++) {
    const consumer = await open()
    const answer = await consumer.ask(question())
    await textOf(answer)
    await answer.done
    await consumer.close()
  }
  const { channels, receipts } = readSnapshot(join(options.home, 'ledger.db'))
  assert.equal(channels.length, 1)
  assert.deepEqual(receipts.map(row => row.sequence).sort(), [1, 2])
})

test('a question that may cost less than its first piece does is not asked; one that may cost a part is answered so far', async t => {
  const stage = await startStage(t, { script: { tokens: 200 } })
  const { open } = await startWallet(t, stage)
  const consumer = await open()
  await assert.rejects(consumer.ask(question(), { most: 1n }), refusedAs('cap_reached'))
  const { most } = await consumer.quote(question({ maxCompletion: 200 }))
  const part = (most.charge * 3n) / 4n
  const answer = await consumer.ask(question({ maxCompletion: 200 }), { most: part })
  await textOf(answer)
  const { charge, finish } = await answer.done
  assert.ok(charge <= part)
  assert.equal(finish, 'length')
})

test('whoever leaves pays what was delivered', async t => {
  const stage = await startStage(t, { script: { tokens: 900, between: 2 } })
  const { open } = await startWallet(t, stage)
  const consumer = await open()
  const leaving = new AbortController()
  const answer = await consumer.ask(question({ maxCompletion: 900 }), { signal: leaving.signal })
  for await (const _ of answer.deltas) break
  leaving.abort()
  await until(async () => (await stage.ledger.read('receipts', {})).length === 1)
  const [row] = await stage.ledger.read('receipts', {})
  assert.equal(JSON.parse(row!.signed).receipt.finish, 'interrupted')
})

test('a provider at two addresses is paid on one channel, and goes on at one where the other is gone', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const wire = await startWire(t, stage.url)
  const { options, open } = await startWallet(t, stage)
  const consumer = await open({ providers: [stage.url, wire.url] })
  await textOf(await consumer.ask(question()))
  wire.isUp = false
  wire.cut()
  await textOf(await consumer.ask(question()))
  await consumer.close()
  assert.equal(readSnapshot(join(options.home, 'ledger.db')).channels.length, 1)
})

test('what cannot be is said at once, with its code', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { options, open } = await startWallet(t, stage)
  const { chain } = options
  await assert.rejects(open({ wallet: '0x1234' }), refusedAs('setting_invalid'))
  await assert.rejects(open({ chain: { ...chain, id: chain.id + 1 } }), refusedAs('chain_wrong'))
  await assert.rejects(open({ chain: { ...chain, url: 'http://127.0.0.1:9' } }), refusedAs('chain_down'))
  const consumer = await open()
  await assert.rejects(open(), refusedAs('ledger_locked'))
  await assert.rejects(consumer.ask({ ...question(), workload: 'weaving' }), refusedAs('bad_request'))
  await assert.rejects(consumer.ask(question({ temperature: 9 })), refusedAs('bad_request'))
  await assert.rejects(consumer.ask({ ...question(), models: ['none'] }), refusedAs('model_unknown'))
})

test('a wallet without money is told so, and a provider that is nowhere', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { open } = await startWallet(t, stage, { funds: 0n })
  const poor = await open()
  await assert.rejects(poor.ask(question()), refusedAs('deposit_refused'))
  await poor.close()
  const alone = await open({ providers: ['http://127.0.0.1:9'] })
  await assert.rejects(alone.ask(question()), refusedAs('no_provider'))
})

test('what is wrong with a setting is mended, and the home is there for it', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { options, open } = await startWallet(t, stage)
  await assert.rejects(open({ providers: [{}] }), refusedAs('setting_invalid'))
  await assert.rejects(open({ wallet: new Uint8Array(32) }), refusedAs('setting_invalid'))
  await assert.rejects(open({ wallet: `0x${'zz'.repeat(32)}` }), refusedAs('setting_invalid'))
  await (await open()).close()
  const token = `0x${'11'.repeat(20)}` as const
  await assert.rejects(open({ chain: { ...options.chain, token } }))
  const consumer = await open()
  await textOf(await consumer.ask(question()))
})

test('what is no question is said to be none', async t => {
  const stage = await startStage(t, { script: { tokens: 8 } })
  const { open } = await startWallet(t, stage)
  const consumer = await open()
  for (const none of [undefined, null, {}, { ...question(), models: [] }, { ...question(), models: undefined }])
    await assert.rejects(consumer.ask(none as unknown as Question), refusedAs('bad_request'))
})

test('whoever closes ends what is read, what is not read yet, and what is asked; the next start has every receipt', async t => {
  const stage = await startStage(t, { script: { tokens: 900, between: 2 } })
  const { options, open } = await startWallet(t, stage)
  const consumer = await open()
  const long = question({ maxCompletion: 900 })
  const [read, unread] = [await consumer.ask(long), await consumer.ask(long)]
  const { value } = await read.deltas[Symbol.asyncIterator]().next()
  assert(value)
  const ended = Promise.all(
    [textOf(read), read.done, unread.done, consumer.ask(long)].map(one => assert.rejects(one, refusedAs('aborted'))),
  )
  await consumer.close()
  await ended
  await assert.rejects(consumer.ask(long), refusedAs('aborted'))
  await until(async () => (await stage.ledger.read('receipts', {})).length >= 2)
  await (await open()).close()
  const theirs = await stage.ledger.read('receipts', {})
  const { receipts } = readSnapshot(join(options.home, 'ledger.db'))
  assert.deepEqual(receipts.map(({ id }) => id).sort(), theirs.map(({ id }) => id).sort())
})
