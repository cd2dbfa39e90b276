import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'
import { turnOf } from './scripted/engine.ts'

const FUNCTIONS = `
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b

def now() -> str:
    """Takes no arguments at all."""
    return "noon"
`

type Format = { json_schema: { schema: { properties: object } } }

test('llm calls functions of its own, goes on with what they gave, and keeps to a schema', async t => {
  const client = await needed(t, 'llm')
  if (!client) return
  const turns = [
    { calls: [{ name: 'add', arguments: { a: 2, b: 3 } }] },
    { calls: [{ name: 'now', arguments: {} }] },
    { says: 'Five, at noon.' },
  ]
  const program = await startProgram(t, client, asked =>
    asked.response_format ? { says: '{"name":"Ada","age":36}' } : turns[turnOf(asked)]!,
  )
  const folder = join(program.home, 'llm')
  mkdirSync(folder)
  const { model, base, apiKey } = program
  writeFileSync(
    join(folder, 'extra-openai-models.yaml'),
    `- model_id: heddle\n  model_name: ${model}\n  api_key_name: heddle\n  api_base: ${base}\n  supports_tools: true\n  supports_schema: true\n`,
  )
  const env = { LLM_USER_PATH: folder }
  const ask = ['-m', 'heddle', '--key', apiKey]
  const called = await program.run([...ask, '--functions', FUNCTIONS, 'What is 2 + 3, and when?'], env)
  assert.equal(called.code, 0, called.stdout + called.stderr)
  assert.match(called.stdout, /Five, at noon\./)
  const told = program.engine.asked.at(-1)!.messages.filter(({ role }) => role === 'tool')
  assert.deepEqual(
    told.map(({ content }) => content),
    ['5', 'noon'],
  )
  const shaped = await program.run([...ask, '--schema', 'name, age int', 'Somebody'], env)
  assert.deepEqual(JSON.parse(shaped.stdout), { name: 'Ada', age: 36 })
  // The engine is given the properties in the order in which the client wrote them.
  const { response_format } = program.engine.asked.at(-1) as unknown as { response_format: Format }
  assert.deepEqual(Object.keys(response_format.json_schema.schema.properties), ['name', 'age'])
  assert.equal((await program.checkReceipts()).length, 4)
  program.compare({ 'several turns with tools': 'works', 'JSON by a schema': 'works' })
})
