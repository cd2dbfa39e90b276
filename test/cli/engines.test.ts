import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { heddle, up } from './heddle.ts'

const event = (choice: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`

/** Known as llama-cpp-python's server, and does as it does: whoever asks it anything ends the answer that it is at. */
async function startShyServer(t: TestContext) {
  const state = { looks: 0, ended: 0, holds: false }
  let answering: ServerResponse | undefined
  const server = createServer((request, response) => {
    request.resume()
    if (answering) {
      state.ended++
      answering.destroy()
      answering = undefined
    }
    if (request.url === '/v1/chat/completions') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event({ delta: { content: 'wov' } }))
      if (state.holds) answering = response
      else finish(response)
      return
    }
    state.looks++
    const openApi = { info: { title: 'llama.cpp Python API', version: '0.3.36' } }
    const json = request.url === '/v1/models' ? { data: [{ id: 'shy-model' }] } : openApi
    response.end(JSON.stringify(request.url === '/extras/tokenize/count' ? { count: 3 } : json))
  })
  const finish = (response: ServerResponse): void =>
    void response.end(
      `${event({ delta: { content: 'en' } })}${event({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
    )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    /** The answer that is held ends as it would have by itself. */
    release() {
      if (answering) finish(answering)
      answering = undefined
    },
  }
}

test(
  'an engine that ends its answer for whoever asks anything else is not looked at while it answers',
  { timeout: 240_000 },
  async t => {
    const engine = await startShyServer(t)
    const home = folder(t)
    const house = await up(t, home, { HEDDLE_ENGINE: 'openai', HEDDLE_ENGINE_URL: engine.url })
    const key = /key (hd-\S+)/.exec(house.text)![1]
    const engines = (...args: string[]) => heddle(home, ['engines', ...args], { HEDDLE_ENGINE: undefined })
    const ask = () =>
      fetch(`${house.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: 'shy-model', stream: true, messages: [{ role: 'user', content: 'Hello!' }] }),
      })
    assert.match((await engines()).out, /llama-cpp-python 0\.3\.36[\s\S]*ends an answer that it is at/)

    engine.state.holds = true
    const answer = await ask()
    const { looks } = engine.state
    const said = await engines()
    assert.equal(said.code, 0)
    assert.match(said.out, new RegExp(`^openai ${engine.url}: not looked at: it answers a question now`))
    assert.match((await engines('--engine-url', engine.url)).out, /not looked at/)
    assert.deepEqual([engine.state.looks, engine.state.ended], [looks, 0], 'nobody asked it anything')
    engine.release()
    assert.match(await answer.text(), /wov[\s\S]*en[\s\S]*"stop"[\s\S]*\[DONE\]/)

    const next = await ask()
    assert.match((await engines('--ask')).out, /llama-cpp-python 0\.3\.36/)
    assert.equal(engine.state.ended, 1, 'who asks all the same ends it')
    await next.text().catch(() => undefined)
  },
)
