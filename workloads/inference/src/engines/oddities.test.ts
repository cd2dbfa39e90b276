import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, run, setup } from '../testing/engine-worker.ts'

/**
 * Engines that speak oddly: a table of what they send, and what comes of it. What is whole is told as whole, what is
 * broken never is, and nothing is lost on the way.
 */

type Chunk = Record<string, unknown>
const chunk = (delta: object, finish: unknown = null, more: object = {}): Chunk => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
})
const events = (...all: unknown[]): string => all.map(one => `data: ${JSON.stringify(one)}\n\n`).join('')
const DONE = 'data: [DONE]\n\n'
const hello = chunk({ content: 'Hello' })
const stop = chunk({}, 'stop')
const usage = (prompt: number, completion: number) => ({
  choices: [],
  usage: { prompt_tokens: prompt, completion_tokens: completion },
})

/** Asks an engine that sends this, and gives what came: text, end and counts, or the code of an error. */
async function told(t: Parameters<typeof setup>[0], raw: string | Uint8Array, over: Record<string, unknown> = {}) {
  const { worker } = await setup(t, 'openai', { raw }, { features: ['chat', 'tools', 'choices', 'logprobs'] })
  try {
    const { text, last, pieces } = await run(worker, chat(over))
    return { text, finish: last.finish, used: last.used, pieces }
  } catch (error) {
    assert.ok(isHeddleError(error))
    return { code: error.code, cause: error.cause }
  }
}

test('an error that says nothing is none', async t => {
  for (const error of [null, '', {}, false]) {
    const { text, finish } = await told(t, events({ ...hello, error }, { ...stop, error }) + DONE)
    assert.deepEqual([text, finish], ['Hello', 'stop'], JSON.stringify(error))
  }
})

test('an answer that goes on after what was asked ends there, and that is what is charged', async t => {
  const many = Array.from({ length: 200 }, (_, i) => chunk({ content: `w${i} ` }))
  for (const maxCompletion of [1, 10, 100]) {
    const { text, finish, used } = await told(t, events(...many, stop) + DONE, { maxCompletion })
    assert.equal(text?.split(' ').length, maxCompletion + 1)
    assert.deepEqual([finish, used?.completion], ['length', BigInt(maxCompletion)])
  }
})

test('what an engine does not count is reckoned: its prompt, and messages of more than one token', async t => {
  const messages = [{ role: 'user', content: 'word '.repeat(120) }]
  const { used } = await told(t, events(hello, stop) + DONE, { messages })
  assert.deepEqual(used, { prompt: 100n, cached: 0n, completion: 1n })
  const { used: long } = await told(t, events(chunk({ content: 'word '.repeat(60) }), stop) + DONE)
  assert.equal(long?.completion, 50n)
  const { used: own } = await told(t, events(hello, stop, usage(7, 2)) + DONE, { messages })
  assert.deepEqual(own, { prompt: 7n, cached: 0n, completion: 2n }, 'its own counts go before')
})
