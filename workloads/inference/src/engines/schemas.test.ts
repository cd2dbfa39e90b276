import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, run, setup } from '../testing/engine-worker.ts'
import { ENGINE_KINDS, type EngineKind } from './settings.ts'

const features = ['chat', 'schema', 'tools', 'strict', 'tool_choice', 'reasoning', 'logprobs'] as const
const formatted = (schema: unknown) => chat({ format: { type: 'schema', schema: JSON.stringify(schema) } })
const withTool = (parameters: unknown, strict = false) =>
  chat({ tools: [{ name: 'look', parameters: JSON.stringify(parameters), ...(strict && { strict }) }] })

/** What an engine of a kind was sent for a question. */
async function sentTo(t: Parameters<typeof setup>[0], kind: EngineKind, question: ReturnType<typeof chat>) {
  const { engine, worker } = await setup(t, kind, {}, { features })
  await run(worker, question)
  return engine.questions()[0]!.body as Record<string, unknown> & {
    tools: { function: { parameters: Record<string, unknown> } }[]
  }
}

const killers: [unknown, string][] = [
  [{ type: 'string', pattern: '^*$' }, 'format.schema.properties.a.pattern'],
  [{ type: 'string', pattern: '(?<=x)a' }, 'format.schema.properties.a.pattern'],
  [{ type: 'string', pattern: `^${'('.repeat(20_000)}a${')'.repeat(20_000)}$` }, 'format.schema.properties.a.pattern'],
  [{ $ref: 'file:///etc/passwd' }, 'format.schema.properties.a.$ref'],
  [{ $ref: 'http://127.0.0.1/schema' }, 'format.schema.properties.a.$ref'],
  [{ $ref: '#/definitions/nope' }, 'format.schema.properties.a.$ref'],
  [{ type: 'array', items: { type: 'string' }, minItems: 1_000_000 }, 'format.schema.properties.a.minItems'],
  [{ type: 5 }, 'format.schema.properties.a.type'],
  [{ type: 'array', minItems: -1 }, 'format.schema.properties.a.minItems'],
]

for (const kind of ENGINE_KINDS) {
  test(`${kind}: a schema that could hurt its parser is refused by name, and the engine hears nothing of it`, async t => {
    const { engine, worker } = await setup(t, kind, {}, { features })
    for (const [node, param] of killers) {
      await assert.rejects(run(worker, formatted({ type: 'object', properties: { a: node } })), error => {
        assert.ok(isHeddleError(error) && ['unsupported_field', 'bad_request'].includes(error.code), String(error))
        assert.deepEqual(error.cause, { param })
        return true
      })
    }
    assert.equal(engine.questions().length, 0)
    assert.ok(worker.ready(), 'and it is not down for anybody')
  })

  test(`${kind}: of a tool's parameters what is not understood is left out`, async t => {
    const odd = Object.fromEntries(killers.map(([node], i) => [`p${i}`, node]))
    const parameters = { type: 'object', properties: { at: { type: 'string', description: 'Where.' }, ...odd } }
    const { tools } = await sentTo(t, kind, withTool(parameters))
    const text = JSON.stringify(tools)
    assert.deepEqual(Object.keys(tools[0]!.function.parameters['properties'] as object), ['at', ...Object.keys(odd)])
    assert.ok(text.includes('"description":"Where."'))
    for (const word of ['*$', '?<=', '((', 'passwd', '127.0.0.1', 'nope', '1000000', '-1'])
      assert.ok(!text.includes(word), `${word} in ${text}`)
  })
}

test('a schema keeps its order, and is written in the words that its engine holds', async t => {
  const schema = {
    type: 'object',
    properties: {
      zoo: { type: 'string', pattern: '[0-9]' },
      ant: { $ref: '#/$defs/small', description: 'beside' },
      day: { type: 'string', format: 'date' },
      cost: { type: 'number', exclusiveMinimum: 0 },
    },
    required: ['zoo'],
    $defs: { small: { type: 'integer', exclusiveMaximum: 10 } },
  }
  const ollama = await sentTo(t, 'ollama', formatted(schema))
  const format = ollama['format'] as { properties: Record<string, Record<string, unknown>>; $defs: object }
  assert.deepEqual(Object.keys(format.properties), ['zoo', 'ant', 'day', 'cost'])
  assert.match(String(format.properties['zoo']!['pattern']), /^\^\[.*\]\*\[0-9\]\[.*\]\*\$$/)
  assert.deepEqual(format.properties['ant'], { $ref: '#/$defs/d0' })
  assert.deepEqual(format.$defs, { d0: { type: 'integer', maximum: 9 } })
  assert.match(String(format.properties['day']!['pattern']), /^\^\[0-9\]\{4,4\}/)
  const server = await sentTo(t, 'llama-server', formatted(schema))
  assert.match(String(server['grammar']), /^root ::= "\{" .*\\"zoo\\"/)
  assert.equal(server['response_format'], undefined)
})

test('what a strict tool could not be held to is refused by name; an object is what arguments are', async t => {
  const { worker } = await setup(t, 'vllm', {}, { features })
  await assert.rejects(
    run(worker, withTool({ type: 'object', properties: { a: { type: 'string', pattern: '(a)\\1' } } }, true)),
    error =>
      isHeddleError(error, 'unsupported_field') && error.message.includes('tools.0.parameters.properties.a.pattern'),
  )
  const { tools } = await sentTo(t, 'ollama', withTool({ anyOf: [{ type: 'string' }] }))
  assert.deepEqual(tools[0]!.function.parameters, { type: 'object', properties: {} })
  const any = await sentTo(t, 'ollama', withTool({}))
  assert.deepEqual(any.tools[0]!.function.parameters, { type: 'object' })
})

test('what only a grammar holds goes to engines that take one, as one, and to no other', async t => {
  const exact = chat({
    format: { type: 'schema', schema: '{"type":"number","minimum":0.5,"maximum":0.75}' },
    exact: true,
  })
  const kinds = { 'llama-server': true, openai: true, vllm: false, ollama: false }
  for (const [kind, takes] of Object.entries(kinds) as [EngineKind, boolean][]) {
    const more = takes ? (['grammar'] as const) : []
    const { engine, worker } = await setup(t, kind, {}, { features: [...features, ...more] })
    if (takes) {
      await run(worker, exact)
      assert.match(String((engine.questions()[0]!.body as { grammar?: string }).grammar), /0.*5/, kind)
    } else {
      await assert.rejects(run(worker, exact), error => isHeddleError(error, 'unsupported_by_model'), kind)
      assert.equal(engine.questions().length, 0)
    }
  }
})
