import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { drained } from './drained.ts'
import { createEdge } from './edge.ts'
import { closeServer, listen } from './listen.ts'

const PART = Buffer.alloc(65_536, 'w')

/** An edge whose one answer is so many parts long, and how it ended: all of it was taken, or its client was left. */
async function serve(t: TestContext, { unread, parts }: { unread: number; parts: number }) {
  const { promise: ended, resolve: end } = Promise.withResolvers<'taken' | 'left'>()
  const server = createEdge({
    log: { info() {}, warn() {}, error() {} },
    limits: { unread },
    endpoints: [
      {
        method: 'GET',
        path: '/cloth',
        async handle({ response, signal }) {
          for (let i = 0; i < parts && !signal.aborted; i++) {
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

test('a slow client that takes a little now and then gets all of it, however long that lasts', async t => {
  const { port, ended } = await serve(t, { unread: 2_500, parts: 320 })
  const socket = await asking(t, port, '/cloth')
  const began = performance.now()
  const some = setInterval(() => {
    // About 5 MB a second: the answer lasts longer than a client that takes nothing is waited for.
    let left = 4 * PART.length
    const take = (part: Buffer): void => {
      left -= part.length
      if (left > 0) return
      socket.off('data', take)
      socket.pause()
    }
    socket.removeAllListeners('data')
    socket.on('data', take)
    socket.resume()
  }, 60)
  t.after(() => clearInterval(some))
  assert.equal(await ended, 'taken')
  t.diagnostic(`${Math.round(performance.now() - began)} ms`)
})

test('a client that has nothing to take yet is waited for, and so is one that keeps its connection', async t => {
  const { port } = await serve(t, { unread: 100, parts: 0 })
  const response = await fetch(`http://127.0.0.1:${port}/late`)
  assert.equal(await response.text(), 'now and then')
})
