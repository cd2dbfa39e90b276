import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp'
import type { Strictness } from '../../schema/reading.ts'
import { Refused } from '../refused.ts'
import { startRules } from './rules.ts'
import { schemaRule } from './schema.ts'

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
    [
      { allOf: [{ properties: { a: {} } }, { required: ['a'], properties: { b: { type: 'null' } } }] },
      [{ a: 1, b: null }],
      [{ b: null }],
    ],
    [
      { $ref: '#/$defs/a', description: 'beside', $defs: { a: { type: 'string', minLength: 1 } }, maxLength: 2 },
      ['a', 'ab'],
      ['', 'abc'],
    ],
    [{ enum: [1, 2, 'a'], not: { const: 2 } }, [1, 'a'], [2]],
    [{ type: ['string', 'null'], not: { type: 'null' } }, ['a'], [null]],
    [{ type: 'string', pattern: '[0-9]' }, ['a1', '1', '"1\\'], ['a', '']],
    [{ type: 'string', pattern: '^[a-z]+$', maxLength: 3 }, ['abc'], ['', 'abcd', 'A']],
    [{ type: 'string', pattern: '^(?!no)[a-z]+$', minLength: 3 }, ['yes', 'nay'], ['non', 'ye']],
    [{ type: 'string', format: 'email' }, ['a.b+c@example.org'], ['a', 'a@b', '@b.org']],
    [
      { type: 'string', format: 'uri' },
      ['https://example.org/a?b=c#d', 'mailto:a@b.org', 'urn:isbn:1'],
      ['a', '//b', 'http://'],
    ],
    [{ type: 'string', format: 'hostname' }, ['a', 'a-b.example.org'], ['-a', 'a..b', 'a_b']],
    [{ type: 'string', format: 'ipv4' }, ['0.0.0.0', '255.1.10.99'], ['256.0.0.0', '1.2.3', '01.2.3.4']],
    [{ type: 'string', format: 'ipv6' }, ['::1', '1:2:3:4:5:6:7:8', 'fe80::1'], ['1:2', ':::', '1::2::3']],
    [{ type: 'string', format: 'duration' }, ['P1D', 'PT5M', 'P1Y2M3DT4H5M6S', 'P3W'], ['P', 'PT', '1D']],
    [{ type: 'string', format: 'colour', minLength: 1 }, ['red'], ['']],
    [{ type: 'number', exclusiveMinimum: 0 }, [0.001, 1, 1.5, 1e6], [0, -0.5, -1]],
    [{ type: 'number', minimum: 0.5, exclusiveMaximum: 1.25 }, [0.5, 0.75, 1, 1.2, 1.249], [0.49, 1.25, 2]],
    [{ type: 'number', minimum: -1.5, maximum: -0.25 }, [-1.5, -1, -0.3, -0.25], [-1.51, -0.2, 0, 1]],
    [{ type: 'number', exclusiveMaximum: 0 }, [-0.1, -1], [0, 0.1]],
    [{ type: 'number', multipleOf: 0.01 }, [1, 1.5, 1.25, -3.1], [1.255]],
    [{ type: 'integer', multipleOf: 5, minimum: 0, maximum: 20 }, [0, 5, 20], [3, 25]],
    [{ type: 'integer', minimum: 1, exclusiveMinimum: true }, [2], [1]],
    [{ type: 'array', items: { type: 'integer' }, uniqueItems: true, maxItems: 1 }, [[1], []], [[1, 1]]],
    [
      {
        type: 'array',
        items: { $ref: '#/$defs/e' },
        uniqueItems: true,
        minItems: 2,
        $defs: { e: { enum: ['a', 'b', 'c'] } },
      },
      [
        ['a', 'b'],
        ['b', 'c'],
        ['a', 'b', 'c'],
      ],
      [['a'], ['a', 'a'], ['d', 'e']],
    ],
    [
      { type: 'array', items: [{ type: 'null' }], additionalItems: { type: 'integer' }, minItems: 2 },
      [[null, 1]],
      [[null], [1]],
    ],
    [
      {
        type: 'object',
        propertyNames: { pattern: '^[a-z]+$' },
        additionalProperties: { type: 'null' },
        minProperties: 1,
        maxProperties: 2,
      },
      [{ a: null }, { a: null, b: null }],
      [{}, { A: null }, { a: 1 }, { a: null, b: null, c: null }],
    ],
    [
      { type: 'object', patternProperties: { '^x-': { type: 'integer' } } },
      [{}, { 'x-a': 1 }],
      [{ a: 1 }, { 'x-a': 'b' }],
    ],
    [
      { type: 'object', properties: { a: { type: 'null' }, b: { type: 'null' } }, minProperties: 1 },
      [{ a: null }, { a: null, b: null }],
      [{}],
    ],
    [
      { type: 'object', properties: { a: { type: 'null' }, b: { type: 'null' } }, dependentRequired: { a: ['b'] } },
      [{ b: null }, { a: null, b: null }],
      [{ a: null }],
    ],
    [
      {
        type: 'object',
        properties: { a: { type: 'null' }, b: { type: 'null' } },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      },
      [{ a: null }, { b: null }, { a: null, b: null }],
      [{}],
    ],
    [{ type: 'object', properties: { a: { not: {} }, b: { type: 'null' } } }, [{}, { b: null }], [{ a: 1 }]],
    [{ type: 'string', pattern: null, minLength: null, default: null }, ['', 'a'], [1]],
    [
      { enum: ['x'.repeat(40), 'x'.repeat(41), ...Array.from({ length: 300 }, (_, i) => `v${i}`)] },
      ['v0', 'v299', 'x'.repeat(41)],
      ['v', 'v300', 'x'],
    ],
    [
      { type: 'string', minLength: 300, maxLength: 1_000 },
      ['x'.repeat(300), 'x'.repeat(777), 'x'.repeat(1_000)],
      ['x'.repeat(299), 'x'.repeat(1_001)],
    ],
    [
      { type: 'array', items: { type: 'null' }, minItems: 300, maxItems: 302 },
      [Array(300).fill(null), Array(302).fill(null)],
      [Array(299).fill(null), Array(303).fill(null)],
    ],
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
    [{ type: 'string', pattern: '(?<=x)a' }, 'schema.pattern'],
    [{ type: 'string', pattern: '^*$' }, 'schema.pattern'],
    [{ type: 'object', properties: { a: { type: 'string', pattern: '(a)\\1' } } }, 'schema.properties.a.pattern'],
    [{ type: 'string', pattern: `^${'('.repeat(20_000)}a${')'.repeat(20_000)}$` }, 'schema.pattern'],
    [{ type: 'string', pattern: '^(a|b)*a(a|b){20}$' }, 'schema'],
    [{ type: 'string', pattern: '^(?!a)a$' }, 'schema.pattern'],
    [{ type: 'string', pattern: '^(?=x)a$' }, 'schema.pattern'],
    [{ type: 'object', patternProperties: { '^a': {}, '^b': {} } }, 'schema.patternProperties'],
    [{ type: 'object', properties: { a: {} }, minProperties: 2 }, 'schema.minProperties'],
    [{ type: 'array', contains: { type: 'null' } }, 'schema.contains'],
    [{ type: 'array', items: { not: {} }, minItems: 1 }, 'schema.items.not'],
    [{ type: 'array', minItems: 1_000_000 }, 'schema.minItems'],
    [{ type: 'array', items: { type: 'array', items: {}, minItems: 6_000 }, minItems: 6_000 }, 'schema.items'],
    [{ type: 'integer', multipleOf: 3 }, 'schema.multipleOf'],
    [{ type: 'number', not: { const: 1 } }, 'schema.not'],
    [{ if: { type: 'null' } }, 'schema.if'],
    [{ $dynamicRef: '#a' }, 'schema.$dynamicRef'],
    [{ $ref: '#/$defs/none' }, 'schema.$ref'],
    [{ $ref: 'https://example.org/schema' }, 'schema.$ref'],
    [{ $ref: 'file:///etc/passwd' }, 'schema.$ref'],
    [{ $ref: '#/%' }, 'schema.$ref'],
    [{ $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 'schema'],
    [{ $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] } }, $ref: '#/$defs/a' }, 'schema'],
    [{ type: 'object', properties: {}, required: ['a'], additionalProperties: false }, 'schema.required'],
    [{ allOf: [{ type: 'string' }, { type: 'null' }] }, 'schema'],
    [{ type: 'integer', minimum: 2, maximum: 1 }, 'schema'],
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
    { type: 'string', pattern: 5 },
    { type: 'array', prefixItems: 5 },
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
      properties: { at: { type: 'string', pattern: '(?<=a)' }, n: { type: 'integer' }, odd: { type: 5 } },
      required: ['at'],
      if: {},
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
