import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Answerer, Dialler, type Link, type Stream } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import {
  type Domain,
  encodeMessage,
  HeddleError,
  isHeddleError,
  randomBytes,
  readCall,
  signerOf,
  signOffer,
  toHex,
  utf8,
} from '@heddle/protocol'
import { type AnswerLimits, Dialled, dialProvider, ProviderClient, USUAL_ANSWERS } from '@heddle/sdk'
import { fixture } from '@heddle/testing'
import { until } from '../faults/quiet.ts'
import { startWire } from './wire.ts'

const domain: Domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` }
const answer = (value: unknown): Uint8Array => encodeMessage('answer', utf8(JSON.stringify(value)))

/** Somebody who answers calls as a test has it. */
async function startAnswering(
  t: TestContext,
  onCall: (call: string, stream: Stream) => void,
  identity = { signer: signerOf(randomBytes(32)), domain },
): Promise<string> {
  const answerer = new Answerer({
    identity,
    plain: true,
    onStream: stream => onCall(readCall(stream.about).call, stream),
  })
  const server = createServer().on('upgrade', answerUpgrades(answerer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    answerer.close()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The same behind a wire, and a client of it. */
async function stage(
  t: TestContext,
  onCall: (call: string, stream: Stream) => void,
  limits: Partial<AnswerLimits> = {},
) {
  const wire = await startWire(t, await startAnswering(t, onCall))
  const client: ProviderClient = new ProviderClient(
    'behind a wire',
    new Dialler({
      identity: { signer: signerOf(randomBytes(32)), domain },
      connect: () => dialWebSocket(wire.url),
      onStream: stream => stream.reset('bad_request'),
      onLink: link => links.push(link),
      onDrop: link => client.dropped(link),
    }),
    { ...USUAL_ANSWERS, ...limits },
  )
  const links: Link[] = []
  t.after(() => client.close())
  return { client, wire, links }
}

test('a higher ceiling for a job that goes on waits for the connection; what has not begun is told that nobody is there', async t => {
  const open: Record<string, Stream> = {}
  const { client, wire } = await stage(t, (call, stream) => {
    open[call] = stream
  })
  const offers = client.offers(Date.now())
  const raised = client.raise({ channel: toHex(randomBytes(32)), ceiling: '5', signature: '0x' } as never)
  await until(() => open['offers'] !== undefined && open['voucher'] !== undefined)
  wire.isUp = false
  wire.cut()
  await assert.rejects(offers, error => isHeddleError(error, 'provider_unreachable'))
  wire.isUp = true
  open['voucher']!.send(answer({ ceiling: '5' }))
  open['voucher']!.end()
  assert.deepEqual(await raised, { ceiling: '5' })
})

test('whoever answers and does not end its streams leaves nothing on this side', async t => {
  const { client, links } = await stage(t, (_, stream) => {
    stream.send(answer({ state: 'done' }))
    stream.send(answer({ state: 'done' }))
  })
  for (let i = 0; i < 5; i++) assert.equal(await client.jobState(toHex(randomBytes(32))), 'done')
  assert.equal(links[0]!.streams, 0)
})

test('a question that is too long for a provider, or one too many, is refused as that, and nobody is gone', async t => {
  const { client } = await stage(t, (call, stream) => stream.reset(call === 'job' ? 'body_too_large' : 'link_full'))
  const signed = { job: fixture.job, signature: '0x' }
  const voucher = { channel: fixture.job.channel, ceiling: '5', signature: '0x' }
  const { messages } = client.job({ signed, channel: fixture.channel, voucher } as never, 0)
  await assert.rejects(messages.next(), error => isHeddleError(error, 'body_too_large'))
  await assert.rejects(client.offers(Date.now()), error => isHeddleError(error, 'busy'))
})

/** Somebody under two addresses, and one who dials both. */
async function twoAddresses(t: TestContext, onCall: (call: string, stream: Stream) => void) {
  const url = await startAnswering(t, onCall)
  const wires = [await startWire(t, url), await startWire(t, url)] as const
  const dialled = new Dialled()
  const identity = { signer: signerOf(randomBytes(32)), domain }
  const clients = wires.map(wire => dialProvider(wire.url, { identity, dialled }))
  t.after(() => Promise.all(clients.map(client => client.close())))
  return { wires, clients: clients as [ProviderClient, ProviderClient] }
}
const offersOf = (client: ProviderClient) => client.offers(Date.now())

test('a provider under two addresses has one link, and nothing that runs on it ends', async t => {
  let running: Stream | undefined
  const { wires, clients } = await twoAddresses(t, (call, stream) => {
    if (call === 'state') running = stream
    else stream.send(answer({ offers: [], down: [] }))
  })
  const [home, away] = clients
  await offersOf(home)
  // Who is there is known once it was dialled; that may end the first link, once.
  await offersOf(away)
  const before = wires.map(({ connections }) => connections)
  const state = home.jobState(toHex(randomBytes(32)))
  await until(() => running !== undefined)
  for (let i = 0; i < 5; i++) await Promise.all([offersOf(home), offersOf(away)])
  running!.send(answer({ state: 'done' }))
  assert.equal(await state, 'done')
  assert.deepEqual(
    wires.map(({ connections }) => connections),
    before,
  )
})

test('where one of two addresses is gone, the link goes on over the other, with what runs on it', async t => {
  let running: Stream | undefined
  const { wires, clients } = await twoAddresses(t, (call, stream) => {
    if (call === 'voucher') running = stream
    else stream.send(answer({ offers: [], down: [] }))
  })
  const [home, away] = clients
  await offersOf(home)
  await offersOf(away)
  const raised = away.raise({ channel: toHex(randomBytes(32)), ceiling: '5', signature: '0x' } as never)
  await until(() => running !== undefined)
  wires[0].isUp = false
  wires[0].cut()
  running!.send(answer({ ceiling: '5' }))
  assert.deepEqual(await raised, { ceiling: '5' })
  await Promise.all([offersOf(home), offersOf(away)])
})

test('whoever else comes to be at one of the addresses is not asked for this one', async t => {
  const answers = (_: string, stream: Stream): void => stream.send(answer({ offers: [], down: [] }))
  const { wires, clients } = await twoAddresses(t, answers)
  for (const client of clients) await offersOf(client)
  const stranger = await startAnswering(t, (_, stream) => stream.send(answer({ state: 'done' })))
  wires[1].to = stranger
  wires[0].isUp = false
  wires[0].cut()
  await assert.rejects(clients[0].jobState(toHex(randomBytes(32))), error =>
    isHeddleError(error, 'provider_unreachable'),
  )
  wires[0].isUp = true
  await until(() =>
    offersOf(clients[0]).then(
      () => true,
      () => false,
    ),
  )
})

for (const [when, { pinned, relayFirst }] of Object.entries({
  'and its key is known, before it was dialled': { pinned: true, relayFirst: true },
  'and its key is known, after it was dialled': { pinned: true, relayFirst: false },
  'before it was dialled': { pinned: false, relayFirst: true },
  'after it was dialled': { pinned: false, relayFirst: false },
}))
  test(`whoever lets through what a provider says keeps nobody from it: ${when}`, async t => {
    const identity = { signer: signerOf(randomBytes(32)), domain }
    const key = { signer: signerOf(randomBytes(32)), domain }
    const answers = (state: string) => (call: string, stream: Stream) =>
      stream.send(answer(call === 'offers' ? { offers: [], down: [] } : { state }))
    const url = await startAnswering(t, answers('done'), key)
    const relay = await startWire(t, url)
    const dialled = new Dialled()
    const honest = dialProvider(url, { identity, dialled, ...(pinned ? { pinned: key.signer.address } : {}) })
    const hostile = dialProvider(relay.url, { identity, dialled })
    t.after(() => Promise.all([honest.close(), hostile.close()]))
    for (const client of relayFirst ? [hostile, honest] : [honest, hostile]) await offersOf(client)
    // Now it says something of its own, and ends the link that went over it, if one does.
    relay.to = await startAnswering(t, answers('running'))
    relay.cut()
    const asked = async () => {
      const id = toHex(randomBytes(32))
      await until(() => honest.jobState(id).then(state => state === 'done' || assert.fail(state), isHeddleError))
    }
    for (let i = 0; i < 3; i++) await Promise.all([asked(), hostile.offers(Date.now()).catch(() => undefined)])
    if (pinned || !relayFirst) assert.equal(relay.connections, 1)
  })

test('an own engine is asked on this machine, whoever lets through what it says', async t => {
  const identity = { signer: signerOf(randomBytes(32)), domain }
  const key = { signer: signerOf(randomBytes(32)), domain }
  const url = await startAnswering(t, (_, stream) => stream.send(answer({ offers: [], down: [] })), key)
  const relay = await startWire(t, url)
  const dialled = new Dialled()
  const hostile = dialProvider(relay.url, { identity, dialled })
  const own = dialProvider(url, { identity, dialled, pinned: key.signer.address, seal: 'none' })
  t.after(() => Promise.all([own.close(), hostile.close()]))
  await offersOf(hostile)
  await offersOf(own)
  relay.isUp = false
  relay.cut()
  await offersOf(own)
  assert.equal(relay.connections, 1)
})

test('whoever tells the offers of another has none', async t => {
  const other = signOffer(fixture.offer, fixture.parties.provider)
  const { client } = await stage(t, (_, stream) => stream.send(answer({ offers: [other], down: [] })))
  await assert.rejects(client.offers(0), error => isHeddleError(error, 'offer_invalid'))
})

test('who closes one client of a provider leaves the others what runs', async t => {
  let running: Stream | undefined
  const { clients } = await twoAddresses(t, (call, stream) => {
    if (call === 'state') running = stream
    else stream.send(answer({ offers: [], down: [] }))
  })
  const [home, away] = clients
  await offersOf(home)
  await offersOf(away)
  const state = away.jobState(toHex(randomBytes(32)))
  await until(() => running !== undefined)
  await home.close()
  running!.send(answer({ state: 'done' }))
  assert.equal(await state, 'done')
  await offersOf(away)
})

test('a connection that is gone is nobody’s but those who asked over it', async t => {
  const seen: Stream[] = []
  const onCall = (call: string, stream: Stream): void => {
    if (call === 'state') seen.push(stream)
    else stream.send(answer({ offers: [], down: [] }))
  }
  const { client, wire, links } = await stage(t, onCall, { grace: 20 })
  await client.offers(Date.now())
  wire.cut()
  links[0]!.fail(new HeddleError('link_lost', 'it is over'))
  const state = client.jobState(toHex(randomBytes(32)))
  await until(() => seen.length === 1)
  assert.equal(links.length, 2)
  // Longer than a connection that is gone is waited for.
  await new Promise(resolve => setTimeout(resolve, 60))
  seen[0]!.send(answer({ state: 'done' }))
  assert.equal(await state, 'done')
})

test('whoever waits on a link of another address is told that its connection is gone', async t => {
  let asked = 0
  const { wires, clients } = await twoAddresses(t, (call, stream) => {
    asked += 1
    if (call === 'offers') stream.send(answer({ offers: [], down: [] }))
  })
  const [home, away] = clients
  await offersOf(home)
  await offersOf(away)
  const state = home.jobState(toHex(randomBytes(32)))
  await until(() => asked === 3)
  for (const wire of wires) {
    wire.isUp = false
    wire.cut()
  }
  await assert.rejects(state, error => isHeddleError(error, 'provider_unreachable'))
})

/** One whose key is known, at `own`; and an address of somebody unknown that leads to it as well, and was the first to be dialled. */
async function knownAndUnknown(t: TestContext) {
  const signer = signerOf(randomBytes(32))
  const url = await startAnswering(t, (_, stream) => stream.send(answer({ offers: [], down: [] })), { signer, domain })
  const [own, other] = [await startWire(t, url), await startWire(t, url)]
  const dialled = new Dialled()
  const identity = { signer: signerOf(randomBytes(32)), domain }
  const known = dialProvider(own.url, { identity, dialled, pinned: signer.address })
  const unknown = dialProvider(other.url, { identity, dialled })
  t.after(() => Promise.all([known.close(), unknown.close()]))
  await offersOf(unknown)
  return { own, other, known, unknown }
}
const eventually = (ask: () => Promise<unknown>): Promise<void> =>
  until(() =>
    ask().then(
      () => true,
      () => false,
    ),
  )

test('one whose key is known is reached at its own address, whoever else has led to it before', async t => {
  const { own, other, known } = await knownAndUnknown(t)
  other.isUp = false
  other.cut()
  await eventually(() => offersOf(known))
  assert.equal(own.connections, 1)
})

test('one whose key is known is nobody else, where an address that led to it leads to another', async t => {
  const { own, other, known } = await knownAndUnknown(t)
  own.isUp = false
  other.to = await startAnswering(t, (_, stream) => stream.send(answer({ state: 'done' })))
  other.cut()
  await assert.rejects(known.jobState(toHex(randomBytes(32))), error => isHeddleError(error, 'provider_unreachable'))
})

test('a stranger at one of two addresses ends nothing that goes on over the other', async t => {
  let running: Stream | undefined
  const { wires, clients } = await twoAddresses(t, (call, stream) => {
    if (call === 'voucher') running = stream
    else stream.send(answer({ offers: [], down: [] }))
  })
  for (const client of clients) await offersOf(client)
  const raised = clients[0].raise({ channel: toHex(randomBytes(32)), ceiling: '5', signature: '0x' } as never)
  await until(() => running !== undefined)
  wires[1].to = await startAnswering(t, (_, stream) => stream.send(answer({ state: 'done' })))
  for (const wire of wires) wire.cut()
  running!.send(answer({ ceiling: '5' }))
  assert.deepEqual(await raised, { ceiling: '5' })
})
