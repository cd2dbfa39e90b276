import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { startJob } from './job.ts'
import type { Ask } from './messages.ts'
import type { Engine, JobEvent } from './supervisor.ts'

const counts = (completion: number) => ({ prompt: 3, cached: 2, completion })

function setup(patience = { firstTokenMs: 20, stallMs: 10 }) {
  const said: string[] = []
  const texts: string[] = []
  let hear: (event: JobEvent) => void = () => {}
  const engine = {
    open(_ask: unknown, listen: (event: JobEvent) => void) {
      said.push('open')
      hear = listen
      return { more: () => void said.push('more'), close: () => void said.push('close') }
    },
  } as unknown as Engine
  const job = startJob(
    engine,
    {} as Omit<Ask, 'type' | 'job'>,
    patience,
    pieces => void texts.push(...pieces.map(piece => piece.text!)),
  )
  const text = (value: string) => hear({ type: 'pieces', job: 1, pieces: [{ text: value }], ...counts(1) })
  return { job, said, texts, text, hear: (event: JobEvent) => hear(event) }
}

test('each next is one permission', async () => {
  const { job, said, texts, text, hear } = setup()
  const first = job.next()
  text('a')
  hear({ type: 'pause', job: 1, ...counts(64) })
  assert.deepEqual(await first, counts(64))
  const second = job.next()
  hear({ type: 'pause', job: 1, ...counts(70), finish: 'stop' })
  assert.deepEqual(await second, { ...counts(70), finish: 'stop' })
  assert.deepEqual(said, ['open', 'more'])
  assert.deepEqual(texts, ['a'])
})

test('no first token in time is engine_slow, and the engine is told to stop', async () => {
  const { job, said } = setup()
  await assert.rejects(job.next(), error => isHeddleError(error, 'engine_slow') && /first/.test(error.message))
  assert.deepEqual(said, ['open', 'close'])
})

test('a stall after the first token is engine_slow, sooner', async () => {
  const { job, text } = setup({ firstTokenMs: 60_000, stallMs: 10 })
  const next = job.next()
  text('a')
  await assert.rejects(next, error => isHeddleError(error, 'engine_slow') && /further/.test(error.message))
})

test('nothing is delivered after a failure, and the failure stays', async () => {
  const { job, texts, text } = setup()
  await assert.rejects(job.next(), error => isHeddleError(error, 'engine_slow'))
  text('late')
  assert.deepEqual(texts, [])
  await assert.rejects(job.next(), error => isHeddleError(error, 'engine_slow'))
})

test('an engine that dies is engine_down with its reason', async () => {
  const { job, hear } = setup()
  const next = job.next()
  hear({ type: 'gone', reason: 'the engine ended with SIGKILL' })
  await assert.rejects(next, error => isHeddleError(error, 'engine_down') && /SIGKILL/.test(error.message))
  await job.close()
})

test('close rejects what waits and resolves when the sequence is free', async () => {
  const { job, said, hear } = setup()
  const next = job.next()
  const closed = job.close()
  await assert.rejects(next, error => isHeddleError(error, 'aborted'))
  assert.equal(said.at(-1), 'close')
  hear({ type: 'closed', job: 1 })
  await closed
})

test('what the engine refuses keeps its code and names the field', async () => {
  const { job, hear } = setup()
  const next = job.next()
  hear({ type: 'failed', job: 1, code: 'bad_request', message: 'no call has the id c1', param: 'messages.2.callId' })
  await assert.rejects(next, error => {
    assert.ok(isHeddleError(error, 'bad_request'))
    assert.deepEqual(error.cause, { param: 'messages.2.callId' })
    return true
  })
})
