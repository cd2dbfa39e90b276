import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Door } from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { FEATURES, type Feature } from '../features.ts'
import type { Piece } from '../output.ts'
import { askDoor } from '../testing/door.ts'
import { model } from '../testing/house.ts'

/** What an engine that takes schemas is not held to, each with what does not keep it. */
const beyond: [schema: object, broken: unknown, kept: unknown][] = [
  [{ type: 'number', minimum: 0.5, maximum: 0.75 }, 2, 0.6],
  [{ type: 'number', multipleOf: 0.25, minimum: 0, maximum: 9 }, 0.3, 0.25],
  [{ type: 'string', pattern: '^[a-z]+$', maxLength: 4 }, 'abcdef', 'abc'],
  [{ type: 'string', pattern: '^(?=[a-f]+$)[d-z]+$' }, 'zz', 'de'],
  [{ type: 'string', pattern: '^(?!no)[a-z]+$' }, 'not', 'yes'],
  [{ type: 'string', pattern: '^[a-z]{1200}$' }, 'a', 'a'.repeat(1_200)],
  [{ type: 'string', minLength: 300 }, 'a', 'a'.repeat(300)],
  [{ type: 'string', maxLength: 300 }, 'a'.repeat(301), 'a'],
  [{ type: 'array', items: { type: 'null' }, minItems: 300 }, [null], Array(300).fill(null)],
  [{ type: 'array', items: { type: 'null' }, maxItems: 300 }, Array(301).fill(null), [null]],
  [{ type: 'array', items: { enum: [1, 2] }, uniqueItems: true }, [1, 1], [1, 2]],
  [{ type: 'object', propertyNames: { maxLength: 2 }, additionalProperties: { type: 'null' } }, { abc: null }, {}],
  [{ type: 'object', minProperties: 1, additionalProperties: { type: 'null' } }, {}, { a: null }],
]
const whole = (node: object) => ({ type: 'object', properties: { a: node }, required: ['a'] })

type Api = { path: string; door: Door; at: string; hello: (schema: object) => object; strict?: string }
const apis: Api[] = [
  {
    path: '/v1/chat/completions',
    door: openAiDoor,
    at: 'response_format.json_schema.schema',
    hello: schema => ({
      model: 'toy',
      messages: [{ role: 'user', content: 'hi' }],
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    }),
  },
  {
    path: '/v1/responses',
    door: openAiDoor,
    at: 'text.format.schema',
    hello: schema => ({ model: 'toy', input: 'hi', text: { format: { type: 'json_schema', name: 'x', schema } } }),
  },
  {
    path: '/v1/messages',
    door: anthropicDoor,
    at: 'output_config.format.schema',
    hello: schema => ({
      model: 'toy',
      max_tokens: 99,
      messages: [{ role: 'user', content: 'hi' }],
      output_config: { format: { type: 'json_schema', schema } },
    }),
  },
]

type Note = { unused?: string[]; unmet?: string[] }

/** A house whose engines are all of a kind. */
function askOf({ door, path }: Api, lacking: readonly Feature[], deltas: readonly (string | Piece)[], finish = 'stop') {
  const features = FEATURES.filter(one => !lacking.includes(one))
  const asking = askDoor(door, path, {}, { models: [{ ...model, features }], deltas, settlement: { finish } } as never)
  return {
    ...asking,
    async noteOf(body: object, stream = false): Promise<Note & { headers: Readonly<Record<string, string>> }> {
      const { status, text, json, headers } = await asking.post({ ...body, ...(stream && { stream }) })
      assert.equal(status, 200, text)
      if (!stream) return { ...(json as { heddle: Note }).heddle, headers }
      const events = text.split('\n').filter(line => line.startsWith('data: {'))
      const notes = events.map(
        line => JSON.parse(line.slice(6)) as Record<string, { heddle?: Note }> & { heddle?: Note },
      )
      const found = notes.map(one => one.heddle ?? one['response']?.heddle).find(Boolean)
      assert.ok(found, text)
      return { ...found, headers }
    },
  }
}

