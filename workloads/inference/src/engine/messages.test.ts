import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readFromEngine } from './messages.ts'

test('only sound messages are believed', () => {
  const sound = [
    { type: 'ready', build: 'b', context: 1, sequences: 1, threads: 1, template: 't' },
    { type: 'text', job: 1, text: 'a', prompt: 1, completion: 1 },
    { type: 'pause', job: 1, prompt: 1, completion: 1 },
    { type: 'pause', job: 1, prompt: 1, completion: 1, finish: 'stop' },
    { type: 'failed', job: 1, code: 'internal', message: 'm' },
    { type: 'closed', job: 1 },
    { type: 'fatal', message: 'm' },
  ]
  for (const message of sound) assert.equal(readFromEngine(message), message)
  const unsound = [
    null,
    'text',
    {},
    { type: 'other' },
    { type: 'toString' },
    { type: 'text', job: 1, text: 1, prompt: 1, completion: 1 },
    { type: 'text', job: 1, text: 'a', prompt: 1, completion: Number.NaN },
    { type: 'text', job: 1, text: 'a', prompt: -1, completion: 1 },
    { type: 'text', job: 1, text: 'a', prompt: 1 },
    { type: 'pause', job: 1, prompt: 1, completion: 1.5 },
    { type: 'pause', job: 1, prompt: 1, completion: 1, finish: 'interrupted' },
    { type: 'failed', job: 1, code: 'cap_reached' },
  ]
  for (const message of unsound) assert.equal(readFromEngine(message), undefined, JSON.stringify(message))
})

test('no value makes the reader throw', () => {
  fc.assert(fc.property(fc.anything(), value => void readFromEngine(value)))
})
