import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, type ErrorCode, HeddleError } from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { askDoor } from '../testing/door.ts'
import { anthropicError } from './anthropic/error.ts'
import { openAiError } from './openai/error.ts'

const codes = Object.keys(catalogue) as ErrorCode[]

test('every error has its stable code beside the word of the API', () => {
  for (const code of codes) {
    assert.equal(openAiError(new HeddleError(code)).body.error.heddle_code, code)
    assert.equal(anthropicError(new HeddleError(code)).body.heddle.code, code)
  }
})

test('a client is told to ask again where that helps, and never where it does not', () => {
  for (const code of codes) {
    const error = new HeddleError(code)
    for (const { headers = {}, status } of [openAiError(error), anthropicError(error)]) {
      const again = headers['x-should-retry']
      assert.notEqual(again, error.retryable ? 'false' : 'true', code)
      assert.equal('retry-after' in headers, again === 'true', code)
      if (status === 429 || status === 529 || status === 503) assert.ok(again !== undefined, code)
    }
  }
  const { headers } = openAiError(new HeddleError('busy', '', { cause: { retryAfter: 0.25 } }))
  assert.deepEqual(headers, { 'retry-after': '1', 'retry-after-ms': '250', 'x-should-retry': 'true' })
})

test('a prompt that is too long is told in the sentence that each client acts on', () => {
  const error = new HeddleError('context_exceeded', '9000 tokens of the prompt are above the context of 8192')
  assert.equal(openAiError(error).body.error.code, 'context_length_exceeded')
  assert.match(openAiError(error).body.error.message, /^This model's maximum context length is 8192 tokens/)
  assert.match(anthropicError(error).body.error.message, /^prompt is too long: 9000 tokens > 8192 maximum/)
  const silent = new HeddleError('context_exceeded', 'the engine says that the prompt is too long')
  assert.match(anthropicError(silent).body.error.message, /^prompt is too long: the engine/)
})

test('an answer is cut to what fits, unless its asker wants nothing cut', async () => {
  const messages = [{ role: 'user', content: 'hi' }]
  const strict = { 'heddle-strict': 'true' }
  const cases = [
    [openAiDoor, '/v1/chat/completions', { messages }, 'max_completion_tokens'],
    [openAiDoor, '/v1/chat/completions', { messages }, 'max_tokens'],
    [openAiDoor, '/v1/completions', { prompt: 'hi' }, 'max_tokens'],
    [openAiDoor, '/v1/responses', { input: 'hi' }, 'max_output_tokens'],
    [anthropicDoor, '/v1/messages', { messages }, 'max_tokens'],
  ] as const
  for (const [door, path, rest, field] of cases) {
    const body = (tokens: number) => ({ model: 'toy', ...rest, [field]: tokens })
    const { post, asked } = askDoor(door, path, body(9))
    const most = async (tokens: number) => {
      assert.equal((await post(body(tokens))).status, 200)
      return (asked.at(-1)!.question.spec as { maxCompletion: number }).maxCompletion
    }
    assert.deepEqual([await most(9), await most(32_000), await most(10_000_000)], [9, 32_000, 32_768])
    // The context is 400, the prompt 7.
    for (const [tokens, status] of [
      [393, 200],
      [394, 400],
      [401, 400],
      [40_000, 400],
    ] as const) {
      const answer = await post(body(tokens), undefined, strict)
      assert.equal(answer.status, status, `${path} ${field} ${tokens}`)
      if (status === 200) continue
      const { error, heddle } = answer.json as { error: Record<string, string>; heddle?: Record<string, string> }
      assert.equal(heddle?.['code'] ?? error['heddle_code'], 'context_exceeded')
      assert.equal((heddle ?? error)['param'], field)
    }
  }
})
