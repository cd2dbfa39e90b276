import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { llm } from './launch.ts'
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
  const called = await llm(program, 'What is 2 + 3, and when?', ['--functions', FUNCTIONS])
  assert.equal(called.code, 0, called.stdout + called.stderr)
  assert.match(called.stdout, /Five, at noon\./)
  const told = program.engine.asked.at(-1)!.messages.filter(({ role }) => role === 'tool')
  assert.deepEqual(
    told.map(({ content }) => content),
    ['5', 'noon'],
  )
  const shaped = await llm(program, 'Somebody', ['--schema', 'name, age int'])
  assert.deepEqual(JSON.parse(shaped.stdout), { name: 'Ada', age: 36 })
  // The engine is given the properties in the order in which the client wrote them.
  const { response_format } = program.engine.asked.at(-1) as unknown as { response_format: Format }
  assert.deepEqual(Object.keys(response_format.json_schema.schema.properties), ['name', 'age'])
  assert.equal((await program.checkReceipts()).length, 4)
  program.compare({ 'several turns with tools': 'works', 'JSON by a schema': 'works' })
})
