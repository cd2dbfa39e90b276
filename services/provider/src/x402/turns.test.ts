import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Hex, isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { Turns } from './turns.ts'

const channel = (byte: number): Hex => `0x${byte.toString(16).padStart(64, '0')}`
const never = new AbortController().signal

test('a channel has one request at a time, in the order they came; channels do not wait for each other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 8 }), async (s, which) => {
      const turns = new Turns()
      const inside = new Map<number, number>()
      const done: [number, number][] = []
      const all = which.map(async (one, i) => {
        const leave = await turns.take(channel(one), never)
        inside.set(one, (inside.get(one) ?? 0) + 1)
        assert.equal(inside.get(one), 1)
        await s.schedule(Promise.resolve())
        inside.set(one, 0)
        done.push([one, i])
        leave()
      })
      await s.waitFor(Promise.all(all))
      for (const one of [0, 1]) {
        const order = done.filter(([of]) => of === one).map(([, i]) => i)
        assert.deepEqual(
          order,
          [...order].sort((a, b) => a - b),
        )
      }
    }),
  )
})

test('who has gone away gives its turn on, and too many are refused at once', async () => {
  const turns = new Turns()
  const leave = await turns.take(channel(1), never)
  const gone = turns.take(channel(1), AbortSignal.abort())
  const waiting = turns.take(channel(1), never)
  const others = Array.from({ length: 5 }, () => turns.take(channel(1), never))
  await assert.rejects(turns.take(channel(1), never), error => isHeddleError(error, 'busy'))
  leave()
  leave()
  await assert.rejects(gone, error => isHeddleError(error, 'aborted'))
  const next = await waiting
  next()
  for (const other of others) (await other)()
  const again = await turns.take(channel(1), never)
  again()
})
