import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createProxy, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fromUtf8, isHeddleError, utf8 } from '@heddle/protocol'
import { WebSocket } from 'ws'
import { Answerer } from '../answerer.ts'
import { Dialler, type DiallerOptions } from '../dialler.ts'
import type { Stream } from '../session/stream.ts'
import { ann, bob } from '../testing/parties.ts'
import { connectionOver } from '../websocket.ts'
import { answerUpgrades, dialWebSocket, LINK_PATH } from './websocket.ts'

async function echo(stream: Stream): Promise<void> {
  for (let some = await stream.receive(); some; some = await stream.receive())
    for (const message of some) stream.send(message)
  stream.end()
}
const onStream = (stream: Stream): void => void echo(stream).catch(() => undefined)

/** Bob, on a port of this machine. */
async function listening(t: TestContext, { plain = false } = {}) {
  const answerer = new Answerer({ identity: bob, onStream, plain })
  const refusals: unknown[] = []
  const upgrade = answerUpgrades(answerer, { refused: error => refusals.push(error) })
  const server = createServer((_, response) => response.end('http'))
  server.on('upgrade', (request, socket, head) => {
    if (!upgrade(request, socket, head)) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    answerer.close()
    server.close()
    server.closeAllConnections()
  })
  return { answerer, refusals, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function dialling(t: TestContext, endpoint: string, options: Partial<DiallerOptions> = {}): Dialler {
  const dialler = new Dialler({
    identity: ann,
    to: bob.signer.address,
    connect: () => dialWebSocket(endpoint),
    onStream,
    ...options,
  })
  t.after(() => dialler.close())
  return dialler
}

async function say(dialler: Dialler, text: string): Promise<string[]> {
  const stream = (await dialler.link()).open(utf8('x'))
  stream.send(utf8(text))
  stream.end()
  const told: string[] = []
  for (let some = await stream.receive(); some; some = await stream.receive()) told.push(...some.map(fromUtf8))
  return told
}

test('over a real WebSocket, sealed and, on loopback, plain', async t => {
  const { endpoint } = await listening(t, { plain: true })
  assert.deepEqual(await say(dialling(t, endpoint), 'sealed'), ['sealed'])
  assert.deepEqual(await say(dialling(t, endpoint, { seal: 'none' }), 'plain'), ['plain'])
})

test("a browser's own kind of WebSocket speaks it too", async t => {
  const { endpoint } = await listening(t)
  const connect = async () => {
    const socket = new globalThis.WebSocket(`${endpoint.replace('http', 'ws')}${LINK_PATH}`)
    await once(socket, 'open')
    return connectionOver(socket as never)
  }
  assert.deepEqual(await say(dialling(t, endpoint, { connect }), 'from a tab'), ['from a tab'])
})

test('nobody there; somebody who is no link', async t => {
  await assert.rejects(dialling(t, 'http://127.0.0.1:9').link(), error => isHeddleError(error, 'link_lost'))
  const server = createServer((_, response) => response.end('http')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await assert.rejects(dialling(t, endpoint).link(), error => isHeddleError(error, 'link_lost'))
})

test('text, and a message above a record, end the connection', async t => {
  const { endpoint, refusals, answerer } = await listening(t)
  for (const message of ['hello', new Uint8Array(1 << 20)]) {
    const socket = new WebSocket(`${endpoint.replace('http', 'ws')}${LINK_PATH}`)
    await once(socket, 'open')
    socket.send(message)
    await once(socket, 'close')
  }
  assert.equal(answerer.size, 0)
  assert(
    refusals.every(error => isHeddleError(error, 'link_lost')),
    String(refusals),
  )
})

test('the wire is cut in the middle of a stream, again and again: it goes on, and nothing is lost or comes twice', async t => {
  const { endpoint } = await listening(t)
  const target = Number(new URL(endpoint).port)
  const through = new Set<Socket>()
  const proxy = createProxy(near => {
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      through.add(one)
      one.pipe(other)
      one.once('close', () => {
        through.delete(one)
        other.destroy()
      })
      one.once('error', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => proxy.close())
  const dialler = dialling(t, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  const link = await dialler.link()
  const stream = link.open(utf8('x'))
  const sent: string[] = []
  const told: string[] = []
  for (let i = 0; i < 200; i++) {
    const text = `${i} ${'.'.repeat((i * 997) % 5_000)}`
    sent.push(text)
    stream.send(utf8(text))
    if (i % 40 === 20) for (const socket of through) socket.destroy()
    while (told.length < sent.length - 10) told.push(...(await stream.receive())!.map(fromUtf8))
  }
  stream.end()
  for (let some = await stream.receive(); some; some = await stream.receive()) told.push(...some.map(fromUtf8))
  assert.deepEqual(told, sent)
  assert.equal(link.error, undefined)
})
