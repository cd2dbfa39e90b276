import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { committed, testVectors } from '@heddle/testing/vectors'
import { definitions } from '../vectors/definitions.ts'

const directory = join(import.meta.dirname, '../vectors')
testVectors(directory, definitions)

type Signed = { by: string; transcript: string }
type Handshake = { hello: string; welcome: string; dial: Signed; answer: Signed }

test('each side of the committed handshakes is signed by whoever it names, and by nobody for both sides', () => {
  for (const { output } of committed<Handshake>(directory, 'handshake').cases) {
    const { hello, welcome, dial, answer } = output
    assert.equal(dial.by, JSON.parse(hello).peer)
    assert.equal(answer.by, JSON.parse(welcome).peer)
    assert.notEqual(dial.transcript, answer.transcript)
  }
})
