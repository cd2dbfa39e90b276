import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from '@heddle/chain'
import { readSnapshot, type Snapshot } from '@heddle/ledger'
import { callWitness, reconcile } from '@heddle/payments'
import { type Address, channelId, domainOf, isHeddleError, offerDigest, type SignedOffer } from '@heddle/protocol'
import {
  answered,
  type GatewayStage,
  gatewayKeys,
  question,
  refused,
  startGatewayStage,
} from '../faults/gateway-stage.ts'
import { openFunded, openPayer, post, type Stage, startStage } from '../faults/stage.ts'

/** An own engine and a provider of the network on one chain, behind one gateway. */
async function setup(t: Parameters<typeof startStage>[0], own: Parameters<typeof startStage>[1]['script'], over = {}) {
  const { keys, own: payer } = gatewayKeys()
  const engine = await startStage(t, { script: own, own: payer, sell: false, ...over })
  const network = await startStage(t, { script: { tokens: 5 }, devnet: engine.devnet })
  const gateway = await startGatewayStage(t, [network, engine], { keys, own: [engine] })
  return { keys, payer, engine, network, gateway }
}

const books = (gateway: GatewayStage, stages: readonly Stage[]) => ({
  gateway: { name: 'gateway', ledger: readSnapshot(join(gateway.directory, 'gateway.db')) },
  providers: stages.map((stage, i) => ({
    name: `provider-${i}`,
    address: stage.provider.address as Address,
    ledger: readSnapshot(join(stage.directory, 'provider.db')),
  })),
})

async function reconciled(gateway: GatewayStage, stages: readonly Stage[]) {
  const { gateway: paying, providers } = books(gateway, stages)
  const ledgers: Snapshot[] = [paying.ledger, ...providers.map(one => one.ledger)]
  const witness = await callWitness(stages[0]!.client, stages[0]!.devnet.token, ledgers)
  return reconcile(paying, providers, witness)
}

test('an own engine answers first, for nothing, with a receipt; nothing is deposited for it; the books agree', async t => {
  const { engine, network, gateway } = await setup(t, { tokens: 5 })
  for (let i = 0; i < 3; i++) {
    const { heddle } = await answered(await gateway.ask(question()))
    assert.equal(heddle.charge, '0')
    assert.equal(heddle.provider, engine.provider.address)
  }
  assert.deepEqual([engine.worker.asked.length, network.worker.asked.length], [3, 0])
  const receipts = await engine.ledger.read('receipts', { order: { by: 'sequence' } })
  assert.deepEqual(
    receipts.map(({ sequence, charge }) => [sequence, charge]),
    [
      [1, 0n],
      [2, 0n],
      [3, 0n],
    ],
  )
  const [channel] = await engine.ledger.read('channels')
  assert.deepEqual([channel!.ceiling, channel!.charged], [0n, 0n])
  assert.deepEqual(await engine.ledger.read('transactions'), [])
  assert.deepEqual((await reconciled(gateway, [network, engine])).findings, [])
})

test('altering any column of a free channel, receipt or key is still found', async t => {
  const { engine, network, gateway } = await setup(t, { tokens: 5 })
  await answered(await gateway.ask(question(), await gateway.key({ name: 'k', policy: 'own-only', rate: 60 })))
  const { gateway: paying, providers } = books(gateway, [network, engine])
  const witness = await callWitness(engine.client, engine.devnet.token, [
    paying.ledger,
    ...providers.map(one => one.ledger),
  ])
  const alter = (value: unknown): unknown =>
    typeof value === 'bigint'
      ? value + 1n
      : typeof value === 'number'
        ? value + 1
        : `${String(value ?? '').slice(0, -1)}x`
  let altered = 0
  for (const table of ['channels', 'receipts', 'keys'] as const) {
    for (const [i, row] of paying.ledger[table].entries()) {
      for (const column of Object.keys(row)) {
        const rows = paying.ledger[table].map((one, j) =>
          i === j ? { ...one, [column]: alter(one[column as keyof typeof one]) } : one,
        )
        const ledger = { ...paying.ledger, [table]: rows } as Snapshot
        const { green } = await reconcile({ ...paying, ledger }, providers, witness)
        assert.equal(green, false, `${table}[${i}].${column}`)
        altered += 1
      }
    }
  }
  assert.ok(altered > 25, `${altered}`)
})

test('a busy own engine is passed over: the gateway buys, within the cap; a key that is own-only waits instead', async t => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { engine, network, gateway } = await setup(
    t,
    { tokens: 5, gate },
    { limits: { maxCompletion: 1_000, concurrency: 1 } },
  )
  const ownOnly = await gateway.key({ name: 'home', policy: 'own-only' })
  const first = gateway.ask(question())
  while (engine.worker.asked.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  const waits = gateway.ask(question(), ownOnly)
  const bought = await answered(await gateway.ask(question()))
  assert.equal(bought.heddle.provider, network.provider.address)
  assert.notEqual(bought.heddle.charge, '0')
  assert.equal(engine.worker.asked.length, 1)
  open()
  assert.equal((await answered(await first)).heddle.provider, engine.provider.address)
  assert.equal((await answered(await waits)).heddle.charge, '0')
  assert.deepEqual((await reconciled(gateway, [network, engine])).findings, [])
})

