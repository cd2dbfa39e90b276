import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp'
import { Refused } from '../refused.ts'
import { startRules } from './rules.ts'
import { type Strictness, schemaRule } from './schema.ts'

let llama: Llama
before(async () => {
  const logLevel = LlamaLogLevel.error
  llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel, progressLogs: false })
})
after(() => llama.dispose())

/** llama.cpp's own verdict on which values a schema's grammar lets through. */
async function grammarOf(schema: unknown, strictness: Strictness = 'refuse') {
  const rules = startRules()
  const grammar = await llama.createGrammar({ grammar: rules.text(schemaRule(schema, 'schema', strictness, rules)) })
  const { _testText } = grammar as unknown as { _testText(text: string): boolean }
  return (value: unknown) => _testText.call(grammar, JSON.stringify(value))
}

const person = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 5 },
    age: { type: 'integer', minimum: 0, maximum: 120 },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1, maxItems: 2 },
  },
  required: ['name'],
  additionalProperties: false,
}
const tree = {
  $ref: '#/$defs/node',
  $defs: { node: { type: 'object', properties: { left: { $ref: '#/$defs/node' }, value: { type: 'number' } } } },
}
const shapes = {
  oneOf: [
    { type: 'object', properties: { kind: { const: 'dot' } }, required: ['kind'] },
    {
      type: 'object',
      properties: { kind: { const: 'line' }, length: { type: 'number' } },
      required: ['kind', 'length'],
    },
  ],
}

test('values that satisfy a schema pass, others do not', async () => {
  const table: [schema: unknown, passes: unknown[], fails: unknown[]][] = [
    [
      person,
      [
        { name: 'Ann' },
        { name: 'Ann', age: 0 },
        { name: 'é🙂"\n', age: 120, tags: ['a', 'b'] },
        { name: 'x', tags: ['b'] },
      ],
      [
        {},
        { age: 1 },
        { name: '' },
        { name: 'Annika' },
        { name: 'A', age: 121 },
        { name: 'A', age: -1 },
        { name: 'A', age: 1.5 },
      ].concat([
        { name: 'A', tags: [] } as never,
        { name: 'A', tags: ['c'] } as never,
        { name: 'A', more: 1 } as never,
      ]),
    ],
    [tree, [{}, { value: -1.5 }, { left: { left: {}, value: 2 }, value: 1e-7 }], [{ left: 1 }, { other: 1 }, []]],
    [shapes, [{ kind: 'dot' }, { kind: 'line', length: 3 }], [{ kind: 'line' }, { kind: 'other' }]],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, ['a', null], [1, {}]],
    [{ type: ['integer', 'boolean'] }, [7, -7, 0, true], ['7', 1.5, null]],
    [{ const: { a: [1, 'é'] } }, [{ a: [1, 'é'] }], [{ a: [1] }]],
    [{ enum: ['a', 1, null, 'é'], type: ['string', 'null'] }, ['a', null, 'é'], [1, 'b']],
    [
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      [['a', 1]],
      [['a'], [1, 'a'], ['a', 1, 2]],
    ],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, [{}, { a: 1, b: 2 }], [{ a: 'b' }]],
    [{ type: 'object', required: ['a'] }, [{ a: [null] }], [{}]],
    [{ type: 'string', format: 'date' }, ['2026-02-28', '2026-12-31'], ['2026-02-30', '2026-04-31', '2026-13-01', 'x']],
    [{ type: 'string', format: 'date-time' }, ['2026-01-31T23:59:59Z', '2026-01-01T00:00:00.5+02:00'], ['2026-01-31']],
    [{ type: 'number', minimum: -2, maximum: 1 }, [-2, -1.5, 0, 0.99, 1], [-2.5, 1.1, 2]],
    [{ allOf: [{ type: 'null' }] }, [null], [0]],
    [{}, [null, 1, 'a', [{}], { a: [true] }], []],
    [true, [null, [1]], []],
  ]
  for (const [schema, passes, fails] of table) {
    const allows = await grammarOf(schema)
    for (const value of passes)
      assert.ok(allows(value), `${JSON.stringify(schema)} lets ${JSON.stringify(value)} through`)
    for (const value of fails)
      assert.ok(!allows(value), `${JSON.stringify(schema)} holds ${JSON.stringify(value)} back`)
  }
})

test('a range of integers is exactly that range', async () => {
  const near = fc.integer({ min: -1_200, max: 1_200 })
  const ranges = fc.tuple(near, near).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))
  await fc.assert(
    fc.asyncProperty(ranges, fc.array(near, { minLength: 20 }), async ({ min, max }, values) => {
      const allows = await grammarOf({ type: 'integer', minimum: min, exclusiveMaximum: max + 1 })
      for (const value of [...values, min - 1, min, max, max + 1])
        assert.equal(allows(value), value >= min && value <= max, `${value} in ${min}..${max}`)
    }),
    { numRuns: 60 },
  )
})

