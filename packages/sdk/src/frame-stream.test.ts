import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { concat, encodeFrame, type Frame, fromUtf8, HeddleError, isHeddleError, utf8 } from '@heddle/protocol'
import { Pool } from 'undici'
import { type FrameStream, openFrames } from './frame-stream.ts'

/** A provider that answers by script. */
async function setup(t: TestContext, answer: (response: ServerResponse) => void) {
  let closed = 0
  const server = createServer((request, response) => {
    request.resume()
    response.on('close', () => {
      closed += 1
    })
    answer(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.after(async () => {
    await pool.destroy()
    server.closeAllConnections()
    server.close()
  })
  const open = (): FrameStream => openFrames(pool, { method: 'POST', path: '/', body: '{}' })
  return { open, closed: () => closed }
}

async function readAll(stream: FrameStream): Promise<Frame[]> {
  const frames: Frame[] = []
  for (let batch = await stream.next(); batch; batch = await stream.next()) frames.push(...batch)
  return frames
}

test('frames arrive whole, however the bytes are cut', async t => {
  const wire = concat(
    encodeFrame('output', utf8('wov')),
    encodeFrame('output', utf8('en')),
    encodeFrame('receipt', utf8('{}')),
  )
  const { open } = await setup(t, response => {
    response.writeHead(200)
    for (const byte of wire) response.write(Uint8Array.of(byte))
    response.end()
  })
  const frames = await readAll(open())
  assert.deepEqual(
    frames.map(({ kind, payload }) => [kind, fromUtf8(payload)]),
    [
      ['output', 'wov'],
      ['output', 'en'],
      ['receipt', '{}'],
    ],
  )
})

test('a refusal is the error that the provider named', async t => {
  const { open } = await setup(t, response => {
    response.writeHead(429).end(JSON.stringify({ error: { code: 'busy', message: '4 jobs run' } }))
  })
  await assert.rejects(open().next(), error => isHeddleError(error, 'busy'))
})

test('what is no refusal, or no frame, is named too', async t => {
  const garbage = await setup(t, response => void response.writeHead(500).end('<html>'))
  await assert.rejects(garbage.open().next(), error => isHeddleError(error, 'provider_unreachable'))
  const noise = await setup(t, response => void response.writeHead(200).end('HTTP/1.1 200 OK'))
  await assert.rejects(noise.open().next(), error => isHeddleError(error, 'receipt_mismatch'))
})

test('a provider that goes away in the middle is unreachable', async t => {
  const { open } = await setup(t, response => {
    response.writeHead(200)
    response.write(encodeFrame('output', utf8('wov')), () => response.destroy())
  })
  const stream = open()
  assert.equal((await stream.next())?.length, 1)
  await assert.rejects(stream.next(), error => isHeddleError(error, 'provider_unreachable'))
})

test('cancelling ends the exchange, before or after it began', async t => {
  const { open, closed } = await setup(t, response => {
    response.writeHead(200)
    response.write(encodeFrame('output', utf8('wov')))
  })
  const stream = open()
  await stream.next()
  stream.cancel()
  await assert.rejects(stream.next(), error => isHeddleError(error, 'aborted'))
  const early = open()
  early.cancel()
  await assert.rejects(early.next(), error => isHeddleError(error, 'aborted'))
  while (closed() === 0) await new Promise(resolve => setTimeout(resolve, 5))
})

test('whoever waits can be interrupted, and the exchange is read on to its end', async t => {
  const answering = Promise.withResolvers<ServerResponse>()
  const { open } = await setup(t, response => {
    response.writeHead(200)
    response.write(encodeFrame('output', utf8('wov')))
    answering.resolve(response)
  })
  const stream = open()
  await stream.next()
  const waiting = stream.next()
  stream.interrupt(new HeddleError('engine_slow'))
  await assert.rejects(waiting, error => isHeddleError(error, 'engine_slow'))
  const response = await answering.promise
  response.end(encodeFrame('receipt', utf8('{}')))
  assert.deepEqual(
    (await readAll(stream)).map(({ kind }) => kind),
    ['receipt'],
  )
})

test('a reader that is slow makes the provider wait, and loses nothing', async t => {
  const piece = encodeFrame('output', new Uint8Array(60_000))
  const { open } = await setup(t, response => {
    response.writeHead(200)
    for (let i = 0; i < 200; i++) response.write(piece)
    response.end(encodeFrame('receipt', utf8('{}')))
  })
  const stream = open()
  await new Promise(resolve => setTimeout(resolve, 200))
  const frames = await readAll(stream)
  assert.equal(frames.length, 201)
  assert.equal(frames.at(-1)?.kind, 'receipt')
})
