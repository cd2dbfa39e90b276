import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { startSlots } from './slots.ts'

const never = () => new AbortController().signal

test('jobs above the places wait, in order', async () => {
  const slots = startSlots(1, 2)
  const order: number[] = []
  const leave = await slots.take(never())
  const second = slots.take(never()).then(go => {
    order.push(2)
    return go
  })
  const third = slots.take(never()).then(go => {
    order.push(3)
    return go
  })
  assert.equal(slots.waiting(), 2)
  leave()
  leave() // giving back twice is giving back once
  const leaveSecond = await second
  assert.deepEqual(order, [2])
  leaveSecond()
  const leaveThird = await third
  leaveThird()
  assert.equal(slots.free(), 1)
})

test('a full queue is busy', async () => {
  const slots = startSlots(1, 0)
  await slots.take(never())
  await assert.rejects(slots.take(never()), error => isHeddleError(error, 'busy'))
})

test('who goes away while waiting leaves the queue', async () => {
  const slots = startSlots(1, 1)
  const leave = await slots.take(never())
  const away = new AbortController()
  const waiting = slots.take(away.signal)
  away.abort()
  await assert.rejects(waiting, error => isHeddleError(error, 'aborted'))
  assert.equal(slots.waiting(), 0)
  leave()
  assert.equal(slots.free(), 1)
})
