import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, quiet, run } from '../testing/engine-worker.ts'
import { createEngine } from './index.ts'

const CONTEXT = 2_000

/** A server that refuses, in these words, what does not fit beside a prompt of so many tokens. */
async function strictServer(t: TestContext, prompt: number, words: (asked: number) => string) {
  const asked: (number | undefined)[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    if (request.url === '/v1/models')
      return response.end(JSON.stringify({ data: [{ id: 'm', max_model_len: CONTEXT }] }))
    if (!request.url!.endsWith('completions')) return response.writeHead(404).end('{}')
    const { max_tokens } = JSON.parse(text) as { max_tokens?: number }
    asked.push(max_tokens)
    if (prompt + (max_tokens ?? 0) >= CONTEXT)
      return response.writeHead(400).end(JSON.stringify({ error: { message: words(max_tokens!) } }))
    const chunk = { choices: [{ index: 0, text: 'yes', delta: { content: 'yes' }, finish_reason: 'stop' }] }
    response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const worker = await createEngine({ kind: 'openai', url, log: quiet, probe: false, features: ['chat', 'completion'] })
  t.after(() => worker.stop())
  return { worker, asked }
}

const long = (maxCompletion: number, bytes = 6_000) =>
  chat({ messages: [{ role: 'user', content: 'x'.repeat(bytes) }], maxCompletion })

test('a server that says how long the prompt is, is asked for what it has left', async t => {
  for (const words of [
    (n: number) =>
      `'max_tokens' is too large: ${n}. This model's maximum context length is ${CONTEXT} tokens and your request has 1500 input tokens`,
    (n: number) =>
      `maximum context length is ${CONTEXT} tokens, however you requested ${1_500 + n} tokens (1500 in the messages, ${n} in the completion)`,
    (n: number) =>
      `Requested token count exceeds the model's maximum context length of ${CONTEXT} tokens. You requested a total of ${1_500 + n} tokens: 1500 tokens from the input messages and ${n} tokens for the completion`,
    (n: number) =>
      `\`inputs\` tokens + \`max_new_tokens\` must be <= ${CONTEXT}. Given: 1500 \`inputs\` tokens and ${n} \`max_new_tokens\``,
  ]) {
    const { worker, asked } = await strictServer(t, 1_500, words)
    assert.equal((await run(worker, long(1_000))).text, 'yes')
    assert.deepEqual(asked, [1_000, 499])
  }
})

test('a server that does not say it is asked for less and less, never for nothing', async t => {
  const { worker, asked } = await strictServer(t, 400, () => 'maximum context length exceeded')
  assert.equal((await run(worker, long(1_900, 1_200))).text, 'yes')
  assert.deepEqual(asked, [1_800, 1_400])
})

test('a plain completion is asked for as much as a chat is', async t => {
  const { worker, asked } = await strictServer(t, 10, () => 'maximum context length exceeded')
  const spec = {
    task: 'completion',
    prompt: 'x'.repeat(3_000),
    maxCompletion: 1_000,
    temperature: 0,
    topP: 1,
    stop: [],
  }
  assert.equal((await run(worker, spec as never)).text, 'yes')
  assert.deepEqual(asked, [1_000])
})

test('a prompt that does not fit by itself is said to be too long', async t => {
  const { worker, asked } = await strictServer(
    t,
    2_500,
    () => `This model's maximum context length is ${CONTEXT} tokens. However, your request has 2500 input tokens.`,
  )
  await assert.rejects(run(worker, long(100)), error => isHeddleError(error, 'context_exceeded'))
  assert.equal(asked.length, 1)
})
