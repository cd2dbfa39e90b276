import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSqliteLedger } from '@heddle/ledger'
import { isHeddleError, randomBytes, signerOf } from '@heddle/protocol'
import { dialProvider } from '@heddle/sdk'
import {
  API_KEY,
  answered,
  type GatewayStage,
  type GatewayStageOptions,
  gatewayKeys,
  question,
  refused,
  startGatewayStage,
} from '../faults/gateway-stage.ts'
import { greenBooks, isQuiet, until } from '../faults/quiet.ts'
import { scriptedTrade } from '../faults/scripted-worker.ts'
import { type Stage, startStage, startStaged } from '../faults/stage.ts'
import { startWire } from './wire.ts'

/** A gateway that speaks to its provider over a link, through a wire that can be cut. */
async function stageOf(
  t: TestContext,
  script: Parameters<typeof startStage>[1]['script'],
  options: GatewayStageOptions = {},
) {
  const stage = await startStage(t, { script, patience: 5_000 })
  const wire = await startWire(t, stage.url)
  const gateway = await startGatewayStage(t, [{ ...stage, url: wire.url }], options)
  return { stage, wire, gateway }
}

/** Asks for a stream; `piece` hears of each piece as it comes. Gives how many words came, and whether it came to its end. */
async function streamed({ url }: GatewayStage, most: number, piece: (words: number) => void = () => undefined) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...question({ max_tokens: most }), stream: true }),
  })
  let text = ''
  let words = 0
  for await (const bytes of response.body!) {
    text += Buffer.from(bytes as Uint8Array).toString()
    words = text.match(/"content":"[^"]*[a-z][^"]*"/g)?.length ?? 0
    piece(words)
  }
  const content = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, one]) => one).join('')
  return { status: response.status, content, isWhole: text.includes('[DONE]') && !text.includes('"error"') }
}

const receiptsOf = async ({ ledger }: Pick<Stage, 'ledger'>) =>
  (await ledger.read('receipts', { order: { by: 'sequence' } })).map(row => ({ id: row.id, charge: row.charge }))

test('an answer over a link is paid, receipted, and in both books', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 12 })
  const answer = await answered(await gateway.ask(question()))
  assert.equal(answer.heddle.provider, stage.provider.address)
  assert.ok(BigInt(answer.heddle.charge) > 0n)
  await until(() => isQuiet(gateway))
  assert.deepEqual(await receiptsOf(gateway), await receiptsOf(stage))
  await greenBooks(stage, gateway)
  // Offers, channel, job: all of it went over one connection.
  assert.equal(wire.connections, 1)
})

test('many streams at once, each above its first ceiling, share the one connection', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 300 }, { deposit: 500_000n })
  const all = await Promise.all(Array.from({ length: 4 }, () => streamed(gateway, 300)))
  for (const one of all) assert.ok(one.isWhole, one.content.slice(-200))
  assert.equal(new Set(all.map(({ content }) => content)).size, 1)
  await until(() => isQuiet(gateway))
  assert.equal((await receiptsOf(stage)).length, 4)
  await greenBooks(stage, gateway)
  assert.equal(wire.connections, 1)
})

test('a wire that drops in mid-answer: the stream goes on, nothing is lost and nothing is paid twice', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 120, between: 3 }, { deposit: 500_000n })
  const { content: whole } = await streamed(gateway, 120)
  const cuts = new Set([3, 40, 80])
  const { content, isWhole } = await streamed(gateway, 120, words => {
    for (const at of cuts) {
      if (words < at) continue
      cuts.delete(at)
      wire.cut()
    }
  })
  assert.equal(cuts.size, 0)
  assert.ok(isWhole)
  assert.equal(content, whole)
  assert.equal(wire.connections, 4)
  await until(() => isQuiet(gateway))
  const receipts = await receiptsOf(stage)
  assert.equal(receipts.length, 2)
  assert.equal(receipts[0]!.charge, receipts[1]!.charge)
  assert.deepEqual(await receiptsOf(gateway), receipts)
  await greenBooks(stage, gateway)
})

test('a wire that drops after any number of bytes, also within the handshake and the receipt', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 40 }, { deposit: 500_000n })
  const { content: whole } = await streamed(gateway, 40)
  const rounds = 8
  for (let round = 0; round < rounds; round++) {
    wire.dropAfter = 1 + Math.floor((round * 2_000) / rounds)
    if (round % 5 === 0) wire.cut()
    const { content, isWhole } = await streamed(gateway, 40)
    assert.ok(isWhole, `round ${round}: ${content}`)
    assert.equal(content, whole)
  }
  assert.ok(wire.connections > rounds, `${wire.connections} connections: it did not drop`)
  await until(() => isQuiet(gateway))
  assert.equal((await receiptsOf(stage)).length, rounds + 1)
  assert.deepEqual(await receiptsOf(gateway), await receiptsOf(stage))
  await greenBooks(stage, gateway)
})

