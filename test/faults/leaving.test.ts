import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, type SignedReceipt } from '@heddle/protocol'
import { API_KEY, answered, type GatewayStage, question, refused, startGatewayStage } from './gateway-stage.ts'
import { startLying } from './lying.ts'
import { greenBooks, isQuiet, until } from './quiet.ts'
import { anybodyAt, type Stage, startStage } from './stage.ts'

/** Asks for a stream, and hangs up after so many pieces of it (0: at once). */
async function hangUp(gateway: GatewayStage, pieces: number, body = question({ max_tokens: 500 })): Promise<void> {
  const leaving = new AbortController()
  const asking = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...body, stream: true }),
    signal: leaving.signal,
  })
  if (pieces === 0) setImmediate(() => leaving.abort())
  try {
    let read = 0
    for await (const _ of (await asking).body!) if (++read >= pieces) break
    leaving.abort()
  } catch {
    // It hung up.
  }
}

test('who hangs up in mid-answer ends the job: what was delivered is paid for, and nothing is held any more', async t => {
  const stage = await startStage(t, { script: { tokens: 100_000, between: 1 }, patience: 60_000 })
  const gateway = await startGatewayStage(t, [stage])
  await hangUp(gateway, 3)
  await until(() => isQuiet(gateway))
  const [stored] = await gateway.ledger.read('receipts')
  const { receipt } = JSON.parse(stored!.signed) as SignedReceipt
  assert.equal(receipt.finish, 'interrupted')
  assert.ok(BigInt(receipt.charge) > 0n)
  assert.deepEqual(
    (await stage.ledger.read('receipts')).map(({ id }) => id),
    [stored!.id],
  )
  await greenBooks(stage, gateway)
})

test('who hangs up before the first word pays nothing, and the engine is free for the next', async t => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const stage = await startStage(t, { script: { tokens: 3, gate }, limits: { maxCompletion: 1_000, concurrency: 1 } })
  const gateway = await startGatewayStage(t, [stage])
  const leaving = new AbortController()
  const asking = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify(question()),
    signal: leaving.signal,
  }).catch(() => undefined)
  await until(() => stage.worker.asked.length === 1)
  await until(async () => (await gateway.ledger.read('jobs', { where: { state: 'running' } })).length === 1)
  leaving.abort()
  await asking
  await until(() => isQuiet(gateway))
  assert.deepEqual(await gateway.ledger.read('receipts'), [])
  open()
  await answered(await gateway.ask(question()))
  await greenBooks(stage, gateway)
})

test('many hang up at any moment, on a channel with room for three: all others are answered, and in the end nothing is held', async t => {
  const stage = await startStage(t, {
    script: { tokens: 12, between: 1 },
    exposure: 3_200n,
    limits: { maxCompletion: 1_000, concurrency: 8 },
    patience: 60_000,
  })
  const gateway = await startGatewayStage(t, [stage], { patience: 60_000, limits: { firstByte: 60_000 } })
  const all = Array.from({ length: 60 }, async (_, i) => {
    if (i % 3 > 0) return hangUp(gateway, i % 5)
    await answered(await gateway.ask(question({ max_tokens: 40 })))
  })
  await Promise.all(all)
  await until(() => isQuiet(gateway))
  await greenBooks(stage, gateway)
  const ours = await gateway.ledger.read('receipts', { order: { by: 'sequence' } })
  const theirs = await stage.ledger.read('receipts', { order: { by: 'sequence' } })
  assert.deepEqual(
    ours.map(({ id }) => id),
    theirs.map(({ id }) => id),
  )
})

test('only the payer of a channel ends its jobs', async t => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const stage = await startStage(t, { script: { tokens: 3, gate } })
  const gateway = await startGatewayStage(t, [stage])
  const asking = gateway.ask(question())
  await until(async () => ((await gateway.ledger.read('jobs'))[0]?.state ?? '') === 'running')
  const { id } = (await gateway.ledger.read('jobs'))[0]!
  const stranger = anybodyAt(stage.url, stage.domain)
  await assert.rejects(stranger.call('stop', { id }), error => isHeddleError(error, 'read_refused'))
  open()
  await answered(await asking)
  await assert.rejects(stranger.call('stop', { id }), error => isHeddleError(error, 'job_unknown'))
})

test('what fails on this side while the provider works is no last word of it: its receipt is read, and no place in its order is missed', async t => {
  const stage = await startStage(t, { script: { tokens: 3 } })
  const lying = await startLying(t, stage)
  const gateway = await startGatewayStage(t, [{ ...stage, url: lying.url }])
  // More than the channel holds: no such voucher can be signed.
  lying.raises = '999999999'
  assert.equal((await refused(await gateway.ask(question()))).code, 'no_provider')
  lying.raises = undefined
  await answered(await gateway.ask(question()))
  await until(() => isQuiet(gateway))
  const placesIn = async ({ ledger }: Pick<Stage, 'ledger'>) =>
    (await ledger.read('receipts', { order: { by: 'sequence' } })).map(({ sequence }) => sequence)
  const places = await placesIn(gateway)
  // Each try had its receipt, and the last question its own.
  assert.ok(places.length >= 2)
  assert.deepEqual(
    places,
    places.map((_, i) => i + 1),
  )
  assert.deepEqual(await placesIn(stage), places)
  await greenBooks(stage, gateway)
})