test('what the own engine has not, the network has: a model, a feature', async t => {
  const { keys, own } = gatewayKeys()
  const engine = await startStage(t, { script: { tokens: 5 }, own, sell: false })
  const other = await startStage(t, {
    script: { tokens: 5, serves: { name: 'other' } },
    devnet: engine.devnet,
  })
  const seeded = await startStage(t, {
    script: { tokens: 5, serves: { features: ['chat', 'seed'] } },
    devnet: engine.devnet,
  })
  const gateway = await startGatewayStage(t, [engine, other, seeded], { keys, own: [engine] })
  const provider = async (body: unknown, headers = {}): Promise<string> =>
    (await answered(await gateway.ask(body, headers))).heddle.provider
  assert.equal(await provider(question()), engine.provider.address)
  assert.equal(await provider(question({ model: 'other' })), other.provider.address)
  assert.equal(await provider(question({ seed: 7 })), seeded.provider.address)
  const ownOnly = await gateway.key({ name: 'own', policy: 'own-only' })
  const networkOnly = await gateway.key({ name: 'net', policy: 'network-only' })
  const policy = await refused(await gateway.ask(question({ model: 'other' }), ownOnly))
  assert.deepEqual(
    [policy.code, /own-only, and no own engine has other/.test(policy.message)],
    ['routing_unmatched', true],
  )
  assert.equal((await refused(await gateway.ask(question({ model: 'none' }), ownOnly))).code, 'model_unknown')
  assert.equal(await provider(question(), networkOnly), seeded.provider.address)
  assert.equal(
    await provider(question(), await gateway.key({ name: 'cheap', policy: 'cheapest' })),
    engine.provider.address,
  )
})

test('with the chain down, at the start and ever after, own engines answer with a receipt', async t => {
  const { keys, own } = gatewayKeys()
  const engine = await startStage(t, { script: { tokens: 5 }, own, sell: false })
  await engine.devnet.stop()
  const dead = connect('http://127.0.0.1:9', engine.devnet.chainId)
  const gateway = await startGatewayStage(t, [engine], { keys, own: [engine], client: dead })
  const { heddle } = await answered(await gateway.ask(question()))
  assert.equal(heddle.charge, '0')
  const stored = await (await gateway.admin('GET', `/heddle/1/receipts/${heddle.receipt}`)).json()
  assert.equal((stored as { receipt: { receipt: { id: string } } }).receipt.receipt.id, heddle.receipt)
})

test('the chain dies while the house runs: own engines go on, and the network is not the reason for any error', async t => {
  const { engine, network, gateway } = await setup(t, { tokens: 5 })
  await answered(await gateway.ask(question()))
  await engine.devnet.stop()
  await network.stopProvider()
  for (let i = 0; i < 3; i++) assert.equal((await answered(await gateway.ask(question()))).heddle.charge, '0')
})

test('a free offer is for one payer: nobody sees it by chance, and nobody else is served under it', async t => {
  const { payer, engine } = await setup(t, { tokens: 5 }, { sell: true })
  const read = async (query: string): Promise<SignedOffer[]> =>
    ((await (await fetch(`${engine.url}/heddle/1/offers${query}`)).json()) as { offers: SignedOffer[] }).offers
  assert.ok((await read('')).every(({ offer }) => offer.prices['completion'] !== '0'))
  const free = (await read(`?payer=${payer.payer}`)).find(({ offer }) => offer.prices['completion'] === '0')!
  const stranger = await openPayer(engine.devnet, engine.url, free.offer)
  const pretending = { ...stranger.channel, payer: payer.payer }
  for (const channel of [stranger.channel, pretending]) {
    const id = channelId(domainOf(free.offer), channel)
    const job = stranger.job({ channel: id, offer: offerDigest(free.offer), limit: '0' })
    await assert.rejects(post(engine, { ...job, channel }), error => isHeddleError(error, 'offer_unknown'))
  }
  assert.equal(engine.worker.asked.length, 0)
})

test('sold work never takes the places that are kept for the house', async t => {
  const { keys, own } = gatewayKeys()
  const engine = await startStage(t, {
    script: { tokens: 200, between: 20 },
    own: { ...own, reserve: 1 },
    limits: { maxCompletion: 1_000, concurrency: 2 },
  })
  const gateway = await startGatewayStage(t, [engine], { keys, own: [engine] })
  await openFunded(engine, 50_000n, 5_000n)
  const ended = new AbortController()
  const sold = [post(engine, engine.payer.job({}, 200), { signal: ended.signal }).catch(() => undefined)]
  while (engine.worker.asked.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  await assert.rejects(post(engine, engine.payer.job({}, 200)), error => isHeddleError(error, 'busy'))
  assert.equal((await answered(await gateway.ask(question({ max_tokens: 2 })))).heddle.charge, '0')
  ended.abort()
  await Promise.all(sold)
})
