import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { drained } from './drained.ts'

/** A stream whose reader takes what there is when it is told to. */
function slow() {
  let take = (): void => undefined
  const stream = new Writable({
    highWaterMark: 1,
    write(_chunk, _encoding, done) {
      take = done
    },
  })
  const listeners = (): number => stream.listenerCount('drain') + stream.listenerCount('close')
  return { stream, listeners, take: () => take() }
}

test('a slow reader is waited for again and again, and no listener stays', async () => {
  const { stream, listeners, take } = slow()
  const before = listeners()
  for (let i = 0; i < 30; i++) {
    stream.write('thread')
    const waiting = drained(stream)
    assert.equal(listeners(), before + 2)
    take()
    await waiting
    assert.equal(listeners(), before)
  }
})

test('one that has gone is not waited for, also when it went before', async () => {
  const { stream, listeners } = slow()
  const before = listeners()
  stream.write('thread')
  const waiting = drained(stream)
  stream.destroy()
  await waiting
  await drained(stream)
  assert.equal(listeners(), before)
})
