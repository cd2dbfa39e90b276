import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { entry } from '../cli/heddle.ts'
import { startClient, versionOf } from './client.ts'
import { QUESTION } from './question.ts'

type Result = { isError?: boolean; content: { text: string }[]; structuredContent?: Record<string, unknown> }

test("the MCP SDK's client, with heddle mcp as its server", async t => {
  const name = '@modelcontextprotocol/sdk'
  const { feature, compare, house } = await startClient(t, name, versionOf(`${name}/client/index.js`, name))
  const client = new Client({ name: 'test', version: '1' })
  const args = [entry, 'mcp', '--home', house.home, '--cap', '0.01']
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env: { PATH: process.env['PATH'] ?? '' } }),
  )
  t.after(() => client.close())
  const tool = async (tool: string, input: Record<string, unknown> = {}): Promise<Result> =>
    (await client.callTool({ name: tool, arguments: input })) as unknown as Result
  const said = (result: Result): string => {
    assert.ok(!result.isError, result.content[0]?.text)
    return result.content.map(one => one.text).join('')
  }

  await feature('list models', async () => assert.ok(said(await tool('models')).includes(house.model.name)))
  await feature('chat', async () => {
    assert.ok(said(await tool('ask', { prompt: QUESTION, max_tokens: 24 })).length > 0)
  })
  await feature('quote', async () => assert.ok(said(await tool('quote', { prompt: QUESTION })).length > 0))
  await feature('receipt of an answer', async () => {
    const { structuredContent } = await tool('ask', { prompt: QUESTION, max_tokens: 8 })
    const id = String(structuredContent!['receipt'])
    assert.ok(said(await tool('receipt_verify', { receipt: id })).length > 0)
  })
  await feature('a cap of its own', async () => {
    const refused = await tool('ask', { prompt: QUESTION, max_tokens: 1_000, max_charge: '0.000001' })
    assert.equal(refused.isError, true)
  })
  await feature('a model nobody has', async () => {
    const refused = await tool('ask', { prompt: QUESTION, model: 'gone' })
    assert.equal(refused.isError, true)
    const code = /model_unknown/.exec(refused.content[0]!.text)?.[0]
    return { code: code ?? 'unnamed' }
  })
  await compare()
})
