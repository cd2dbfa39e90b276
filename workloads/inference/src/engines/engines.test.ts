import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, run, setup } from '../testing/engine-worker.ts'
import { words } from '../testing/recording-engine.ts'
import { ENGINE_KINDS } from './settings.ts'

for (const kind of ENGINE_KINDS) {
  test(`${kind}: a plain chat is rebuilt, streamed, and counted by the engine`, async t => {
    const { engine, worker } = await setup(t, kind)
    const { text, last } = await run(worker, chat())
    assert.equal(text, 'wov '.repeat(5))
    assert.deepEqual(last, { used: { prompt: 7n, cached: 0n, completion: 5n }, finish: 'stop' })
    const [question] = engine.questions()
    assert.equal((question!.body as { model: string }).model, 'toy:1b')
    assert.deepEqual((question!.body as { messages: unknown }).messages, [
      { role: 'user', content: 'Weave me a short song, please.' },
    ])
  })

  test(`${kind}: no chunk counts more than 64 tokens, however they arrive, and nothing is read without permission`, async t => {
    const { worker } = await setup(t, kind, { tokens: words(300), together: 50 })
    const { chunks, text, deltas } = await run(worker, chat({ maxCompletion: 300 }))
    let before = 0n
    for (const { used } of chunks) {
      assert.ok(used.completion - before <= 64n, `${used.completion} after ${before}`)
      before = used.completion
    }
    for (const { used } of deltas) assert.ok(used.completion <= 300n)
    assert.equal(before, 300n)
    assert.equal(text, 'wov '.repeat(300))
    assert.ok(chunks.length >= 5)
  })

  test(`${kind}: an abort ends the request in the engine`, async t => {
    const { engine, worker } = await setup(t, kind, { tokens: words(100), between: 20 })
    const leave = new AbortController()
    const running = run(worker, chat(), leave.signal)
    while (engine.questions().length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    leave.abort()
    await assert.rejects(running, error => isHeddleError(error, 'aborted'))
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: an engine that dies mid-answer is down, and comes back by itself`, async t => {
    const { engine, worker } = await setup(t, kind, { dieAt: 4 }, { patience: { pollMs: 100, freshMs: 0 } })
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'engine_down') && error.retryable)
    await engine.stop()
    while (worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    assert.match(String(worker.status()['engineDown']), /engine/)
    engine.script = { tokens: words(3) }
    await engine.start()
    while (!worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    assert.equal((await run(worker, chat())).text, 'wov wov wov ')
    assert.equal(worker.status()['engineRestarts'], 1)
  })

  test(`${kind}: what it claims beyond what can be is not charged`, async t => {
    const { worker } = await setup(t, kind, { usage: { prompt: 1_000_000, completion: 1_000_000 } })
    const { last, text } = await run(worker, chat())
    const { prompt, completion } = last.used
    assert.ok(completion <= BigInt(text.length + 64) && completion <= 100n, String(completion))
    assert.ok(prompt <= 250n, String(prompt))
    assert.equal(worker.status()['refused'], 1)
  })

  test(`${kind}: an engine that never ends is cut at what was asked for`, async t => {
    const { engine, worker } = await setup(t, kind, { endless: true })
    const { last } = await run(worker, chat({ maxCompletion: 70 }))
    assert.deepEqual([last.finish, last.used.completion], ['length', 70n])
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: garbage ends the job with a code, and the next question is answered`, async t => {
    const { engine, worker } = await setup(t, kind)
    const line = kind === 'ollama' ? (text: string) => `${text}\n` : (text: string) => `data: ${text}\n\n`
    for (const raw of [line('{"choices":'), line('[]'), line('"x"'), line('{'.repeat(2_000)), 'x'.repeat(3 << 20)]) {
      engine.script = { tokens: [], raw }
      await assert.rejects(run(worker, chat()), error =>
        ['engine_malformed', 'engine_down'].includes((error as { code: string }).code),
      )
    }
    engine.script = { tokens: words(2) }
    assert.equal((await run(worker, chat())).text, 'wov wov ')
  })

  test(`${kind}: an engine that is silent is engine_slow`, async t => {
    const { worker } = await setup(t, kind, { between: 60_000 }, { patience: { firstTokenMs: 100, stallMs: 100 } })
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'engine_slow'))
  })

  test(`${kind}: its own words about an error stay with its operator`, async t => {
    const { engine, worker } = await setup(t, kind, { status: 500, error: '/home/secret/path' })
    await assert.rejects(run(worker, chat()), error => {
      assert.ok(isHeddleError(error, 'engine_refused'))
      return !JSON.stringify(error).includes('secret')
    })
    engine.script = { tokens: [], status: 400, error: 'the request exceeds the available context size' }
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'context_exceeded'))
  })

  test(`${kind}: one connection serves answer after answer, and one that goes on after its end is given up`, async t => {
    const { engine, worker } = await setup(t, kind, { lingers: 20 })
    const made = engine.connections()
    for (let i = 0; i < 8; i++) {
      assert.equal((await run(worker, chat())).text, 'wov '.repeat(5))
      while (engine.answering() > 0) await new Promise(resolve => setTimeout(resolve, 5))
    }
    // The server has ended an answer a moment before the client has read its end.
    assert.ok(engine.connections() <= made + 2, `${engine.connections()} connections, ${made} before`)
    assert.equal(engine.cut(), 0)
    engine.script = { tokens: words(5), lingers: 'for ever' }
    assert.equal((await run(worker, chat())).last.finish, 'stop')
    while (engine.cut() === 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  test(`${kind}: jobs beyond its places wait for one; where no more can wait they are refused`, async t => {
    const { engine, worker } = await setup(t, kind, { between: 5 }, { concurrency: 2, queue: 3 })
    const running = Array.from({ length: 4 }, () => run(worker, chat()))
    running.push(run(worker, chat()))
    assert.equal(worker.ready(), true, 'a full engine is not down')
    await assert.rejects(run(worker, chat()), error => isHeddleError(error, 'busy'))
    for (const { text } of await Promise.all(running)) assert.equal(text, 'wov '.repeat(5))
    assert.equal(engine.questions().length, 5)
  })
}