for (const api of apis) {
  const { path, at, hello } = api
  const inside = (list: readonly string[] | undefined) =>
    (list ?? []).every(one => one.startsWith(`${at}.properties.a`))

  test(`${path}: what no engine here can hold is named before the answer, and refused where its asker wants all`, async () => {
    for (const [node, , kept] of beyond) {
      const { noteOf, post } = askOf(api, ['grammar'], [JSON.stringify({ a: kept })])
      for (const stream of [false, true]) {
        const { unused, unmet, headers } = await noteOf(hello(whole(node)), stream)
        assert.ok(unused?.length && inside(unused), `${JSON.stringify(node)}: ${unused}`)
        assert.deepEqual(headers['heddle-unused'], unused.join(', '))
        assert.equal(unmet, undefined, `${JSON.stringify(node)} is kept`)
      }
      const strict = await post(hello(whole(node)), undefined, { 'heddle-strict': 'true' })
      assert.equal(strict.status, 400, JSON.stringify(node))
      assert.ok(JSON.stringify(strict.json).includes(`${at}.properties.a`), JSON.stringify(strict.json))
    }
  })

  test(`${path}: where somebody takes grammars the job asks for one, and nothing is passed over`, async () => {
    for (const [node, , kept] of beyond) {
      const { noteOf, asked } = askOf(api, [], [JSON.stringify({ a: kept })])
      const { unused } = await noteOf(hello(whole(node)))
      const { exact } = asked.at(-1)!.question.spec as { exact?: true }
      const unlisted = 'items' in node && 'uniqueItems' in node
      if (!unlisted) assert.equal(unused, undefined, JSON.stringify(node))
      assert.equal(exact, true, JSON.stringify(node))
    }
    const { noteOf, asked } = askOf(api, [], ['{"a":1}'])
    await noteOf(hello(whole({ type: 'integer', minimum: 1 })))
    assert.ok(!('exact' in (asked.at(-1)!.question.spec as object)), 'every engine holds this one')
  })

  test(`${path}: an answer that does not keep its schema says where, whatever its engine promised`, async () => {
    for (const [node, broken] of beyond) {
      const { noteOf } = askOf(
        api,
        [],
        [JSON.stringify({ a: broken }).slice(0, 3), JSON.stringify({ a: broken }).slice(3)],
      )
      for (const stream of [false, true]) {
        const { unmet, headers } = await noteOf(hello(whole(node)), stream)
        assert.ok(unmet?.length === 1 && inside(unmet), `${JSON.stringify(node)}: ${unmet}`)
        if (!stream) assert.equal(headers['heddle-unmet'], unmet[0])
      }
    }
    for (const text of ['no JSON', '', '{"a":']) {
      const { unmet } = await askOf(api, [], [text]).noteOf(hello(whole({})))
      assert.deepEqual(unmet, [at])
    }
  })

  test(`${path}: an answer that was cut is held to nothing`, async () => {
    const { unmet } = await askOf(api, [], ['{"a":'], 'length').noteOf(hello(whole({})))
    assert.equal(unmet, undefined)
  })
}

test('each of several answers is looked at, and an answer of JSON alone is one too', async () => {
  const [chat] = apis
  const deltas = ['{"a":1}', { choice: 1, text: '{"a":"x"}' }]
  const ask = askOf(chat!, [], deltas)
  for (const stream of [false, true]) {
    const body = { ...chat!.hello(whole({ type: 'integer' })), n: 2 }
    assert.deepEqual((await ask.noteOf(body, stream)).unmet, [`${chat!.at}.properties.a`])
  }
  const json = { ...chat!.hello({}), response_format: { type: 'json_object' } }
  assert.deepEqual((await askOf(chat!, [], ['so: {}']).noteOf(json)).unmet, ['response_format'])
  assert.equal((await askOf(chat!, [], ['{}']).noteOf(json)).unmet, undefined)
})

test('strict arguments are looked at as an answer is; those of a tool that is only told are not', async () => {
  const [chat] = apis
  const tool = (name: string, strict: boolean) => ({
    type: 'function',
    function: { name, strict, parameters: whole({ type: 'number', minimum: 0.5 }) },
  })
  const body = { ...chat!.hello({}), response_format: undefined, tools: [tool('told', false), tool('held', true)] }
  const call = (index: number, name: string): Piece => ({
    toolCall: { index, id: `c${index}`, name, arguments: '{"a":0}' },
  })
  const deltas = [call(0, 'told'), call(1, 'held')]
  const at = 'tools[1].function.parameters.properties.a'
  assert.deepEqual((await askOf(chat!, [], deltas).noteOf(body)).unmet, [at])
  const { unused, unmet } = await askOf(chat!, ['grammar'], deltas).noteOf(body)
  assert.deepEqual([unused, unmet], [[at], [at]])
  const eased = await askOf(chat!, ['grammar', 'strict'], deltas).noteOf(body)
  assert.deepEqual([eased.unused, eased.unmet], [['tools[1].function.strict'], undefined])
})

test('a call that was demanded and did not come is told', async () => {
  const [chat] = apis
  const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }]
  const body = { ...chat!.hello({}), response_format: undefined, tools }
  for (const tool_choice of ['required', { type: 'function', function: { name: 'f' } }])
    for (const stream of [false, true]) {
      const said = await askOf(chat!, [], ['I would rather not.']).noteOf({ ...body, tool_choice }, stream)
      assert.deepEqual(said.unmet, ['tool_choice'])
      const called = await askOf(chat!, [], [{ toolCall: { index: 0, id: 'a', name: 'f' } }]).noteOf(
        { ...body, tool_choice },
        stream,
      )
      assert.equal(called.unmet, undefined)
    }
  assert.equal((await askOf(chat!, [], ['Hello.']).noteOf(body)).unmet, undefined)
})
