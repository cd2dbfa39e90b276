import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import type { InferenceWorker } from '../worker.ts'
import type { Message } from '../workload.ts'
import { type Asked, answerOf, jobOf, tinyWorker } from './fixtures.ts'

/** One worker on the tiny model for all tests of a suite: starting one takes seconds. */
export function tinyEngine() {
  let worker: InferenceWorker
  before(async () => {
    worker = await tinyWorker({ context: 1024 })
  })
  after(() => worker.stop())
  return {
    worker: () => worker,
    ask: (asked: Asked, seed?: string, scope?: string) => answerOf(worker, asked, seed, scope),
    count: (asked: Asked) => worker.count!(jobOf(asked), new AbortController().signal),
  }
}

export const user = (content: string): Message[] => [{ role: 'user', content }]
export const story = user('Tell me a long story.')

export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: JSON.stringify({
    type: 'object',
    properties: { city: { type: 'string', maxLength: 12 }, unit: { enum: ['C', 'F'] } },
    required: ['city'],
  }),
}

/** That an error has this code, and names this. */
export const refusal = (code: Parameters<typeof isHeddleError>[1], cause: unknown) => (error: unknown) => {
  assert.ok(isHeddleError(error, code), String(error))
  assert.deepEqual(error.cause, cause)
  return true
}
