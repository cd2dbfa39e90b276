import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { API_KEY, answered, type GatewayStage, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { greenBooks, isQuiet, until } from '../faults/quiet.ts'
import { startStage } from '../faults/stage.ts'
import { startWire } from './wire.ts'

/** A provider behind a router: the gateway knows its key and not where it is; the provider dials the gateway. */
async function stageOf(t: TestContext, script: Parameters<typeof startStage>[1]['script']) {
  const wire = await startWire(t)
  const stage = await startStage(t, { script, dial: [wire.url], patience: 5_000 })
  const gateway = await startGatewayStage(t, [stage], { dialsIn: [stage], deposit: 500_000n })
  wire.to = gateway.url
  await until(async () => (await upOf(gateway)).every(one => one))
  return { stage, wire, gateway }
}

async function upOf({ admin }: GatewayStage): Promise<boolean[]> {
  const { providers } = (await (await admin('GET', '/heddle/1/status')).json()) as { providers: { up: boolean }[] }
  return providers.map(({ up }) => up)
}

async function streamed({ url }: GatewayStage, most: number, piece: (text: string) => void = () => undefined) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...question({ max_tokens: most }), stream: true }),
  })
  let text = ''
  for await (const bytes of response.body!) {
    text += Buffer.from(bytes as Uint8Array).toString()
    piece(text)
  }
  return text
}

test('a provider that nobody can reach dials in: it is paid as any other, and the deposit is its to submit', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 12 })
  const answer = await answered(await gateway.ask(question()))
  assert.equal(answer.heddle.provider, stage.provider.address)
  const text = await streamed(gateway, 200)
  assert.match(text, /\[DONE\]/)
  await until(() => isQuiet(gateway))
  await greenBooks(stage, gateway)
  // However often it dialled before there was anybody: all that was said went over one connection.
  assert.equal(wire.cut(), 1)
})

test('its wire drops in mid-answer: the paid stream goes on over the next connection', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 120, between: 3 })
  let cuts = 0
  const text = await streamed(gateway, 120, ({ length }) => {
    if (length > (cuts + 1) * 3_000) cuts += wire.cut() > 0 ? 1 : 0
  })
  assert.ok(cuts >= 2, `${cuts} cuts in ${text.length} characters`)
  assert.match(text, /\[DONE\]/)
  assert.doesNotMatch(text, /"error"/)
  await until(() => isQuiet(gateway))
  assert.equal((await stage.ledger.read('receipts', {})).length, 1)
  await greenBooks(stage, gateway)
})

test('while it is away nobody is there; when it is back it is asked again', async t => {
  const { stage, wire, gateway } = await stageOf(t, { tokens: 4 })
  await answered(await gateway.ask(question()))
  wire.isUp = false
  wire.cut()
  const { code } = await refused(await gateway.ask(question()))
  assert.ok(code === 'provider_unreachable' || code === 'no_provider', code)
  wire.isUp = true
  await until(async () => (await gateway.ask(question())).ok)
  await until(() => isQuiet(gateway))
  await greenBooks(stage, gateway)
})

test('a provider whose key the gateway does not know is told so, and gets no link', async t => {
  const { gateway, stage } = await stageOf(t, { tokens: 4 })
  const told = Promise.withResolvers<string>()
  const log = {
    info() {},
    error() {},
    warn: (message: string, about?: Record<string, unknown>) =>
      void (message === 'gateway not dialled' && told.resolve(String(about?.['error']))),
  }
  await startStage(t, { script: { tokens: 4 }, devnet: stage.devnet, dial: [gateway.url], log })
  assert.match(await told.promise, /link_refused/)
  assert.deepEqual(await upOf(gateway), [true])
})
