import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, refusalInStream } from './refusal.ts'

test('what an engine answers with a status is about the question: it is not down', () => {
  const table: [number, string, string][] = [
    [500, '{"error":"invalid JSON schema in format"}', 'bad_request'],
    [500, '{"error":{"message":"failed to parse grammar","type":"server_error"}}', 'bad_request'],
    [500, '{"error":"the input length exceeds the context length"}', 'context_exceeded'],
    [500, '{"error":{"message":"boom"}}', 'engine_refused'],
    [500, 'no JSON at all', 'engine_refused'],
    [400, '{"error":{"message":"This model\'s maximum context length is 8 tokens"}}', 'context_exceeded'],
    [400, '{"error":"what?"}', 'bad_request'],
    [422, '{"detail":[]}', 'bad_request'],
    [404, '{"error":"model not found"}', 'model_withdrawn'],
    [413, '', 'context_exceeded'],
    [408, '', 'engine_slow'],
    [499, '', 'engine_slow'],
    [409, '', 'engine_refused'],
    [415, '{"error":"unsupported media type"}', 'bad_request'],
    [501, '', 'engine_refused'],
    [529, '', 'busy'],
    [429, '', 'busy'],
    [503, '', 'busy'],
  ]
  for (const [status, text, code] of table) assert.equal(refusal(status, text).code, code, `${status} ${text}`)
  assert.equal(refusalInStream('an error was encountered while running the model').code, 'engine_refused')
  assert.equal(refusalInStream({ message: 'exceeds the available context size' }).code, 'context_exceeded')
})

test('what stands before an engine, and a wrong key, mean that it is not to be had', () => {
  for (const status of [502, 504, 520, 524, 401, 402, 403, 407])
    assert.equal(refusal(status, '').code, 'engine_down', `${status}`)
})

test("the engine's own words are in the cause alone", () => {
  const error = refusal(500, '{"error":"/home/me/models/secret.gguf"}')
  assert.ok(!error.message.includes('secret'))
  assert.ok(JSON.stringify(error.cause).includes('secret'))
})
