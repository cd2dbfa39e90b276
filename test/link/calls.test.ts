import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Dialler, type Stream } from '@heddle/link'
import { dialWebSocket } from '@heddle/link/node'
import { encodeCall, errorFromJson, fromUtf8, randomBytes, readMessage, signerOf, toHex, utf8 } from '@heddle/protocol'
import { startStage } from '../faults/stage.ts'

/** A stranger's link to a provider, by which anything can be said. */
async function stranger(t: TestContext) {
  const stage = await startStage(t, { script: { tokens: 4 }, edge: { bytes: 20_000 } })
  const link = await strangerOf(t, stage).link()
  /** Opens a stream, sends messages, and gives what the last word was: an error's code, or the JSON of an answer. */
  const say = async (about: Uint8Array, ...messages: (Uint8Array | string)[]): Promise<unknown> => {
    const stream = link.open(about)
    for (const one of messages) stream.send(typeof one === 'string' ? utf8(one) : one)
    if (messages.length === 0) stream.end()
    return lastWord(stream)
  }
  return { stage, link, say }
}

function strangerOf(t: TestContext, stage: Awaited<ReturnType<typeof startStage>>): Dialler {
  const dialler = new Dialler({
    identity: { signer: signerOf(randomBytes(32)), domain: stage.payer.domain },
    to: stage.provider.address,
    connect: () => dialWebSocket(stage.url),
    onStream: stream => stream.reset('bad_request'),
  })
  t.after(() => dialler.close())
  return dialler
}

async function lastWord(stream: Stream): Promise<unknown> {
  try {
    let last: unknown
    for (let some = await stream.receive(); some; some = await stream.receive())
      for (const one of some) {
        const { kind, payload } = readMessage(one)
        const json: unknown = JSON.parse(fromUtf8(payload))
        last = kind === 'error' ? errorFromJson(json, 'internal').code : json
      }
    stream.end()
    return last
  } catch (error) {
    return (error as Error).message
  }
}

test('what is no call is refused with its reason, and the link goes on', async t => {
  const { link, say } = await stranger(t)
  const job = encodeCall({ call: 'job' })
  const offers = encodeCall({ call: 'offers' })
  assert.equal(await say(utf8('')), 'bad_request')
  assert.equal(await say(utf8('{"call":"format_disk"}'), '{}'), 'bad_request')
  assert.equal(await say(utf8('{"call":"job","wait":-1}'), '{}'), 'bad_request')
  assert.equal(await say(Uint8Array.of(0xff, 0xfe), '{}'), 'bad_request')
  assert.equal(await say(offers), 'bad_request')
  assert.equal(await say(offers, ''), 'bad_json')
  assert.equal(await say(offers, Uint8Array.of(0xc3, 0x28)), 'bad_json')
  assert.equal(await say(offers, '{"payer":7}'), 'bad_request')
  assert.equal(await say(offers, '['.repeat(500)), 'nesting_too_deep')
  assert.equal(await say(offers, '{}', '{}'), 'bad_request')
  assert.equal(await say(job, `{"pad":"${'x'.repeat(30_000)}"}`), 'body_too_large')
  assert.equal(await say(job, '{}'), 'bad_request')
  assert.equal(await say(encodeCall({ call: 'stop' }), `{"id":"${toHex(randomBytes(32))}"}`), 'job_unknown')
  assert.equal(await say(encodeCall({ call: 'state' }), '{"id":"0x12"}'), 'bad_request')
  assert.equal(link.error, undefined)
  const { offers: list } = (await say(offers, '{}')) as { offers: unknown[] }
  assert.equal(list.length, 1)
  assert.equal(link.streams, 0)
})

test('a message far above the limit ends its stream, and nothing else', async t => {
  const { link, say } = await stranger(t)
  assert.equal(await say(encodeCall({ call: 'job' }), new Uint8Array(4 << 20)), 'body_too_large')
  assert.equal(link.error, undefined)
})

test('a stream that says nothing holds nothing but its place on its own link', async t => {
  const { stage, link, say } = await stranger(t)
  for (let i = 0; i < 2_000; i++) link.open(encodeCall({ call: 'job' }))
  assert.equal(await say(encodeCall({ call: 'offers' }), '{}'), 'link_full')
  // Others are answered.
  assert.equal((await fetch(`${stage.url}/heddle/1/offers`)).status, 200)
  assert.equal(link.error, undefined)
})

test('an upgrade that is no link is refused', async t => {
  const { stage } = await stranger(t)
  const response = await new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/elsewhere`)
    socket.onopen = () => reject(new Error('open'))
    socket.onerror = () => resolve('refused')
  })
  assert.equal(response, 'refused')
})

test('a stream on which no call comes in its time is ended', async t => {
  const stage = await startStage(t, { script: { tokens: 4 }, edge: { arrival: 300 } })
  const link = await strangerOf(t, stage).link()
  const silent = link.open(encodeCall({ call: 'job' }))
  assert.equal(await lastWord(silent), 'link_slow')
  assert.equal(link.error, undefined)
})
