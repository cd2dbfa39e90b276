import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import { type Alive, isHeddleError, type Message, packAlive, utf8 } from '@heddle/protocol'
import { listen } from './listening.ts'
import type { MessageStream } from './message-stream.ts'

const LIMITS = { firstByte: 1_000, silence: 3_000, longest: 10_000, idleMessages: 500 }
const output: Message = { kind: 'output', payload: utf8('wov') }
const alive = (sign: Alive): Message => ({ kind: 'alive', payload: packAlive(sign) })
const working = alive({ state: 'working' })
const queued = alive({ state: 'queued', position: 2 })

/** Listening to a provider that is played by hand, under a clock that is moved by hand. */
function setup(t: TestContext, wait = 0) {
  let now = 0
  mock.method(performance, 'now', () => now)
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => {
    mock.timers.reset()
    mock.restoreAll()
  })
  let waiting: PromiseWithResolvers<readonly Message[] | undefined> | undefined
  const stream: MessageStream = {
    next() {
      waiting = Promise.withResolvers()
      return waiting.promise
    },
    interrupt: error => waiting?.reject(error),
    cancel: () => undefined,
  }
  const leaving = new AbortController()
  const signs: Alive[] = []
  const listening = listen(stream, {
    signal: leaving.signal,
    limits: LIMITS,
    wait,
    alive: sign => void signs.push(sign),
  })
  const pass = (milliseconds: number): void => {
    now += milliseconds
    mock.timers.tick(milliseconds)
  }
  /** What comes of waiting for the next messages, when so much time passes and then these come. */
  const hear = async (milliseconds: number, ...messages: Message[]): Promise<string> => {
    const next = listening.next().then(
      () => 'heard',
      error => (isHeddleError(error) ? error.code : 'broken'),
    )
    pass(milliseconds)
    waiting?.resolve(messages)
    return next
  }
  return { hear, pass, leaving, signs, listening }
}

test('a provider that says nothing is given up, one that says anything has time until it falls silent', async t => {
  const { hear } = setup(t)
  assert.equal(await hear(999, working), 'heard')
  assert.equal(await hear(2_999, working), 'heard')
  assert.equal(await hear(3_001, output), 'engine_slow')
  assert.equal(await hear(0, output), 'engine_slow', 'once it is given up, nothing of it counts')
})

test('before the first word a shorter limit holds', async t => {
  const { hear } = setup(t)
  assert.equal(await hear(1_001, output), 'engine_slow')
})

test('who does nothing but say that it lives is given up in the end, and every part of the answer begins anew', async t => {
  const { hear, signs } = setup(t)
  for (let i = 0; i < 4; i++) assert.equal(await hear(i === 0 ? 500 : 2_000, working), 'heard')
  assert.equal(await hear(2_000, output), 'heard')
  for (let i = 0; i < 4; i++) assert.equal(await hear(2_400, working), 'heard')
  assert.equal(await hear(2_400, working), 'engine_slow')
  assert.equal(signs.length, 8)
})

test('the wait for a place is not work: its time comes on top, and no more than was granted', async t => {
  const waits = setup(t, 20_000)
  for (let i = 0; i < 10; i++) assert.equal(await waits.hear(i === 0 ? 500 : 2_000, queued), 'heard')
  assert.equal(await waits.hear(1_000, working), 'heard')
  for (let i = 0; i < 4; i++) assert.equal(await waits.hear(2_400, working), 'heard')
  assert.equal(await waits.hear(2_400, working), 'engine_slow')
})

test('a place that never comes is not waited for without an end', async t => {
  const { hear } = setup(t, 20_000)
  for (let i = 0; i < 14; i++) assert.equal(await hear(i === 0 ? 900 : 2_000, queued), 'heard')
  assert.equal(await hear(2_900, queued), 'heard')
  assert.equal(await hear(2_900, queued), 'engine_slow')
})

test('while it is not the provider who is waited for, no time passes', async t => {
  const { hear, pass } = setup(t)
  assert.equal(await hear(500, output), 'heard')
  pass(600_000)
  assert.equal(await hear(100, output), 'heard')
})

test('who leaves is told at once, and hears nothing more', async t => {
  const { hear, leaving, listening } = setup(t)
  const next = listening.next()
  leaving.abort()
  await assert.rejects(next, error => isHeddleError(error, 'aborted'))
  assert.equal(await hear(0, output), 'aborted')
  await assert.rejects(listening.next(), error => isHeddleError(error, 'aborted'))
})

const raise: Message = { kind: 'raise', payload: utf8('{}') }
const empty: Message = { kind: 'output', payload: utf8('') }
const { idleMessages } = LIMITS
/** A call for a ceiling counts as five. */
const IDLE = {
  raise: [raise, idleMessages / 5],
  empty: [empty, idleMessages],
  working: [working, idleMessages],
} as const

for (const [name, [idle, most]] of Object.entries(IDLE)) {
  test(`what delivers nothing buys no time: ${name}`, async t => {
    const { hear } = setup(t)
    assert.equal(await hear(900, idle), 'heard')
    for (let i = 0; i < 4; i++) assert.equal(await hear(2_000, idle), 'heard')
    assert.equal(await hear(2_000, idle), 'engine_slow')
  })

  test(`nor does it keep this side busy, however much of it comes: ${name}`, async t => {
    const { hear } = setup(t)
    assert.equal(await hear(1, ...Array<Message>(most).fill(idle)), 'heard')
    assert.equal(await hear(1, idle), 'engine_slow')
  })

  test(`a part of the answer begins the count anew: ${name}`, async t => {
    const { hear } = setup(t)
    for (let part = 0; part < 5; part++) {
      assert.equal(await hear(1, ...Array<Message>(most - 10).fill(idle), output), 'heard')
      assert.equal(await hear(2_900, output), 'heard')
    }
  })
}

test('a provider that works says so as often as any does', async t => {
  const { hear } = setup(t)
  for (let times = 0; times < 11; times++) assert.equal(await hear(900, ...Array<Message>(10).fill(working)), 'heard')
})
