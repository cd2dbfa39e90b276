import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { startDeadline } from './deadline.ts'

/** A deadline under a clock that is moved by hand. */
function setup(t: { after(work: () => void): void }) {
  let now = 0
  mock.method(performance, 'now', () => now)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => {
    mock.timers.reset()
    mock.restoreAll()
  })
  let late = 0
  const deadline = startDeadline(() => late++)
  const pass = (ms: number) => {
    for (let i = 0; i < ms; i++) {
      now++
      mock.timers.tick(1)
    }
    return late
  }
  return { deadline, pass }
}

test('what does not come in time is late, once', t => {
  const { deadline, pass } = setup(t)
  deadline.within(100)
  assert.equal(pass(99), 0)
  assert.equal(pass(500), 1)
})

test('a deadline that moves on is the last one that was set, later or earlier', t => {
  const { deadline, pass } = setup(t)
  deadline.within(100)
  for (let i = 0; i < 10; i++) {
    assert.equal(pass(60), 0)
    deadline.within(100)
  }
  assert.equal(pass(99), 0)
  deadline.within(20)
  assert.equal(pass(19), 0)
  assert.equal(pass(1), 1)
})

test('a deadline that moves on at every step arms a timer once in its time', t => {
  const { deadline, pass } = setup(t)
  const timers = t.mock.method(globalThis, 'setTimeout')
  deadline.within(100)
  deadline.within(100)
  for (let i = 0; i < 50; i++) {
    pass(1)
    deadline.within(100)
  }
  assert.equal(timers.mock.callCount(), 1)
  pass(50)
  assert.equal(timers.mock.callCount(), 2, 'what is left, when the first has ended')
})

test('nothing is late while nothing is waited for', t => {
  const { deadline, pass } = setup(t)
  deadline.within(100)
  pass(50)
  deadline.pause()
  assert.equal(pass(1_000), 0)
  deadline.within(100)
  assert.equal(pass(99), 0)
  assert.equal(pass(1), 1)
  deadline.within(10)
  deadline.stop()
  assert.equal(pass(1_000), 1)
})