test('nobody at the other end of a wire: the question is asked elsewhere, and the answer that went on there is recovered', async t => {
  let open!: () => void
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const first = await startStage(t, { script: { tokens: 8, gate }, patience: 5_000 })
  const second = await startStage(t, {
    script: { tokens: 8 },
    devnet: first.devnet,
    prices: { prompt: 9n, cached: 9n, completion: 90n },
  })
  const wire = await startWire(t, first.url)
  const gateway = await startGatewayStage(t, [{ ...first, url: wire.url }, second])
  const asking = gateway.ask(question())
  await until(() => first.worker.asked.length === 1)
  wire.isUp = false
  wire.cut()
  assert.equal((await answered(await asking)).heddle.provider, second.provider.address)
  open()
  wire.isUp = true
  // The session was resumed, and its job ended for its asker: nothing was delivered, or what was has its receipt.
  await until(() => isQuiet(gateway))
  await greenBooks(first, gateway)
})

test('a provider that ends in mid-answer and comes back: its receipt is fetched, and it is asked again', async t => {
  const { stage, gateway } = await stageOf(t, { tokens: 900, between: 2 }, { deposit: 500_000n })
  const stopped = Promise.withResolvers<void>()
  const { isWhole } = await streamed(gateway, 900, words => {
    if (words > 3) void stage.stopProvider().then(stopped.resolve)
  })
  assert.ok(!isWhole)
  await stopped.promise
  const error = await refused(await gateway.ask(question()))
  assert.ok(['provider_unreachable', 'no_provider'].includes(error.code), error.code)
  stage.worker.script = { tokens: 8 }
  const ledger = await openSqliteLedger(join(stage.directory, 'provider.db'))
  await startStaged(t, {
    port: stage.provider.port,
    client: stage.client,
    asset: stage.devnet.token,
    ledger,
    keys: stage.keys,
    trades: [scriptedTrade(stage.worker)],
  })
  // Its offers are new, and fetched when one of before is refused.
  await until(async () => (await gateway.ask(question())).ok)
  await until(() => isQuiet(gateway))
  const receipts = await receiptsOf({ ledger })
  assert.equal(receipts.length, 2)
  assert.deepEqual(await receiptsOf(gateway), receipts)
  await greenBooks(stage, gateway)
})

test('whoever leaves has its job ended, and pays what was delivered', async t => {
  const { stage, gateway } = await stageOf(t, { tokens: 2_000, between: 2 }, { deposit: 500_000n })
  const leaving = new AbortController()
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...question({ max_tokens: 900 }), stream: true }),
    signal: leaving.signal,
  })
  const reader = response.body!.getReader()
  await reader.read()
  leaving.abort()
  await until(() => isQuiet(gateway))
  const [row] = await stage.ledger.read('receipts', {})
  assert.equal(JSON.parse(row!.signed).receipt.finish, 'interrupted')
  assert.deepEqual(await receiptsOf(gateway), await receiptsOf(stage))
  await greenBooks(stage, gateway)
})

test('a stranger on a link of its own reads nothing of what others asked, and stops nothing', async t => {
  const { stage, gateway } = await stageOf(t, { tokens: 8 })
  const { heddle } = await answered(await gateway.ask(question()))
  const [channel] = await stage.ledger.read('channels', {})
  const identity = { signer: signerOf(randomBytes(32)), domain: stage.payer.domain }
  const stranger = dialProvider(stage.url, { identity, pinned: stage.provider.address })
  t.after(() => stranger.close())
  const is = (code: 'read_refused' | 'job_unknown') => (error: unknown) => isHeddleError(error, code)
  const id = heddle.receipt as `0x${string}`
  await assert.rejects(stranger.receipts(channel!.id as `0x${string}`, 0), is('read_refused'))
  await assert.rejects(stranger.output(id, 1_000), is('read_refused'))
  await assert.rejects(stranger.jobState(id), is('read_refused'))
  await assert.rejects(stranger.stop(id), is('job_unknown'))
  await assert.rejects(stranger.evidence(id, 1_000), error => isHeddleError(error, 'evidence_withheld'))
  assert.equal((await stranger.offers(Date.now())).offers.length, 1)
})

test('the gateway of a house reads its own engine’s offers over the link, in plain records on loopback', async t => {
  const { keys, own } = gatewayKeys()
  const stage = await startStage(t, { script: { tokens: 8 }, own, sell: false })
  const gateway = await startGatewayStage(t, [stage], { keys, own: [stage] })
  assert.equal((await answered(await gateway.ask(question()))).heddle.charge, '0')
})
