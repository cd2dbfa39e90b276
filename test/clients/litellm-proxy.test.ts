import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'
import { QUESTION } from './question.ts'
import { libraryScript } from './scripted/library.ts'
import { freePort, until } from './web.ts'

const MASTER_KEY = 'sk-of-this-test'
const TOOL = { name: 'add', description: 'Adds', parameters: { type: 'object', properties: {} } }

test('LiteLLM proxy passes every API on, with tools, usage and errors that its own clients know', async t => {
  const client = await needed(t, 'litellm-proxy')
  if (!client) return
  const program = await startProgram(t, client, libraryScript)
  const { model, base, apiKey, url } = program
  const settings = join(program.home, 'proxy.yaml')
  writeFileSync(
    settings,
    `model_list:
  - model_name: over-chat
    litellm_params: { model: openai/${model}, api_base: '${base}', api_key: ${apiKey} }
  - model_name: over-messages
    litellm_params: { model: anthropic/${model}, api_base: '${url}', api_key: ${apiKey} }
  - model_name: nobody
    litellm_params: { model: openai/gone, api_base: '${base}', api_key: ${apiKey} }
litellm_settings: { num_retries: 0 }
`,
  )
  const port = await freePort()
  const proxy = program.serve(['--config', settings, '--host', '127.0.0.1', '--port', String(port)], {
    LITELLM_MASTER_KEY: MASTER_KEY,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  })
  const at = `http://127.0.0.1:${port}`
  await until(proxy, async () => (await fetch(`${at}/health/liveliness`)).ok || undefined)
  const openai = new OpenAI({ baseURL: `${at}/v1`, apiKey: MASTER_KEY, maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: at, apiKey: MASTER_KEY, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: QUESTION }]

  for (const model of ['over-chat', 'over-messages']) {
    const { choices, usage } = await openai.chat.completions.create({ model, messages })
    assert.equal(choices[0]!.message.content, 'Hello there, friend.')
    assert.ok(usage!.completion_tokens > 0)
    assert.equal(await openai.chat.completions.stream({ model, messages }).finalContent(), 'Hello there, friend.')
    const called = await openai.chat.completions.create({
      model,
      messages,
      tools: [{ type: 'function', function: TOOL }],
    })
    const [call] = called.choices[0]!.message.tool_calls as { function: { arguments: string } }[]
    assert.deepEqual(JSON.parse(call!.function.arguments), { a: 2, b: 3 })
    const said = await anthropic.messages.create({ model, max_tokens: 100, messages })
    assert.deepEqual(
      said.content.map(block => block.type === 'text' && block.text),
      ['Hello there, friend.'],
    )
    const { output_text } = await openai.responses.create({ model, input: QUESTION })
    assert.equal(output_text, 'Hello there, friend.')
  }
  await assert.rejects(openai.chat.completions.create({ model: 'nobody', messages }), OpenAI.NotFoundError)
  const answered = program.exchanges.filter(({ status }) => status !== 404)
  assert.ok((await program.checkReceipts(answered)).length >= 10)
  program.compare({
    chat: 'works',
    streamed: 'works',
    'several turns with tools': 'works',
    'over responses': 'works',
    'a model nobody has': 'NotFoundError',
  })
})
