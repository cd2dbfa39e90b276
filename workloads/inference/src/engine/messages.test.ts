import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readFromEngine } from './messages.ts'

test('only sound messages are believed', () => {
  const counts = { prompt: 1, cached: 0, completion: 1 }
  const facts = {
    build: 'b',
    hardware: 'h',
    context: 1,
    sequences: 1,
    threads: 1,
    template: 't',
    gpu: 'none: b',
    features: ['chat'],
  }
  const pieces = (...list: unknown[]) => ({ type: 'pieces', job: 1, pieces: list, ...counts })
  const logprob = { token: 'a', bytes: [97], logprob: -1 }
  const sound = [
    { type: 'ready', ...facts },
    { type: 'ready', ...facts, quantization: 'q8_0' },
    pieces({ text: 'a' }),
    pieces({ text: 'a', logprobs: [{ ...logprob, top: [logprob] }] }, { choice: 1, reasoning: 'b' }),
    pieces({ toolCall: { index: 0, id: 'call_1', name: 'f' } }, { toolCall: { index: 0, arguments: '{}' } }),
    pieces({ finish: 'tool_calls', stopped: 'x', reasoningTokens: 3 }, { embedding: { index: 0, data: 'AAAA' } }),
    { type: 'pause', job: 1, ...counts },
    { type: 'pause', job: 1, ...counts, finish: 'stop' },
    { type: 'failed', job: 1, code: 'internal', message: 'm' },
    { type: 'failed', job: 1, code: 'bad_request', message: 'm', param: 'p' },
    { type: 'closed', job: 1 },
    { type: 'fatal', message: 'm' },
  ]
  for (const message of sound) assert.equal(readFromEngine(message), message, JSON.stringify(message))
  const unsound = [
    null,
    'pieces',
    {},
    { type: 'other' },
    { type: 'toString' },
    { type: 'ready', ...facts, features: 'chat' },
    { type: 'ready', ...facts, gpu: 1 },
    { ...pieces({ text: 'a' }), completion: Number.NaN },
    { ...pieces({ text: 'a' }), prompt: -1 },
    { ...pieces({ text: 'a' }), cached: undefined },
    pieces({ text: 1 }),
    pieces({ text: 'a', more: 1 }),
    pieces({ text: 'a'.repeat(200_000) }),
    pieces(...Array.from({ length: 600 }, () => ({ text: 'a' }))),
    pieces({ choice: 99, text: 'a' }),
    pieces({ toolCall: { name: 'f' } }),
    pieces({ toolCall: { index: 0, other: 'f' } }),
    pieces({ logprobs: [logprob] }),
    pieces({ logprobs: [{ ...logprob, logprob: '1', top: [] }] }),
    pieces({ finish: 'interrupted' }),
    pieces({ embedding: { index: 0, data: 'A'.repeat(1 << 20) } }),
    { type: 'pause', job: 1, ...counts, completion: 1.5 },
    { type: 'pause', job: 1, ...counts, finish: 'interrupted' },
    { type: 'failed', job: 1, code: 'cap_reached', message: 'm' },
    { type: 'failed', job: 1, code: 'internal' },
  ]
  for (const message of unsound) assert.equal(readFromEngine(message), undefined, JSON.stringify(message))
})

test('no value makes the reader throw', () => {
  fc.assert(fc.property(fc.anything(), value => void readFromEngine(value)))
})

test('no piece makes the reader throw', () => {
  const piece = fc.dictionary(fc.constantFrom('text', 'toolCall', 'logprobs', 'embedding', 'choice'), fc.anything())
  const message = fc
    .array(piece)
    .map(pieces => ({ type: 'pieces', job: 1, prompt: 1, cached: 0, completion: 0, pieces }))
  fc.assert(fc.property(message, value => void readFromEngine(value)))
})