test('any subset of optional properties passes, in their order, with all that are required', async () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  await fc.assert(
    fc.asyncProperty(fc.subarray(names), fc.array(fc.subarray(names), { minLength: 5 }), async (required, given) => {
      const properties = Object.fromEntries(names.map(name => [name, { type: 'null' }]))
      const allows = await grammarOf({ type: 'object', properties, required })
      for (const some of given) {
        const value = Object.fromEntries(some.map(name => [name, null]))
        assert.equal(
          allows(value),
          required.every(name => some.includes(name)),
          `${JSON.stringify(value)} ${required}`,
        )
      }
    }),
    { numRuns: 60 },
  )
})

test('any JSON passes where a schema says nothing', async () => {
  const allows = await grammarOf({})
  // As models write: without escapes of control characters, which this grammar leaves out, and within 15 digits.
  const text = fc.string({ unit: 'grapheme' }).filter(it => [...it].every(one => one >= ' ' && one !== '\x7f'))
  const number = fc.oneof(
    fc.integer(),
    fc.integer().map(it => it / 1_000),
  )
  const { json } = fc.letrec(tie => ({
    json: fc.oneof(
      { depthSize: 'small' },
      text,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('json')),
      fc.dictionary(text, tie('json')),
    ),
  }))
  fc.assert(fc.property(json, value => allows(value)))
})

test('what a grammar cannot promise is refused, naming the keyword by its path', () => {
  const refused: [unknown, string][] = [
    [{ type: 'string', pattern: '^a' }, 'schema.pattern'],
    [{ type: 'object', properties: { a: { type: 'string', format: 'email' } } }, 'schema.properties.a.format'],
    [{ type: 'object', patternProperties: {} }, 'schema.patternProperties'],
    [{ type: 'object', properties: { a: {} }, minProperties: 1 }, 'schema.minProperties'],
    [{ type: 'array', uniqueItems: true }, 'schema.uniqueItems'],
    [{ type: 'array', items: { not: {} } }, 'schema.items.not'],
    [{ type: 'number', exclusiveMinimum: 0 }, 'schema.exclusiveMinimum'],
    [{ type: 'number', minimum: 0.5 }, 'schema.minimum'],
    [{ type: 'integer', multipleOf: 3 }, 'schema.multipleOf'],
    [{ anyOf: [{ type: 'string' }], minLength: 1 }, 'schema.minLength'],
    [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 'schema.oneOf'],
    [{ allOf: [{ type: 'object' }, { type: 'object' }] }, 'schema.allOf'],
    [{ $ref: '#/$defs/none' }, 'schema.$ref'],
    [{ $ref: 'https://example.org/schema' }, 'schema.$ref'],
    [{ $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 'schema.$defs.a.$ref'],
    [{ type: 'string', maxLength: 100_000 }, 'schema'],
    [{ type: 'object', properties: {}, required: ['a'], additionalProperties: false }, 'schema.required'],
    [false, 'schema'],
  ]
  for (const [schema, param] of refused) {
    assert.throws(
      () => schemaRule(schema, 'schema', 'refuse', startRules()),
      error => error instanceof Refused && error.code === 'unsupported_field' && error.param === param,
      JSON.stringify(schema),
    )
  }
  for (const schema of [
    { type: 'text' },
    { enum: [] },
    { properties: [] },
    { type: 'string', minLength: -1 },
    'object',
  ]) {
    assert.throws(
      () => schemaRule(schema, 'schema', 'refuse', startRules()),
      error => error instanceof Refused && error.code === 'bad_request',
      JSON.stringify(schema),
    )
  }
})

test("of a tool's parameters only what cannot be held is left out", async () => {
  const allows = await grammarOf(
    {
      type: 'object',
      properties: { at: { type: 'string', pattern: '^a' }, n: { type: 'integer' } },
      required: ['at'],
      minProperties: 1,
    },
    'relax',
  )
  assert.ok(allows({ at: 'b' }) && allows({ at: 'b', n: 2 }))
  assert.ok(!allows({ n: 2 }) && !allows({ at: 2 }))
})

test('notes in a schema change nothing', async () => {
  const notes = { title: 't', description: 'd', default: 1, examples: [1], $schema: 's', deprecated: true }
  const allows = await grammarOf({ type: 'integer', ...notes })
  assert.ok(allows(3) && !allows('3'))
})
