import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { isHeddleError, type Offer, type Usage } from '@heddle/protocol'
import {
  answerOf,
  descendants,
  digestOfText,
  enginePid,
  isAlive,
  jobOf,
  recorder,
  tinyPath,
  tinyWorker,
  until,
} from './testing/fixtures.ts'
import type { InferenceWorker } from './worker.ts'
import { CHUNK_TOKENS, type InferenceUnit, inference } from './workload.ts'

describe('a worker', { timeout: 230_000 }, () => {
  let worker: InferenceWorker
  before(async () => {
    worker = await tinyWorker()
  })
  after(() => worker.stop())

  test('says what it serves and how it is isolated', () => {
    const [served] = worker.serves()
    assert.equal(served?.name, 'tiny')
    assert.match(served!.engine.build, /^node-llama-cpp\/\d.* llama\.cpp\/\S+ /)
    assert.match(String(worker.status()['isolation']), /^(network namespace|none: .+)$/)
    assert.match(String(worker.status()['gpu']), /^none: \w/)
    assert.equal(served?.quantization, 'q8_0')
    for (const feature of [
      'chat',
      'completion',
      'embedding',
      'tools',
      'strict',
      'tool_choice',
      'schema',
      'logprobs',
      'cache',
    ])
      assert.ok(served?.features.includes(feature), feature)
    assert.equal(worker.ready(), true)
    assert.equal(worker.ready(served?.digest), true)
    assert.equal(worker.ready(digestOfText('other weights')), false)
  })

  test('jobs beyond its places wait for one, and it is ready for them', async () => {
    const running = Array.from({ length: 5 }, (_, seed) => answerOf(worker, { maxCompletion: 8, seed }))
    await until('two run', () => worker.status()['running'] === 2)
    assert.equal(worker.status()['waiting'], 3)
    assert.equal(worker.ready(), true)
    for (const { used } of await Promise.all(running)) assert.ok(used.completion > 0n)
    assert.equal(worker.status()['waiting'], 0)
  })

  test('the engine library is never loaded in the daemon', () => {
    assert.doesNotMatch(readFileSync('/proc/self/maps', 'utf8'), /llama/)
  })

  test('chunks of at most 64 tokens, within their bounds, add up to the delivered text', async () => {
    const limits = { context: 256, maxCompletion: 256 }
    const job = jobOf({ maxCompletion: 150 })
    const { context, delivered } = recorder()
    let used: Usage<InferenceUnit> = { prompt: 0n, cached: 0n, completion: 0n }
    let finish: string | undefined
    for await (const chunk of worker.execute(job, context)) {
      const bound = inference.bound(job.spec, { limits } as unknown as Offer, used)
      assert.ok(chunk.used.prompt - used.prompt <= bound.prompt)
      assert.ok(chunk.used.completion - used.completion <= bound.completion)
      used = chunk.used
      finish = chunk.finish
    }
    assert.deepEqual(delivered.used, used)
    assert.ok(delivered.text.length > 0)
    assert.ok(finish === 'stop' || used.completion === 150n)
  })

  test('maxCompletion ends with length, exactly', async () => {
    const { last, chunks } = await answerOf(worker, { maxCompletion: 5 })
    assert.equal(last.finish, 'length')
    assert.equal(last.used.completion, 5n)
    assert.equal(chunks.length, 1)
  })

  test('pulling is permission: without it nothing more is delivered', async () => {
    const { context, delivered } = recorder()
    const chunks = worker.execute(jobOf({ maxCompletion: 200, temperature: 1 }), context)[Symbol.asyncIterator]()
    const first = await chunks.next()
    assert.equal(first.done, false)
    const { deltas } = delivered
    // Meanwhile the engine works: it answers another, for longer than this chunk was.
    await answerOf(worker, { maxCompletion: 2 * CHUNK_TOKENS })
    assert.equal(delivered.deltas, deltas)
    assert.ok(delivered.used!.completion <= BigInt(CHUNK_TOKENS))
    await chunks.return?.()
    await until('the place is free', () => worker.status()['running'] === 0)
  })

  test('the same seed writes the same text, another seed another', async () => {
    const spec = { temperature: 1, maxCompletion: 60 }
    const [a, b, c] = [
      await answerOf(worker, spec),
      await answerOf(worker, spec),
      await answerOf(worker, spec, 'other'),
    ]
    assert.equal(a.text, b.text)
    assert.notEqual(a.text, c.text)
    assert.equal(digestOfText(a.text), digestOfText(b.text))
  })

  test('a stop string ends the answer before it', async () => {
    const whole = await answerOf(worker, { maxCompletion: 60 })
    const stop = whole.text.slice(20, 24)
    const { text, last, pieces } = await answerOf(worker, { maxCompletion: 60, stop: [stop] })
    assert.deepEqual(pieces.at(-1), { finish: 'stop', stopped: stop })
    assert.equal(last.finish, 'stop')
    assert.equal(text, whole.text.slice(0, whole.text.indexOf(stop)))
    assert.ok(last.used.completion < whole.last.used.completion)
  })

  test('two jobs at once do not mix', async () => {
    const words = ['The dog', 'A girl', 'One day']
    const ask = (content: string) => answerOf(worker, { messages: [{ role: 'user', content }], maxCompletion: 40 })
    const alone = []
    for (const word of words) alone.push((await ask(word)).text)
    const together = await Promise.all(words.map(ask))
    assert.deepEqual(
      together.map(({ text }) => text),
      alone,
    )
  })

  test('an answer is cut to what fits beside its prompt, and to what the offer gives; it says so', async () => {
    const job = { maxCompletion: 32_000, temperature: 1 }
    const { context } = worker.serves()[0]!
    const { used, last } = await answerOf(worker, job)
    const all = used.prompt + used.cached + used.completion
    assert.ok(last.finish === 'stop' || all === BigInt(context), `${last.finish}: ${all} of ${context}`)
    const limits = { context, maxCompletion: 5 }
    const { context: outlet } = recorder()
    const chunks: { used: Record<string, bigint>; finish?: string }[] = []
    for await (const chunk of worker.execute({ ...jobOf(job), limits }, outlet)) chunks.push(chunk)
    assert.deepEqual([chunks.at(-1)?.finish, chunks.at(-1)?.used['completion']], ['length', 5n])
  })

  test('a prompt above the context is refused before it is evaluated', async () => {
    const messages = [{ role: 'user' as const, content: 'word '.repeat(2000) }]
    const { context, delivered } = recorder()
    const chunks = worker.execute(jobOf({ messages }), context)[Symbol.asyncIterator]()
    await assert.rejects(chunks.next(), error => isHeddleError(error, 'context_exceeded'))
    assert.deepEqual([delivered.deltas, delivered.used], [0, undefined])
  })

  test('an abort ends the job: its place is free, and nothing of it comes any more', async () => {
    const away = new AbortController()
    const { context, delivered } = recorder(away.signal)
    const chunks = worker.execute(jobOf({ maxCompletion: 200, temperature: 1 }), context)[Symbol.asyncIterator]()
    const next = chunks.next()
    await until('the first delta', () => delivered.deltas > 0)
    away.abort()
    // Whether the chunk was done by then is a race; that nothing follows is not.
    await next.catch(error => assert.ok(isHeddleError(error, 'aborted')))
    await assert.rejects(
      chunks.next().then(({ done }) => {
        if (done) throw new Error('over')
      }),
    )
    await until('the place is free', () => worker.status()['running'] === 0)
    const { deltas } = delivered
    await answerOf(worker, { maxCompletion: CHUNK_TOKENS })
    assert.equal(delivered.deltas, deltas)
  })

  test('behind a wall the engine has no network', t => {
    if (worker.status()['isolation'] !== 'network namespace') return t.diagnostic('this machine has no namespaces')
    const pid = enginePid(worker)
    assert.notEqual(readlinkSync(`/proc/${pid}/ns/net`), readlinkSync('/proc/self/ns/net'))
    const interfaces = readFileSync(`/proc/${pid}/net/dev`, 'utf8').trim().split('\n').slice(2)
    assert.deepEqual(
      interfaces.map(line => line.trim().split(':')[0]),
      ['lo'],
    )
    assert.equal(readFileSync(`/proc/${pid}/net/route`, 'utf8').trim().split('\n').length, 1)
  })
})

