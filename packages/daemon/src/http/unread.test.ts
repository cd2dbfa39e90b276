import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { drained } from './drained.ts'
import { createEdge } from './edge.ts'
import { closeServer, listen } from './listen.ts'
import { leaveUnread } from './unread.ts'

const PART = Buffer.alloc(65_536, 'w')

type Serving = { unread: number; parts: number; enough?: AbortSignal }

/** An edge whose one answer is so many parts long, or until it is enough, and how it ended: all of it was taken, or its client was left. */
async function serve(t: TestContext, { unread, parts, enough }: Serving) {
  const { promise: ended, resolve: end } = Promise.withResolvers<'taken' | 'left'>()
  const server = createEdge({
    log: { info() {}, warn() {}, error() {} },
    limits: { unread },
    endpoints: [
      {
        method: 'GET',
        path: '/cloth',
        async handle({ response, signal }) {
          for (let i = 0; i < parts && !signal.aborted && !enough?.aborted; i++) {
            response.write(PART)
            await drained(response)
          }
          response.end()
          response.once('finish', () => end('taken'))
          if (signal.aborted) end('left')
        },
      },
      {
        method: 'GET',
        path: '/whole',
        handle({ response }) {
          response.once('close', () => end(response.writableFinished ? 'taken' : 'left'))
          response.end(Buffer.alloc(64 << 20))
        },
      },
      {
        method: 'GET',
        path: '/late',
        async handle({ response, signal }) {
          response.write('now ')
          await new Promise(resolve => setTimeout(resolve, 4 * unread))
          response.end(signal.aborted ? 'left' : 'and then')
        },
      },
    ],
  })
  const port = await listen(server, 0)
  t.after(() => closeServer(server))
  return { port, ended }
}

/** Nothing of this process runs for so long. */
const standStill = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/** Asks, and reads nothing of the answer yet. */
async function asking(t: TestContext, port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`)
  return socket
}

test('a client that takes nothing of its answer is left, and whoever writes to it waits no longer', async t => {
  const { port, ended } = await serve(t, { unread: 300, parts: 1_000_000 })
  await asking(t, port, '/cloth')
  assert.equal(await ended, 'left')
})

test('nor does an answer that was written at once lie there for ever', async t => {
  const { port, ended } = await serve(t, { unread: 300, parts: 0 })
  await asking(t, port, '/whole')
  assert.equal(await ended, 'left')
})

test('a slow client that takes a little now and then gets all of it, however often this machine stands still meanwhile', async t => {
  const unread = 300
  const enough = new AbortController()
  const { port, ended } = await serve(t, { unread, parts: Number.POSITIVE_INFINITY, enough: enough.signal })
  const socket = await asking(t, port, '/cloth')
  // Each step takes more than what lies between the two on its way; all of them last far longer than one that takes nothing.
  let steps = 60
  const step = (): void => {
    // The worst of moments: all that lies between the two is full, and has been for a while.
    if (steps % 6 === 5) standStill(1.5 * unread)
    let left = 4 << 20
    const take = (part: Buffer): void => {
      left -= part.length
      if (left > 0) return
      socket.off('data', take)
      if (steps-- === 0) {
        enough.abort()
        return
      }
      socket.pause()
      setTimeout(step, 20)
    }
    socket.on('data', take)
    socket.resume()
  }
  step()
  assert.equal(await ended, 'taken')
})

test('a client that has nothing to take yet is waited for, and so is one that keeps its connection', async t => {
  const { port } = await serve(t, { unread: 100, parts: 0 })
  const response = await fetch(`http://127.0.0.1:${port}/late`)
  assert.equal(await response.text(), 'now and then')
})

/** A client's socket played by hand: each half of its time ends when the test says so, at a time of its own. */
function halves(t: TestContext) {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  const socket = { writableLength: 0, bytesWritten: 0, setTimeout: t.mock.fn() }
  const destroy = t.mock.fn()
  let end = (): void => undefined
  const setTimeout = (_: number, ends: () => void): void => {
    end = ends
  }
  leaveUnread({ socket, destroy, setTimeout } as never, 1_000)
  /** Half of its time ends, so many milliseconds after the last; gives whether the client is left then. */
  const half = (milliseconds = 500): boolean => {
    now += milliseconds
    end()
    return destroy.mock.callCount() > 0
  }
  return { socket, half }
}

test('only two halves with something to take and nothing taken leave a client', t => {
  const { socket, half } = halves(t)
  for (let i = 0; i < 5; i++) assert.equal(half(), false, 'nothing waits')
  Object.assign(socket, { writableLength: 10, bytesWritten: 10 })
  for (let i = 0; i < 5; i++) {
    assert.equal(half(), false, 'the first half')
    assert.equal(socket.setTimeout.mock.callCount(), i + 1, 'and there is a second')
    socket.bytesWritten += 1
  }
  assert.equal(half(), false)
  assert.equal(half(), true)
})

test('what this machine stood still is not the time of a client', t => {
  const { socket, half } = halves(t)
  Object.assign(socket, { writableLength: 10, bytesWritten: 10 })
  for (let i = 0; i < 5; i++) assert.equal(half(20_000), false)
  assert.equal(half(600), true)
})
