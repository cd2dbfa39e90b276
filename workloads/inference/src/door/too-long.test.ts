import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { MAX_MESSAGE_BYTES, MAX_PROMPT_BYTES } from '../limits.ts'
import { call, model, recordingHouse } from '../testing/house.ts'

const half = 'w'.repeat(MAX_MESSAGE_BYTES / 2 + 1)
const texts: Readonly<Record<string, readonly unknown[]>> = {
  'one text of a message': [`${half}${half}`],
  'parts of a message, joined,': [[half, half].map(text => ({ type: 'text', text }))],
  'all messages together': Array.from({ length: MAX_PROMPT_BYTES / MAX_MESSAGE_BYTES + 1 }, () =>
    half.repeat(2).slice(2),
  ),
}

for (const [what, contents] of Object.entries(texts)) {
  test(`${what} above what is read here is a context that is full, in the words of each API`, async () => {
    const { house, asked } = recordingHouse()
    const messages = contents.map(content => ({ role: 'user', content }))
    const chat = await call(openAiDoor, house, 'POST', '/v1/chat/completions', { model: model.id, messages })
    const { error } = chat.json as { error: { code: string; param: string; message: string } }
    assert.deepEqual([chat.status, error.code], [400, 'context_length_exceeded'])
    assert.match(error.param, /^messages/)
    assert.match(
      error.message,
      /^This model's maximum context length is exceeded \(context_length_exceeded\): messages/,
    )
    const body = { model: model.id, max_tokens: 5, messages }
    const said = await call(anthropicDoor, house, 'POST', '/v1/messages', body)
    assert.equal(said.status, 400)
    assert.match((said.json as { error: { message: string } }).error.message, /^prompt is too long: messages/)
    assert.equal(asked.length, 0)
  })
}
