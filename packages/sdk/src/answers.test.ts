import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type ErrorCode, type Hex, isHeddleError } from '@heddle/protocol'
import { ProviderClient } from './provider-client.ts'

const LIMITS = { offers: 10, receipts: 3, bytes: 100_000 }
const ID: Hex = `0x${'11'.repeat(32)}`
const SIGNED: Hex = `0x${'22'.repeat(65)}`
const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

/** A client of a provider that answers everything so. */
async function clientOf(t: TestContext, answer: RequestListener): Promise<ProviderClient> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const client = new ProviderClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, LIMITS)
  t.after(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return client
}

/** Everything that is asked of a provider beside jobs and their evidence. */
const calls: Readonly<Record<string, (client: ProviderClient) => Promise<unknown>>> = {
  offers: client => client.offers(0),
  channel: client => client.raise({ channel: ID, ceiling: '1', signature: SIGNED }),
  receipts: client => client.receipts(ID, 0, SIGNED),
  stop: client => client.stop(ID, SIGNED),
  output: client => client.output(ID, SIGNED, 1_000),
}

test('an answer without an end is read as far as one may be, and no further', async t => {
  for (const status of [200, 400]) {
    let closed = 0
    const client = await clientOf(t, (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.write('{"offers":["')
      const part = 'w'.repeat(65_536)
      const more = (): void => {
        while (!response.destroyed && response.write(part));
      }
      response.on('drain', more)
      response.on('close', () => {
        closed += 1
      })
      more()
    })
    for (const [name, call] of Object.entries(calls))
      await assert.rejects(
        call(client),
        is(status === 200 && name === 'output' ? 'receipt_mismatch' : 'provider_unreachable'),
        name,
      )
    while (closed < Object.keys(calls).length) await new Promise(resolve => setImmediate(resolve))
  }
})

test('an answer that is no JSON, nests for ever, or is another thing than was asked, is none', async t => {
  for (const text of ['', 'null', '[]', '7', '"offers"', '{"offers":', '['.repeat(50_000), '{"a":'.repeat(20_000)]) {
    const client = await clientOf(t, (_, response) => void response.end(text))
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
    const client = await clientOf(
      t,
      (_, response) => void response.end(JSON.stringify({ receipts: Array(length).fill(1) })),
    )
    const page = client.receipts(ID, 0, SIGNED)
    if (good) assert.equal((await page).length, length)
    else await assert.rejects(page, is('provider_unreachable'))
  }
})