describe('an engine that dies', { timeout: 230_000 }, () => {
  test('is busy, then down for its job, then back for the next', async () => {
    const worker = await tinyWorker({ concurrency: 1, queue: 0, patience: { backoffMs: 10 } })
    try {
      const { context, delivered } = recorder()
      const chunks = worker.execute(jobOf({ maxCompletion: 200, temperature: 1 }), context)[Symbol.asyncIterator]()
      const next = chunks.next()
      await until('the first delta', () => delivered.deltas > 0)
      assert.equal(worker.ready(), true, 'a full engine is not down')
      await assert.rejects(answerOf(worker, {}), error => isHeddleError(error, 'busy'))
      process.kill(enginePid(worker), 'SIGKILL')
      const broken = next.then(() => chunks.next())
      await assert.rejects(broken, error => isHeddleError(error, 'engine_down'))
      assert.ok(delivered.used!.completion > 0n)
      await until('the engine is back', () => worker.ready())
      assert.equal(worker.status()['engineRestarts'], 1)
      assert.ok((await answerOf(worker, { maxCompletion: 5 })).text.length > 0)
    } finally {
      await worker.stop()
    }
  })

  test('dies with its parent, even one that is killed', async () => {
    const script = `
      import { tinyWorker } from '${new URL('./testing/fixtures.ts', import.meta.url)}'
      await tinyWorker()
      console.log('up')`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await Promise.race([once(parent.stdout, 'data'), once(parent, 'exit').then(() => assert.fail('it did not start'))])
    const below = descendants(parent.pid!)
    assert.ok(below.length > 0)
    parent.kill('SIGKILL')
    await until('all of them are gone', () => !below.some(isAlive), 3_000)
  })
})

describe('starting', { timeout: 230_000 }, () => {
  test('refuses weights with another digest', async () => {
    const model = { name: 'tiny', path: tinyPath(), digest: digestOfText('other weights') }
    await assert.rejects(tinyWorker({ model }), error => isHeddleError(error, 'model_digest'))
  })

  test('says why a file that is no model does not start', async () => {
    const path = new URL('./worker.ts', import.meta.url).pathname
    const { digestOfFile } = await import('./models/weights.ts')
    const model = { name: 'not a model', path, digest: await digestOfFile(path) }
    await assert.rejects(
      tinyWorker({ model }),
      error => isHeddleError(error, 'engine_down') && /gguf/i.test(error.message),
    )
  })
})
