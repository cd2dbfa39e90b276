import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startEnding } from './ending.ts'

function setup(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let hung = 0
  const ending = startEnding(1_000, () => hung++)
  return { ending, hung: () => hung, pass: (ms: number) => t.mock.timers.tick(ms) }
}

test('an engine that says nothing about a job that is to end hangs', t => {
  const { ending, hung, pass } = setup(t)
  ending.told(1)
  pass(999)
  assert.equal(hung(), 0)
  pass(1)
  assert.equal(hung(), 1)
})

test('an engine that works is only slow, however long a job takes to end', t => {
  const { ending, hung, pass } = setup(t)
  ending.told(1)
  for (let i = 0; i < 1_000; i++) {
    pass(999)
    ending.heard()
  }
  ending.ended(1)
  pass(10_000)
  assert.equal(hung(), 0)
})

test('a job that never ends costs its place while others go on, and the engine is given up once they leave it in peace', t => {
  const { ending, hung, pass } = setup(t)
  ending.told(1)
  for (let other = 2; other < 50; other++) {
    pass(900)
    ending.told(other)
    ending.heard()
    ending.ended(other)
  }
  assert.equal(hung(), 0)
  pass(1_000)
  assert.equal(hung(), 1)
})

test('jobs that are told to end one after the other buy a hung engine no time', t => {
  const { ending, hung, pass } = setup(t)
  for (let job = 0; job < 10; job++) {
    ending.told(job)
    pass(100)
  }
  assert.equal(hung(), 1)
})

test('nothing is expected of an engine that has nothing to end, or is gone', t => {
  const { ending, hung, pass } = setup(t)
  ending.heard()
  pass(10_000)
  ending.told(1)
  ending.forget()
  pass(10_000)
  assert.equal(hung(), 0)
})
