import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { call } from '../../apps/cli/src/call.ts'
import type { RunFile } from '../../apps/cli/src/home/index.ts'
import { startTestHouse } from '../house.ts'
import { until } from '../until.ts'
import { entry } from './heddle.ts'

type Result = {
  isError?: boolean
  content: { type: string; text: string }[]
  structuredContent?: Record<string, unknown>
}

/** The MCP SDK's own client, with `heddle mcp` as its server. */
async function connect(t: TestContext, home: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [entry, 'mcp', '--home', home, ...args],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  t.after(() => client.close())
  const tool = async (name: string, input: Record<string, unknown> = {}): Promise<Result> =>
    (await client.callTool({ name, arguments: input })) as unknown as Result
  return { client, tool }
}

const keysOf = async ({ gateway, adminToken }: RunFile) =>
  (
    await call<{ keys: { name: string; cap: string; spent: string; revoked?: number; expires?: number }[] }>(
      `${gateway.url}/heddle/1/admin/keys`,
      { token: adminToken },
    )
  ).keys

test('an MCP client asks, quotes, reads and verifies receipts, within the cap of its session', async t => {
  const house = await startTestHouse(t)
  const { client, tool } = await connect(t, house.home, ['--cap', '0.01'])

  await t.test('the tools are listed with what they take', async () => {
    const { tools } = await client.listTools()
    assert.deepEqual(tools.map(one => one.name).sort(), [
      'ask',
      'balance',
      'models',
      'quote',
      'receipt_verify',
      'receipts',
    ])
    const ask = tools.find(one => one.name === 'ask')!
    assert.ok('max_charge' in (ask.inputSchema.properties ?? {}))
  })

  let receipt = ''
  await t.test('ask: an answer with its charge and receipt, at most what was quoted', async () => {
    const quoted = await tool('quote', { prompt: 'Name three colours.', max_tokens: 24 })
    const answer = await tool('ask', { prompt: 'Name three colours.', max_tokens: 24 })
    assert.ok(!answer.isError, answer.content[0]?.text)
    const { text, charge, model } = answer.structuredContent as { text: string; charge: string; model: string }
    assert.ok(text.length > 0)
    assert.equal(answer.content[0]!.text, text)
    assert.equal(model, house.model.name)
    const hed = (value: unknown): number => Number(String(value).split(' ')[0])
    assert.ok(hed(charge) > 0 && hed(charge) <= hed(quoted.structuredContent!['most']))
    receipt = answer.structuredContent!['receipt'] as string
  })

  await t.test('receipts and verification', async () => {
    const { receipts } = (await tool('receipts')).structuredContent as { receipts: { receipt: string }[] }
    assert.deepEqual(
      receipts.map(one => one.receipt),
      [receipt],
    )
    const verified = await tool('receipt_verify', { receipt })
    assert.equal(verified.structuredContent!['verified'], true)
    const unknown = await tool('receipt_verify', { receipt: `0x${'00'.repeat(32)}` })
    assert.ok(unknown.isError)
    assert.match(unknown.content[0]!.text, /^not_found: /)
  })

  await t.test('models and balance', async () => {
    const { models } = (await tool('models')).structuredContent as { models: { id: string }[] }
    assert.deepEqual(
      models.map(one => one.id),
      [house.model.name],
    )
    const { session, key } = (await tool('balance')).structuredContent as Record<string, Record<string, string>>
    assert.equal(session!['cap'], '0.01 HED')
    assert.match(key!['name']!, /^mcp-/)
    assert.equal(key!['spent'], session!['spent'])
  })

  await t.test('errors are tool errors, with code and fix', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ prompt: 'x', model: 'no-such-model' }, 'model_unknown'],
      [{ prompt: 'x', max_tokens: 16, max_charge: '0.000000001' }, 'cap_reached'],
      [{}, 'bad_request'],
      [{ prompt: 'x', messages: [{ role: 'user', content: 'x' }] }, 'bad_request'],
    ]
    for (const [input, code] of cases) {
      const result = await tool('ask', input)
      assert.ok(result.isError, code)
      const { error } = result.structuredContent as { error: { code: string; fix: string } }
      assert.equal(error.code, code)
      assert.ok(result.content[0]!.text.startsWith(`${code}: `) && result.content[0]!.text.endsWith(error.fix))
    }
  })

  await t.test('many at once never pass the cap, and the session’s key says the same', async () => {
    const results = await Promise.all(
      Array.from({ length: 12 }, () => tool('ask', { prompt: 'Tell me a long story.', max_tokens: 200 })),
    )
    const refused = results.filter(one => one.isError).map(one => one.content[0]!.text)
    assert.ok(
      refused.some(text => text.startsWith('cap_reached')),
      refused.join('\n'),
    )
    assert.ok(results.some(one => !one.isError))
    const mine = (await keysOf(house.run)).find(({ name }) => name.startsWith('mcp-'))!
    assert.equal(mine.cap, '10000000000000000')
    assert.ok(BigInt(mine.spent) <= BigInt(mine.cap), `${mine.spent} of ${mine.cap}`)
  })

  await t.test('when the client goes, its key is refused', async () => {
    await client.close()
    await until(async () => {
      const mine = (await keysOf(house.run)).find(({ name }) => name.startsWith('mcp-'))!
      return mine.revoked !== undefined
    }, 'the key is refused')
  })

  await t.test('with a key that was given, no other is made', async t => {
    const before = (await keysOf(house.run)).length
    const env = { HEDDLE_API_KEY: house.apiKey, HEDDLE_URL: house.run.gateway.url }
    const given = await connect(t, '/nowhere', [], env)
    const { key } = (await given.tool('balance')).structuredContent as { key: { name: string } }
    assert.equal(key.name, 'first')
    assert.equal((await keysOf(house.run)).length, before)
  })
})
