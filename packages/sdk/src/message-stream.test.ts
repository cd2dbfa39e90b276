import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stream } from '@heddle/link'
import { encodeMessage, fromUtf8, HeddleError, isHeddleError, type Message, utf8 } from '@heddle/protocol'
import { type MessageStream, messagesOf } from './message-stream.ts'
import { refuse, streamsTo } from './testing/saying.ts'

async function readAll(stream: MessageStream): Promise<Message[]> {
  const all: Message[] = []
  for (let batch = await stream.next(); batch; batch = await stream.next()) all.push(...batch)
  return all
}

const wov = encodeMessage('output', utf8('wov'))
const receipt = encodeMessage('receipt', utf8('{}'))

test('messages arrive in order, to the last', async t => {
  const open = await streamsTo(t, stream => {
    for (const one of [wov, encodeMessage('output', utf8('en')), receipt]) stream.send(one)
    stream.end()
  })
  assert.deepEqual(
    (await readAll(messagesOf(open))).map(({ kind, payload }) => [kind, fromUtf8(payload)]),
    [
      ['output', 'wov'],
      ['output', 'en'],
      ['receipt', '{}'],
    ],
  )
})

test('a refusal is the error that the provider named', async t => {
  const open = await streamsTo(t, stream => refuse(stream, new HeddleError('busy', '4 jobs run')))
  await assert.rejects(messagesOf(open).next(), error => isHeddleError(error, 'busy'))
})

test('what is no message of an answer is named too', async t => {
  for (const noise of [new Uint8Array(0), utf8('HTTP/1.1 200 OK'), encodeMessage('answer', utf8('{}'))]) {
    const open = await streamsTo(t, stream => stream.send(noise))
    await assert.rejects(messagesOf(open).next(), error => isHeddleError(error, 'receipt_mismatch'))
  }
})

test('a provider that ends the stream in the middle is unreachable', async t => {
  const open = await streamsTo(t, stream => {
    stream.send(wov)
    setImmediate(() => stream.reset('internal'))
  })
  await assert.rejects(readAll(messagesOf(open)), error => isHeddleError(error, 'provider_unreachable'))
})

test('cancelling ends the exchange, before or after it began', async t => {
  const ended: Promise<unknown>[] = []
  const open = await streamsTo(t, stream => {
    stream.send(wov)
    ended.push(stream.receive().catch(error => error))
  })
  const stream = messagesOf(open)
  await stream.next()
  stream.cancel()
  await assert.rejects(stream.next(), error => isHeddleError(error, 'aborted'))
  const early = messagesOf(open)
  early.cancel()
  await assert.rejects(early.next(), error => isHeddleError(error, 'aborted'))
  assert.ok(isHeddleError(await ended[0], 'aborted'))
})

test('whoever waits can be interrupted, and the exchange is read on to its end', async t => {
  const answering = Promise.withResolvers<Stream>()
  const open = await streamsTo(t, stream => {
    stream.send(wov)
    answering.resolve(stream)
  })
  const stream = messagesOf(open)
  await stream.next()
  const waiting = stream.next()
  stream.interrupt(new HeddleError('engine_slow'))
  await assert.rejects(waiting, error => isHeddleError(error, 'engine_slow'))
  const answer = await answering.promise
  answer.send(receipt)
  answer.end()
  assert.deepEqual(
    (await readAll(stream)).map(({ kind }) => kind),
    ['receipt'],
  )
})

test('a reader that is slow makes the provider wait, and loses nothing', async t => {
  const piece = encodeMessage('output', new Uint8Array(60_000))
  let sent = 0
  const open = await streamsTo(t, async stream => {
    for (; sent < 200; sent++) {
      await stream.ready()
      stream.send(piece)
    }
    stream.send(receipt)
    stream.end()
  })
  const stream = messagesOf(open)
  const first = await stream.next()
  for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve))
  assert.ok(sent < 50, `${sent} pieces left without anybody reading them`)
  const rest = await readAll(stream)
  assert.equal(first!.length + rest.length, 201)
  assert.equal(rest.at(-1)?.kind, 'receipt')
})
