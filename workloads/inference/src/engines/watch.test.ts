import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { digestOf, HeddleError, utf8 } from '@heddle/protocol'
import { startAudit } from '../guard/audit.ts'
import { chat, quiet, run } from '../testing/engine-worker.ts'
import type { Adapter } from './adapter.ts'
import { startCatalogue } from './catalogue.ts'
import { openEngine } from './http.ts'
import { createEngine } from './index.ts'
import { ENGINE_PATIENCE } from './settings.ts'
import { watchEngine } from './watch.ts'

const POLL = 1_000

/** A watch on an engine whose looks are counted, and whose jobs are said here. */
async function watched(t: TestContext, { shy }: { shy: boolean }) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const state = { looks: 0, works: true, jobs: 0 }
  const model = { local: 'toy', digest: digestOf(utf8('toy')), pinned: false, context: 9, features: ['chat'] as const }
  const adapter: Adapter = {
    kind: 'toy',
    async describe() {
      state.looks++
      if (!state.works) throw new HeddleError('engine_down', 'it does not answer')
      return { engine: { name: 'toy', build: '1' }, models: [model], words: {}, ...(shy && { shy }) }
    },
    ask: () => assert.fail('nothing is asked here'),
    embed: () => assert.fail('nothing is asked here'),
  }
  const address = { origin: 'https://engine.example', host: 'engine.example', port: 443, loopback: false, path: '' }
  const http = openEngine(address, { connections: 1, askMs: POLL })
  const audit = startAudit(quiet)
  const catalogue = startCatalogue({}, audit)
  const patience = { ...ENGINE_PATIENCE, pollMs: POLL, freshMs: -1 }
  const working = () => state.jobs > 0
  const watch = await watchEngine({ ...{ adapter, http, address, catalogue, patience, audit, log: quiet, working } })
  t.after(() => watch.stop().then(http.close))
  /** So much time passes, in steps of a poll. */
  const pass = async (polls: number): Promise<void> => {
    for (let i = 0; i < polls; i++) {
      t.mock.timers.tick(POLL)
      await turn()
    }
  }
  return { watch, state, pass }
}

test('an engine that ends its answer for any question is asked nothing while it works, and again when it does not', async t => {
  const { watch, state, pass } = await watched(t, { shy: true })
  await pass(3)
  assert.equal(state.looks, 4, 'idle, it is looked at at every poll')
  state.jobs = 1
  await pass(20)
  await watch.fresh()
  assert.equal(state.looks, 4)
  assert.equal(watch.down(), '', 'and it counts as working')
  state.jobs = 0
  await watch.fresh()
  await pass(2)
  assert.equal(state.looks, 7)
})

test('other engines are looked at while they work, and so is a shy one that is down', async t => {
  const { state, pass } = await watched(t, { shy: false })
  state.jobs = 1
  await pass(5)
  assert.equal(state.looks, 6)
})

test('a shy engine that went down is looked for, though its job has not ended yet', async t => {
  const { watch, state, pass } = await watched(t, { shy: true })
  state.works = false
  await assert.rejects(watch.fresh())
  state.jobs = 1
  state.works = true
  await pass(3)
  assert.equal(watch.down(), '')
  assert.equal(watch.restarts(), 1)
})

/** A server that is known as llama-cpp-python's, and does as it does: whoever asks anything ends the answer it is at. */
async function startShyServer(t: TestContext, tokens: number) {
  const state = { looks: 0, ended: 0 }
  let answering: ServerResponse | undefined
  const server = createServer(async (request, response) => {
    if (answering) {
      state.ended++
      answering.destroy()
      answering = undefined
    }
    request.resume()
    if (request.url !== '/v1/chat/completions') {
      state.looks++
      const json = request.url === '/v1/models' ? { data: [{ id: 'm' }] } : { info: { title: 'llama.cpp Python API' } }
      response.end(JSON.stringify(json))
      return
    }
    answering = response
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let i = 0; i < tokens && !response.destroyed; i++) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'a' } }] })}\n\n`)
      // Longer than a poll each.
      await new Promise(resolve => setTimeout(resolve, 3))
    }
    answering = undefined
    const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
    response.end(`data: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, state }
}

test('an answer of such a server comes whole, though its worker polls all the time and others wait for it', async t => {
  const { url, state } = await startShyServer(t, 40)
  const worker = await createEngine({ kind: 'openai', url, log: quiet, patience: { pollMs: 1, freshMs: 0 } })
  t.after(() => worker.stop())
  const answers = await Promise.all([1, 2, 3].map(() => run(worker, chat())))
  for (const { text, last } of answers) {
    assert.equal(text, 'a'.repeat(40))
    assert.equal(last.finish, 'stop')
  }
  assert.equal(state.ended, 0)
  assert.ok(worker.ready())
})
