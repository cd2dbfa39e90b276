import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put } from '@heddle/ledger'
import { CLOCK_SKEW, digestOf, randomBytes, type SignedReceipt, signerOf, signReceipts } from '@heddle/protocol'
import { until } from '../until.ts'
import { answered, question, refused, startGatewayStage } from './gateway-stage.ts'
import { type Lie, startLying } from './lying.ts'
import { startStage } from './stage.ts'

type Case = {
  name: string
  lie?: Lie
  spoil?: (signed: SignedReceipt) => SignedReceipt
  code: string
  /** Whether its provider's signature makes it evidence. */
  kept: boolean
}

const stranger = signerOf(randomBytes(32))
const cases: readonly Case[] = [
  { name: 'another chain', lie: () => ({ chainId: 1 }), code: 'receipt_mismatch', kept: true },
  { name: 'another model', lie: () => ({ model: digestOf('other') }), code: 'receipt_mismatch', kept: true },
  { name: 'another job', lie: () => ({ id: digestOf('other') }), code: 'receipt_mismatch', kept: true },
  { name: 'another channel', lie: () => ({ channel: digestOf('other') }), code: 'receipt_mismatch', kept: true },
  {
    name: 'a place that no number holds',
    lie: () => ({ sequence: '9'.repeat(18) }),
    code: 'receipt_mismatch',
    kept: true,
  },
  {
    name: 'a time in the future',
    lie: ({ finished }) => ({ finished: finished + 2 * CLOCK_SKEW }),
    code: 'receipt_time',
    kept: false,
  },
  {
    name: 'a time before the question',
    lie: ({ started }) => ({ started: started - 2 * CLOCK_SKEW }),
    code: 'receipt_time',
    kept: false,
  },
  {
    name: 'the key of another provider',
    spoil: ({ receipt }) => signReceipts([{ ...receipt, provider: stranger.address }], stranger)[0]!,
    code: 'receipt_signer',
    kept: false,
  },
  {
    name: 'the name of this provider under another key',
    spoil: ({ receipt }) => signReceipts([receipt], stranger)[0]!,
    code: 'receipt_signature',
    kept: false,
  },
  {
    name: 'a path that is cut off',
    spoil: one => ({ ...one, path: { index: 0, size: 2, siblings: [] } }),
    code: 'receipt_signature',
    kept: false,
  },
  {
    name: 'a path that leads elsewhere',
    spoil: one => ({ ...one, path: { index: 0, size: 2, siblings: [digestOf('elsewhere')] } }),
    code: 'receipt_signature',
    kept: false,
  },
]

for (const { name, lie, spoil, code, kept } of cases) {
  test(`a receipt with ${name} is not paid: ${code}${kept ? ', and kept' : ''}`, async t => {
    const stage = await startStage(t, { script: { tokens: 5 } })
    const lying = await startLying(t, stage)
    const { ask, admin, ledger } = await startGatewayStage(t, [{ ...stage, url: lying.url }])
    lying.lie = lie
    if (spoil) lying.spoil = spoil
    const error = await refused(await ask(question()))
    assert.equal(error.code, code)
    assert.ok(error.message.length > 20, error.message)
    assert.deepEqual(await ledger.read('receipts'), [])
    const told = (await (await admin('GET', '/heddle/1/refused')).json()) as { refused: { receipt: SignedReceipt }[] }
    assert.equal(told.refused.length, kept ? 1 : 0)
    const [channel] = await ledger.read('channels')
    assert.equal(channel!.charged, 0n)
    if (code === 'receipt_time') return
    // Nothing of it is held any more, and nobody asks for it again.
    await until(async () => (await ledger.read('jobs'))[0]?.state === 'failed', 'its job is struck')
    const [key] = ((await (await admin('GET', '/heddle/1/status')).json()) as { keys: { held: string }[] }).keys
    assert.equal(key!.held, '0')
  })
}

test('a receipt that was altered on its way is fetched again, paid, and held against nobody', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const { ask, ledger } = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  // Once in its answer, and once where it is fetched.
  let left = 2
  lying.spoil = one => (left-- > 0 ? signReceipts([one.receipt], stranger)[0]! : one)
  assert.equal((await refused(await ask(question()))).code, 'receipt_signature')
  await until(async () => (await ledger.read('receipts')).length === 1, 'its receipt is here')
  assert.ok(left <= 0)
  await answered(await ask(question()))
})

test('of a provider whose receipts never verify nothing more is asked on the channel', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const { ask, ledger } = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  lying.spoil = ({ receipt }) => signReceipts([receipt], stranger)[0]!
  assert.equal((await refused(await ask(question()))).code, 'receipt_signature')
  await until(async () => (await ledger.read('jobs'))[0]?.state === 'failed', 'its job is struck')
  const { length } = stage.worker.asked
  const told = await refused(await ask(question()))
  assert.match(`${told.status}`, /^5/)
  assert.equal(stage.worker.asked.length, length)
})

test('a job that an older gateway left running on a channel without trust is struck at the next start', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const reached = { ...stage, url: lying.url }
  const before = await startGatewayStage(t, [reached])
  lying.lie = () => ({ output: digestOf('other') })
  await refused(await before.ask(question()))
  await until(async () => (await before.ledger.read('jobs'))[0]?.state === 'failed', 'its job is struck')
  const [job] = await before.ledger.read('jobs')
  await before.ledger.commit(put('jobs', { ...job!, state: 'running' }))
  await before.stop()
  // Nobody has to answer for that.
  lying.refuses = 'engine_down'
  await stage.stopProvider()
  const { directory, keys } = before
  const after = await startGatewayStage(t, [reached], { directory, keys })
  assert.deepEqual(
    (await after.ledger.read('jobs')).map(({ state }) => state),
    ['failed'],
  )
})

test('clocks that lie less than two minutes apart change nothing, either way', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const lying = await startLying(t, stage)
  const { ask } = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  for (const apart of [CLOCK_SKEW - 10_000, -CLOCK_SKEW + 10_000]) {
    lying.lie = ({ started, finished }) => ({ started: started + apart, finished: finished + apart })
    assert.match((await answered(await ask(question()))).heddle.receipt, /^0x/)
  }
})
