import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { call } from '../../apps/cli/src/call.ts'
import { startTestHouse } from '../house.ts'
import { startScriptedEngine } from './scripted/engine.ts'
import { libraryScript } from './scripted/library.ts'
import { startTap } from './tap.ts'

/** A minute's requests of the key: each comes back after two seconds. */
const RATE = 30

async function setup(t: TestContext) {
  const { settings } = await startScriptedEngine(t, libraryScript)
  const { run, apiKey, model } = await startTestHouse(t, { providers: 0, own: [settings] })
  const tap = await startTap(t, run.gateway.url)
  const { key } = await call<{ key: string }>(`${run.gateway.url}/heddle/1/admin/keys`, {
    method: 'POST',
    token: run.adminToken,
    body: { name: 'few', cap: '1000', rate: RATE },
  })
  const statuses = () => tap.exchanges.map(({ status }) => status)
  return { ...tap, statuses, apiKey, few: key, model: model.name }
}

const messages = [{ role: 'user' as const, content: 'Say hello' }]

test('a rate that is spent: both clients wait as long as they are told, ask again by themselves, and get their answer', async t => {
  const { url, few, model, exchanges, statuses } = await setup(t)
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: few, maxRetries: 4 })
  const anthropic = new Anthropic({ baseURL: url, apiKey: few, maxRetries: 4 })
  const ask = [
    () => openai.chat.completions.create({ model, messages }),
    () => anthropic.messages.create({ model, messages, max_tokens: 10 }),
  ]
  for (const one of ask) {
    exchanges.length = 0
    // The first one empties the key; the other finds it so.
    while (!statuses().includes(429)) await one()
    assert.equal(statuses().at(-1), 200)
    const refused = exchanges.find(({ status }) => status === 429)!
    assert.match(String(refused.answered['retry-after']), /^[1-9]\d*$/)
  }
})

test('what no retry can help is asked once', async t => {
  const { url, apiKey, model, statuses } = await setup(t)
  const openai = (key: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key })
  const long = [{ role: 'user' as const, content: 'A word. '.repeat(200_000) }]
  await assert.rejects(openai(apiKey).chat.completions.create({ model, messages: long }), (error: unknown) => {
    assert.ok(error instanceof OpenAI.BadRequestError)
    assert.equal(error.code, 'context_length_exceeded')
    return true
  })
  await assert.rejects(openai('wrong').chat.completions.create({ model, messages }), OpenAI.AuthenticationError)
  await assert.rejects(
    openai(apiKey).chat.completions.create({ model, messages, temperature: -1 }),
    OpenAI.BadRequestError,
  )
  await assert.rejects(openai(apiKey).chat.completions.create({ model: 'gone', messages }), OpenAI.NotFoundError)
  assert.deepEqual(statuses(), [400, 401, 400, 404])
})

test('`heddle-strict: true` makes a field that is passed over a 400 that names it', async t => {
  const { url, apiKey, model, exchanges } = await setup(t)
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
  const asked = { model, messages, metadata: { team: 'loom' } }
  await openai.chat.completions.create(asked)
  assert.equal(exchanges.at(-1)!.answered['heddle-unused'], 'metadata')
  await assert.rejects(
    openai.chat.completions.create(asked, { headers: { 'heddle-strict': 'true' } }),
    (error: unknown) => error instanceof OpenAI.BadRequestError && error.param === 'metadata',
  )
})
