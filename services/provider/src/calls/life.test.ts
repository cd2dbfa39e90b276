import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Alive } from '@heddle/protocol'
import { startLife } from './life.ts'

/** The stream of one job, under a clock that is moved by hand. */
function setup(t: TestContext, wanted = true) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const said: Alive[] = []
  let now = 0
  let at = 0
  const outlet = {
    alive(sign: Alive) {
      said.push(sign)
      at = now
    },
    silence: () => now - at,
  }
  const pass = (milliseconds: number): void => {
    for (let left = milliseconds; left > 0; left -= 100) {
      now += 100
      t.mock.timers.tick(100)
    }
  }
  const output = (): void => {
    at = now
  }
  return { life: startLife(outlet, wanted), said, pass, output }
}

test('a job that waits says where it stands, at once and every two seconds, and that it works when its place has come', t => {
  const { life, said, pass } = setup(t)
  let place = 3
  life.queued({ position: () => place })
  pass(2_000)
  place = 1
  pass(2_000)
  life.works()
  pass(4_000)
  assert.deepEqual(
    said.map(({ state, position }) => (position ? `${state} ${position}` : state)),
    ['queued 3', 'queued 3', 'queued 1', 'working', 'working', 'working'],
  )
  life.stop()
  pass(10_000)
  assert.equal(said.length, 6)
})

test('while there is an answer nothing else is said; what a worker says is told when it is new', t => {
  const { life, said, pass, output } = setup(t)
  life.works()
  for (let i = 0; i < 20; i++) {
    pass(1_000)
    output()
  }
  assert.deepEqual(said, [])
  pass(1_000)
  life.alive({ state: 'loading', progress: 0.2 })
  life.alive({ state: 'loading', progress: 0.4 })
  pass(2_000)
  assert.deepEqual(said, [
    { state: 'loading', progress: 0.2 },
    { state: 'loading', progress: 0.4 },
  ])
  life.stop()
})

test('who does not understand signs of life is sent none', t => {
  const { life, said, pass } = setup(t, false)
  life.queued({ position: () => 1 })
  life.works()
  life.alive({ state: 'loading' })
  pass(10_000)
  life.stop()
  assert.deepEqual(said, [])
})
