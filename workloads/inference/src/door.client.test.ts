import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import OpenAI from 'openai'
import { openAiDoor } from './door.ts'
import { listen, recordingHouse, settlement } from './testing/house.ts'

test("OpenAI's own client reads what the door writes", async t => {
  const { house } = recordingHouse()
  const client = new OpenAI({ baseURL: await listen(t, openAiDoor, house), apiKey: 'none', maxRetries: 0 })
  const ask = { model: 'toy', messages: [{ role: 'user' as const, content: 'hi' }] }

  assert.deepEqual(
    (await client.models.list()).data.map(({ id }) => id),
    ['toy'],
  )
  assert.equal((await client.models.retrieve('toy')).owned_by, 'heddle')

  const { data: whole, response } = await client.chat.completions.create(ask).withResponse()
  assert.equal(whole.choices[0]?.message.content, 'Hello')
  assert.equal(whole.usage?.total_tokens, 10)
  assert.equal(response.headers.get('x-heddle-receipt'), settlement.receipt)

  let text = ''
  let total = 0
  for await (const chunk of await client.chat.completions.create({
    ...ask,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    text += chunk.choices[0]?.delta.content ?? ''
    total = chunk.usage?.total_tokens ?? total
  }
  assert.equal(text, 'Hello')
  assert.equal(total, 10)

  const helper = client.chat.completions.stream(ask)
  assert.equal(await helper.finalContent(), 'Hello')
})

test("OpenAI's own client throws what the door refuses", async t => {
  const { house } = recordingHouse({ deltas: ['Hel', new HeddleError('engine_down')] })
  const client = new OpenAI({ baseURL: await listen(t, openAiDoor, house), apiKey: 'none', maxRetries: 0 })
  const ask = { model: 'toy', messages: [{ role: 'user' as const, content: 'hi' }] }
  await assert.rejects(client.chat.completions.create({ ...ask, seed: 1 }), (error: unknown) => {
    assert.ok(error instanceof OpenAI.BadRequestError)
    assert.deepEqual([error.code, error.param], ['unsupported_field', 'seed'])
    return true
  })
  await assert.rejects(
    async () => {
      for await (const _ of await client.chat.completions.create({ ...ask, stream: true })) void _
    },
    (error: unknown) => error instanceof OpenAI.APIError && error.code === 'engine_down',
  )
})
