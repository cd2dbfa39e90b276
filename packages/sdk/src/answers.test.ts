import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, encodeMessage, type Hex, isHeddleError } from '@heddle/protocol'
import { USUAL_ANSWERS } from './answers.ts'
import type { ProviderClient } from './provider-client.ts'
import { clientOf, say } from './testing/saying.ts'

const LIMITS = { ...USUAL_ANSWERS, offers: 10, receipts: 3, bytes: 100_000 }
const ID: Hex = `0x${'11'.repeat(32)}`
const SIGNED: Hex = `0x${'22'.repeat(65)}`
const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

/** Everything that is asked of a provider beside jobs and their evidence. */
const calls: Readonly<Record<string, (client: ProviderClient) => Promise<unknown>>> = {
  offers: client => client.offers(0),
  channel: client => client.raise({ channel: ID, ceiling: '1', signature: SIGNED }),
  receipts: client => client.receipts(ID, 0),
  stop: client => client.stop(ID),
}
const MOST = 1_000

test('an answer without an end is read as far as one may be, and no further', async t => {
  const part = new Uint8Array(65_536).fill(0x77)
  for (const kind of ['answer', 'output'] as const) {
    let ended = 0
    const client = await clientOf(
      t,
      async (_, stream) => {
        try {
          for (;;) {
            stream.send(encodeMessage(kind, new Uint8Array(kind === 'answer' ? 4 << 20 : 0).fill(0x77)))
            if (kind === 'output') stream.send(encodeMessage(kind, part))
            await stream.ready()
          }
        } catch {
          ended += 1
        }
      },
      LIMITS,
    )
    for (const [name, call] of Object.entries(calls)) await assert.rejects(call(client), isHeddleError, name)
    // An output that is longer than it can be is seen to be.
    if (kind === 'output') assert.ok((await client.output(ID, MOST)).length > MOST)
    else await assert.rejects(client.output(ID, MOST), isHeddleError)
    while (ended < Object.keys(calls).length + 1) await new Promise(resolve => setImmediate(resolve))
  }
})

test('an answer that is no JSON, nests for ever, or is another thing than was asked, is none', async t => {
  for (const text of ['', 'null', '[]', '7', '"offers"', '{"offers":', '['.repeat(50_000), '{"a":'.repeat(20_000)]) {
    const client = await clientOf(t, (_, stream) => say(stream, text), LIMITS)
    await assert.rejects(calls['receipts']!(client), is('provider_unreachable'), text.slice(0, 20))
    await assert.rejects(calls['offers']!(client), isHeddleError, text.slice(0, 20))
  }
})

test('a page of more receipts than one may hold is none', async t => {
  for (const [length, good] of [
    [3, true],
    [4, false],
    [9_000, false],
  ] as const) {
    const told = JSON.stringify({ receipts: Array(length).fill(1) })
    const client = await clientOf(t, (_, stream) => say(stream, told), LIMITS)
    const page = client.receipts(ID, 0)
    if (good) assert.equal((await page).length, length)
    else await assert.rejects(page, is('provider_unreachable'))
  }
})
