import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stream } from '@heddle/link'
import { readMessage, utf8 } from '@heddle/protocol'
import { outletOn } from './outlet.ts'

/** What is sent on a stream, and whether it may wait for others. */
function recorded() {
  const sent: { kind: string; mayWait: boolean }[] = []
  const stream = {
    send: (message: Uint8Array, { mayWait = false } = {}) => sent.push({ kind: readMessage(message).kind, mayWait }),
    ready: async () => undefined,
    end: () => undefined,
  } as unknown as Stream
  return { sent, outlet: outletOn(stream, { unread: 1_000 }) }
}

test('the first piece of an answer leaves at once, also after signs that its job lives; the others may wait', async () => {
  const { sent, outlet } = recorded()
  outlet.alive({ state: 'queued', position: 1 })
  for (const word of ['one', 'two', 'three']) {
    outlet.output(utf8(word))
    await outlet.drained()
  }
  assert.deepEqual(sent, [
    { kind: 'alive', mayWait: false },
    { kind: 'output', mayWait: false },
    { kind: 'output', mayWait: true },
    { kind: 'output', mayWait: true },
  ])
})
