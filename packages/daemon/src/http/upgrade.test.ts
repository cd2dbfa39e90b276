import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import type { Log } from '@heddle/protocol'
import { createEdge } from './edge.ts'
import { closeServer, listen } from './listen.ts'

const log: Log = { info() {}, warn() {}, error() {} }

/** An edge where `/link` is taken over by what says `taken`. */
async function serve(t: TestContext) {
  const taken: Socket[] = []
  const server = createEdge({
    log,
    endpoints: [{ method: 'GET', path: '/things', handle: ({ response }) => void response.end('things') }],
    upgrade: {
      path: '/link',
      handle(_, socket) {
        taken.push(socket as Socket)
        socket.resume()
        socket.write('taken')
      },
    },
  })
  const port = await listen(server, 0)
  t.after(async () => {
    for (const socket of taken) socket.destroy()
    await closeServer(server)
  })
  return { server, port, taken }
}

const asking = (path: string, headers: Record<string, string> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    ...Object.entries({ host: '127.0.0.1', connection: 'Upgrade', upgrade: 'websocket', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    '\r\n',
  ].join('\r\n')

/** Asks, and gives the socket and the first of what it is told. */
async function ask(t: TestContext, port: number, text: string): Promise<{ socket: Socket; told: string }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  t.after(() => socket.destroy())
  socket.on('error', () => undefined)
  socket.write(text)
  const [told] = (await once(socket, 'data')) as [Buffer]
  return { socket, told: told.toString() }
}

test('what asks for it at its path is handed over, and nothing else', async t => {
  const { port, taken } = await serve(t)
  assert.equal((await ask(t, port, asking('/link'))).told, 'taken')
  assert.equal((await ask(t, port, asking('/link?x=1'))).told, 'taken')
  assert.match((await ask(t, port, asking('/elsewhere'))).told, /^HTTP\/1.1 404 /)
  assert.equal(taken.length, 2)
})

test('whoever would like HTTP/2 is answered over what there is', async t => {
  const { port } = await serve(t)
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' }
  assert.match((await ask(t, port, asking('/things', headers))).told, /^HTTP\/1.1 200 /)
})

test('a page of another origin, and another name, get no further than over HTTP; and hold nothing', async t => {
  const { server, port, taken } = await serve(t)
  for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
    const { told } = await ask(t, port, asking('/link', headers as unknown as Record<string, string>))
    assert.match(told, /^HTTP\/1.1 403 /)
  }
  // Who asked keeps its side open: the daemon does not.
  while ((await promisify(server.getConnections.bind(server))()) > 0) await new Promise(setImmediate)
  assert.equal(taken.length, 0)
})

test('whoever is cut off in the middle of it ends nothing but its own connection', async t => {
  const { port, taken } = await serve(t)
  const wrong: unknown[] = []
  const uncaught = (error: unknown): void => void wrong.push(error)
  process.on('uncaughtException', uncaught)
  t.after(() => process.off('uncaughtException', uncaught))
  for (const path of ['/link', '/elsewhere']) (await ask(t, port, asking(path))).socket.resetAndDestroy()
  while (!taken[0]!.closed) await new Promise(setImmediate)
  assert.deepEqual(wrong, [])
  assert.equal((await ask(t, port, asking('/link'))).told, 'taken')
})

test('a daemon that stops waits for nobody to whom a connection was handed over', async t => {
  const { server, port, taken } = await serve(t)
  await ask(t, port, asking('/link'))
  // Neither side ends it by itself.
  await closeServer(server)
  assert.ok(taken[0]!.destroyed)
})

test('nor for whoever takes nothing of what was written to it', async t => {
  const { server, port, taken } = await serve(t)
  const { socket } = await ask(t, port, asking('/link'))
  socket.pause()
  while (taken[0]!.writableLength < 1 << 20) taken[0]!.write(new Uint8Array(1 << 20))
  await closeServer(server)
  assert.ok(taken[0]!.destroyed)
})
