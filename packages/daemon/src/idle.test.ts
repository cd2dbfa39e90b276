import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectWhenIdle } from './idle.ts'

test('what a burst left behind is collected once nothing is done for a while, and only once', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const now = { busy: 0, heap: 100 }
  let collected = 0
  const stop = collectWhenIdle({
    busy: () => now.busy,
    heap: () => now.heap,
    collect() {
      collected += 1
      now.heap = 90
    },
  })
  const looks = (count: number): void => {
    for (let i = 0; i < count; i++) t.mock.timers.tick(5_000)
  }
  looks(3)
  assert.equal(collected, 1, 'what the start left behind')
  looks(10)
  assert.equal(collected, 1, 'nothing was left behind since')
  collected = 0
  Object.assign(now, { busy: 0.6, heap: 300 })
  looks(10)
  assert.equal(collected, 0, 'it works')
  now.busy = 0.01
  looks(2)
  assert.equal(collected, 0, 'it may be a pause')
  looks(1)
  assert.equal(collected, 1)
  looks(100)
  assert.equal(collected, 1)
  now.heap = 300
  stop()
  looks(10)
  assert.equal(collected, 1)
})

test('a process can collect', () => {
  const stop = collectWhenIdle()
  stop()
})
