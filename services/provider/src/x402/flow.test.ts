import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromUtf8, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { startFlow } from './flow.ts'

async function readAll(output: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of output) pieces.push(piece)
  return fromUtf8(concat(...pieces))
}

test('what is put in comes out, all of it and in order, however fast it is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.boolean())), async pieces => {
      const flow = startFlow()
      const read = readAll(flow.output)
      for (const [text, waits] of pieces) {
        flow.put(utf8(text.toWellFormed()))
        if (waits) await flow.drained()
      }
      flow.end()
      assert.equal(await read, pieces.map(([text]) => text.toWellFormed()).join(''))
    }),
  )
})

test('what was put in before an error is read before it is thrown', async () => {
  const flow = startFlow()
  flow.put(utf8('half'))
  flow.end(new Error('broken'))
  const first = await flow.output.next()
  assert.equal(fromUtf8(first.value as Uint8Array), 'half')
  await assert.rejects(flow.output.next(), /broken/)
})

test('a reader that stops, and an end that nobody reads, hold nobody back', async () => {
  const stopped = startFlow()
  stopped.put(utf8('a'))
  stopped.put(utf8('b'))
  await stopped.output.next()
  await stopped.output.return?.()
  await stopped.drained()
  const unread = startFlow()
  unread.put(utf8('a'))
  const waiting = unread.drained()
  unread.end(new Error('broken'))
  await waiting
})
