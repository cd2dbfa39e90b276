import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Piece } from '../output.ts'
import type { FromEngine } from './messages.ts'
import { startOutbox } from './outbox.ts'
import { startPermission, startRoom } from './permission.ts'

function setup() {
  const sent: FromEngine[] = []
  const outbox = startOutbox(1, { prompt: 3, cached: 0 }, message => void sent.push(message))
  const pieces = () => sent.flatMap(message => (message.type === 'pieces' ? message.pieces : []))
  return { sent, outbox, pieces }
}

/** What a client makes of pieces: texts by choice, arguments by call, and the order of everything else. */
function readAll(pieces: readonly Piece[]) {
  const texts: Record<string, string> = {}
  for (const { choice = 0, text = '', reasoning = '', toolCall } of pieces) {
    const add = (key: string, more: string) => {
      texts[key] = `${texts[key] ?? ''}${more}`
    }
    add(`text ${choice}`, text)
    add(`reasoning ${choice}`, reasoning)
    if (toolCall) add(`call ${choice} ${toolCall.index} `, `${toolCall.name ?? ''}${toolCall.arguments ?? ''}`)
  }
  return { texts, ends: pieces.filter(piece => piece.finish || piece.logprobs) }
}

test('pieces that are sent together say what they said apart', () => {
  const choice: fc.Arbitrary<Piece> = fc.constantFrom({}, { choice: 1 })
  const kind: fc.Arbitrary<Piece> = fc.oneof<fc.Arbitrary<Piece>[]>(
    fc.record({ text: fc.string() }),
    fc.record({ reasoning: fc.string() }),
    fc.record({ toolCall: fc.record({ index: fc.nat(2), arguments: fc.string() }) }),
    fc.record({ toolCall: fc.record({ index: fc.nat(2), id: fc.string(), name: fc.string() }) }),
    fc.constant({ finish: 'stop' }),
    fc.constant({ text: 'a', logprobs: [{ token: 'a', bytes: [97], logprob: -1, top: [] }] }),
  )
  const piece = fc.tuple(choice, kind).map(([which, what]): Piece => ({ ...which, ...what }))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), list => {
      const { outbox, pieces } = setup()
      for (const [completion, one] of list.entries()) outbox.add([one], { completion })
      outbox.pause('stop')
      assert.deepEqual(readAll(pieces()), readAll(list))
      assert.ok(pieces().length <= list.length)
    }),
  )
})

test('counts are those of what was sent, and never go down', () => {
  const { sent, outbox } = setup()
  outbox.add([{ text: 'a' }], { completion: 2 })
  outbox.add([], { completion: 1 })
  outbox.pause()
  assert.deepEqual(sent, [
    { type: 'pieces', job: 1, pieces: [{ text: 'a' }], prompt: 3, cached: 0, completion: 2 },
    { type: 'pause', job: 1, prompt: 3, cached: 0, completion: 2 },
  ])
})

test('a chunk has room for 64 tokens above what was delivered; more of them waits for permission', async () => {
  const { sent, outbox } = setup()
  const permission = startPermission()
  const room = startRoom(permission, outbox)
  assert.equal(await room.wait(0, 1), true)
  assert.equal(await room.wait(63, 1), true)
  outbox.add([{ text: 'a' }], { completion: 60 })
  const next = room.wait(64, 1)
  assert.equal(sent.at(-1)?.type, 'pause')
  permission.more()
  assert.equal(await next, true)
  assert.equal(await room.wait(123, 1), true)
  const closed = room.wait(124, 1)
  permission.close()
  assert.equal(await closed, false)
})

test('text that is only held back counts at a pause when it is half a chunk, so that chunks do end', async () => {
  const { outbox } = setup()
  const permission = startPermission()
  const room = startRoom(permission, outbox)
  await room.wait(0, 1)
  outbox.add([{ text: 'a' }], { completion: 1 })
  permission.more()
  assert.equal(await room.wait(64, 1), true)
  assert.equal(outbox.completion, 64)
})
