import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HeddleError, offerDigest, type SignedOffer } from '@heddle/protocol'
import { API_KEY, answered, gatewayKeys, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { anybodyAt, openFunded, startStage } from '../faults/stage.ts'

type Quoted = {
  provider: string
  own: boolean
  input: { usage: Record<string, number>; exact: boolean }
  most: { usage: Record<string, number>; charge: string }
}

const quote = (url: string, body: unknown, headers = { authorization: `Bearer ${API_KEY}` }): Promise<Response> =>
  fetch(`${url}/v1/quote`, { method: 'POST', headers, body: JSON.stringify(body) })

test('a quote names who would answer and the most it can cost; the answer never costs more', async t => {
  const stage = await startStage(t, { script: { tokens: 900 } })
  const { url, ask } = await startGatewayStage(t, [stage])
  for (const max_tokens of [1, 16, 300]) {
    const quoted = (await (await quote(url, question({ max_tokens }))).json()) as Quoted
    assert.equal(quoted.provider, stage.provider.address)
    assert.equal(quoted.input.exact, false)
    assert.equal(quoted.most.usage['completion'], max_tokens)
    const { heddle } = await answered(await ask(question({ max_tokens })))
    assert.ok(BigInt(heddle.charge) <= BigInt(quoted.most.charge), `${heddle.charge} of ${quoted.most.charge}`)
  }
})

test('an engine that counts is asked, and what it says never lowers the most', async t => {
  const stage = await startStage(t, { script: { tokens: 5, counts: 3n } })
  const { url } = await startGatewayStage(t, [stage])
  const quoted = (await (await quote(url, question())).json()) as Quoted
  assert.deepEqual(quoted.input, { usage: { prompt: 3, cached: 0, completion: 0 }, exact: true })
  assert.ok(quoted.most.usage['prompt']! > 3)
  assert.equal(stage.worker.asked.length, 0)
})

test('a quote of an own engine is for nothing, counted before any channel was used', async t => {
  const { keys, own } = gatewayKeys()
  const stage = await startStage(t, { script: { tokens: 5, counts: 3n }, own, sell: false })
  const { url } = await startGatewayStage(t, [stage], { keys, own: [stage] })
  const quoted = (await (await quote(url, question())).json()) as Quoted
  assert.deepEqual([quoted.own, quoted.most.charge, quoted.input.exact], [true, '0', true])
})

test('a quote refuses what asking would refuse', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const moment = Date.now()
  const { url, key } = await startGatewayStage(t, [stage], { cap: 10n, clock: { now: () => moment } })
  assert.equal((await refused(await quote(url, question()))).code, 'cap_reached')
  assert.equal((await refused(await quote(url, question({ model: 'none' })))).code, 'model_unknown')
  const limited = await key({ name: 'once', rate: 1 })
  await quote(url, question(), limited)
  assert.equal((await refused(await quote(url, question(), limited))).code, 'rate_limited')
})

test('counting is for who signs for a channel that can pay, and not without end', async t => {
  let minute: number | undefined
  const clock = { now: () => minute ?? Date.now() }
  const stage = await startStage(t, { script: { tokens: 5, counts: 3n }, clock, counts: 30, countsAtOnce: 30 })
  const { payer, offer, url, domain } = stage
  const { spec } = payer.job().job
  const count = (
    as = payer.link,
    body: Record<string, unknown> = { channel: payer.channel, offer: offerDigest(offer), spec },
  ): Promise<string> =>
    as.call('count', body).then(
      value => (value as { used: Record<string, string> }).used['prompt']!,
      (error: HeddleError) => error.code,
    )
  const stranger = anybodyAt(url, domain)
  assert.equal(await count(), 'channel_unknown', 'a channel that nobody opened')
  await payer.open({ channel: payer.channel })
  assert.equal(await count(), 'channel_underfunded', 'a channel that holds nothing')
  await openFunded(stage, 10_000n, 0n)
  assert.equal(await count(), '3')
  const other = { ...payer.channel, salt: `0x${'12'.repeat(32)}` as const }
  assert.equal(await count(undefined, { channel: other, offer: offerDigest(offer), spec }), 'channel_unknown')
  assert.equal(await count(stranger), 'read_refused')
  assert.equal(await count(undefined, { channel: payer.channel, offer: offerDigest(offer), spec: {} }), 'bad_request')
  // However long it takes to ask so much, it is one moment.
  minute = Date.now()
  const many = await Promise.all(Array.from({ length: 40 }, () => count()))
  assert.deepEqual(new Set(many), new Set(['3', 'rate_limited']))
  const counted = many.filter(one => one === '3').length
  assert.ok(counted === 29 || counted === 30, `${counted}: one was counted before`)
})

test('an engine that cannot count is quoted by the bound', async t => {
  const { keys, own } = gatewayKeys()
  const stage = await startStage(t, { script: { tokens: 5 }, own, sell: false })
  const { offers } = (await (await fetch(`${stage.url}/heddle/1/offers`)).json()) as { offers: SignedOffer[] }
  assert.deepEqual(offers, [], 'nothing is sold')
  const { url } = await startGatewayStage(t, [stage], { keys, own: [stage] })
  const quoted = (await (await quote(url, question())).json()) as Quoted
  assert.equal(quoted.input.exact, false)
})
