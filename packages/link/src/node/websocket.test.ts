import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createProxy, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
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
async function listening(t: TestContext, { plain = false, most = 256 } = {}) {
  const answerer = new Answerer({ identity: bob, onStream, plain })
  const refusals: unknown[] = []
  const upgrade = answerUpgrades(answerer, { most, refused: error => refusals.push(error) })
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
  return { server, answerer, refusals, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
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

/** A connection that asks for a link and then does as it likes. */
async function asked(t: TestContext, endpoint: string): Promise<Socket> {
  const { port } = new URL(endpoint)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  t.after(() => socket.destroy())
  socket.on('error', () => undefined)
  const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13'
  socket.write(`GET ${LINK_PATH} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

/** A message of binary zeros, as a client masks it. */
const zeros = (length: number): Buffer => {
  const head = Buffer.alloc(14)
  head[0] = 0x82
  head[1] = 0xff
  head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, Buffer.alloc(length)])
}

test('whoever asks for links and says nothing keeps nobody else out', async t => {
  const { endpoint, answerer } = await listening(t, { most: 4 })
  for (let i = 0; i < 8; i++) await asked(t, endpoint)
  assert.deepEqual(await say(dialling(t, endpoint), 'hello'), ['hello'])
  assert.equal(answerer.size, 1)
})

test('whoever is refused and goes on talking is not listened to, and its socket is ended', async t => {
  const { endpoint, server, refusals } = await listening(t)
  const socket = await asked(t, endpoint)
  socket.resume()
  let taken = 0
  const closed = once(socket, 'close')
  socket.on('end', () => socket.destroy())
  while (refusals.length === 0 || taken < 20) {
    socket.write(zeros(300_000))
    taken += 1
    await new Promise(setImmediate)
  }
  // It answers no close, and keeps its side open.
  await closed
  while ((await promisify(server.getConnections.bind(server))()) > 0) await new Promise(setImmediate)
})

test('whoever takes no answer to its pings gets no more of them', async t => {
  const { endpoint, server } = await listening(t)
  const sockets: Socket[] = []
  server.on('connection', one => sockets.push(one))
  const socket = await asked(t, endpoint)
  socket.pause()
  const ping = Buffer.concat([Buffer.of(0x89, 0x80 | 125, 0, 0, 0, 0), Buffer.alloc(125)])
  const many = Buffer.concat(Array<Buffer>(10_000).fill(ping))
  for (let i = 0; i < 40; i++) if (!socket.write(many)) await new Promise(resolve => socket.once('drain', resolve))
  // What waits here beside what the two kernels hold is one answer.
  assert(sockets[0]!.writableLength < 1_000, `${sockets[0]!.writableLength} bytes`)
})
