import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askChat, errorOf, hello } from '../../testing/door.ts'

const formatted = (schema: unknown) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
})

test('a schema that nobody could be held to is refused by the name it has in the request, before anybody is asked', async () => {
  const { post } = askChat()
  const at = 'response_format.json_schema.schema'
  const cases: [unknown, string][] = [
    [{ type: 'string', pattern: '^*$' }, `${at}.pattern`],
    [{ type: 'object', properties: { a: { $ref: 'file:///etc/passwd' } } }, `${at}.properties.a.$ref`],
    [{ type: 'array', items: {}, minItems: 1_000_000 }, `${at}.minItems`],
    [{ type: 5 }, `${at}.type`],
  ]
  for (const [schema, param] of cases) {
    const { status, ...answer } = await post({ ...hello, ...formatted(schema) })
    assert.equal(status, 400)
    assert.equal(errorOf(answer)['param'], param)
    assert.ok(String(errorOf(answer)['message']).includes(param))
  }
})

test('what only describes is passed over, and named', async () => {
  const { post } = askChat()
  const body = { ...hello, ...formatted({ type: 'string', format: 'colour', 'x-hint': 1 }) }
  const { status, json } = await post(body)
  assert.equal(status, 200)
  const at = 'response_format.json_schema.schema'
  assert.deepEqual((json as { heddle: { unused: string[] } }).heddle.unused, [`${at}.x-hint`, `${at}.format`])
  const strict = await post(body, undefined, { 'heddle-strict': 'true' })
  assert.equal(strict.status, 400)
})
