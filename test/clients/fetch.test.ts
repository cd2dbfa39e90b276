import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Refusal, startClient } from './client.ts'
import { QUESTION } from './question.ts'

type Chat = { choices: { message: { content: string } }[]; heddle: { receipt: string; charge: string } }
type Quote = { most: { charge: string; hed: string }; input: { exact: boolean }; provider: string }
type Failed = { error: { code: string; param: string | null; message: string } }

test('plain fetch', async t => {
  const { feature, compare, base, url, apiKey, model } = await startClient(t, 'fetch', '')
  const send = (path: string, body: object, key = apiKey) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: QUESTION }], temperature: 0, ...body }),
    })
  const refusal = async (response: Response, status: number): Promise<Refusal> => {
    assert.equal(response.status, status)
    const { error } = (await response.json()) as Failed
    return { code: error.code, field: error.param ?? undefined }
  }

  await feature('chat', async () => {
    const response = await send('/chat/completions', {})
    assert.equal(response.status, 200)
    assert.ok(((await response.json()) as Chat).choices[0]!.message.content.length > 0)
  })
  await feature('chat, streamed', async () => {
    const response = await send('/chat/completions', { stream: true })
    assert.match(response.headers.get('content-type')!, /^text\/event-stream/)
    const text = await response.text()
    assert.ok(text.startsWith('data: {') && text.endsWith('data: [DONE]\n\n'))
  })
  await feature('receipt of an answer', async () => {
    const { heddle } = (await (await send('/chat/completions', {})).json()) as Chat
    const stored = await fetch(`${url}/heddle/1/receipts/${heddle.receipt}`)
    const { receipt } = (await stored.json()) as { receipt: { receipt: { charge: string } } }
    assert.equal(receipt.receipt.charge, heddle.charge)
  })
  await feature('quote', async () => {
    const quote = (await (await send('/quote', { max_tokens: 20 })).json()) as Quote
    const { heddle } = (await (await send('/chat/completions', { max_tokens: 20 })).json()) as Chat
    assert.ok(BigInt(heddle.charge) <= BigInt(quote.most.charge))
    assert.equal(quote.input.exact, true)
    assert.match(quote.most.hed, /^0\.\d+$/)
  })
  await feature('routing', async () => {
    const quote = (await (await send('/quote', {})).json()) as Quote
    assert.equal((await send('/chat/completions', { provider: { only: [quote.provider] } })).status, 200)
    const { code } = await refusal(await send('/chat/completions', { provider: { ignore: [quote.provider] } }), 400)
    assert.equal(code, 'routing_unmatched')
  })
  await feature('fall-back models', async () => {
    assert.equal((await send('/chat/completions', { model: 'gone', models: [model] })).status, 200)
  })
  await feature('a field nobody knows', async () => {
    const response = await send('/chat/completions', { keep_alive: -1 })
    const { heddle } = (await response.json()) as { heddle: { unused: string[] } }
    assert.deepEqual([response.headers.get('heddle-unused'), heddle.unused], ['keep_alive', ['keep_alive']])
  })
  await feature('a model nobody has', async () => refusal(await send('/chat/completions', { model: 'gone' }), 404))
  await feature('a wrong key', async () => refusal(await send('/chat/completions', {}, 'wrong'), 401))
  await compare()
})
