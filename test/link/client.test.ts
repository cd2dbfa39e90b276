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
  isHeddleError,
  randomBytes,
  readCall,
  signerOf,
  toHex,
  utf8,
} from '@heddle/protocol'
import { ProviderClient } from '@heddle/sdk'
import { fixture } from '@heddle/testing'
import { until } from '../faults/quiet.ts'
import { startWire } from './wire.ts'

const domain: Domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` }
const answer = (value: unknown): Uint8Array => encodeMessage('answer', utf8(JSON.stringify(value)))

/** Somebody who answers calls as a test has it, behind a wire, and a client of it. */
async function stage(t: TestContext, onCall: (call: string, stream: Stream) => void) {
  const answerer = new Answerer({
    identity: { signer: signerOf(randomBytes(32)), domain },
    onStream: stream => onCall(readCall(stream.about).call, stream),
  })
  const server = createServer().on('upgrade', answerUpgrades(answerer)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const wire = await startWire(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const client: ProviderClient = new ProviderClient(
    'behind a wire',
    new Dialler({
      identity: { signer: signerOf(randomBytes(32)), domain },
      connect: () => dialWebSocket(wire.url),
      onStream: stream => stream.reset('bad_request'),
      onLink: link => links.push(link),
      onDrop: link => client.dropped(link),
    }),
  )
  const links: Link[] = []
  t.after(async () => {
    await client.close()
    answerer.close()
    server.close()
  })
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
