import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp'
import { startBudget } from '../../schema/budget.ts'
import { missedBy } from '../../schema/missed.ts'
import { readSchema } from '../../schema/read.ts'
import { writeSchema } from '../../schema/write.ts'
import { Refused } from '../refused.ts'
import { startRules } from './rules.ts'
import { budgeted, schemaRule } from './schema.ts'

let llama: Llama
before(async () => {
  const logLevel = LlamaLogLevel.error
  llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel, progressLogs: false })
})
after(() => llama.dispose())

const small = fc.integer({ min: -3, max: 6 })
const count = fc.integer({ min: 0, max: 3 })
const number = fc.oneof(small, fc.constantFrom(0.5, -0.25, 1.75, 2.5, 0.125))
const text = fc.string({ unit: fc.constantFrom(...'abc1-é"\\\n '), maxLength: 4 })
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.oneof(fc.constantFrom(null, true, false), number, text),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '1'), tie('value'), { noNullPrototype: true }),
  ),
}))
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, requiredKeys: (keyof T)[] = []) =>
  fc.record(model, { requiredKeys, noNullPrototype: true })

const { schema } = fc.letrec<{ schema: object; map: object }>(tie => ({
  map: fc.dictionary(fc.constantFrom('a', 'b', 'c', '1'), tie('schema'), { noNullPrototype: true, maxKeys: 3 }),
  schema: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant({}),
    optional({ type: fc.constantFrom('null', 'boolean', 'string', 'number', 'integer') }, ['type']),
    optional(
      {
        type: fc.constantFrom('number', 'integer'),
        minimum: number,
        maximum: number,
        exclusiveMinimum: number,
        exclusiveMaximum: number,
        multipleOf: fc.constantFrom(1, 0.5, 0.1, 0.01, 2),
      },
      ['type'],
    ),
    optional(
      {
        type: fc.constant('string'),
        minLength: count,
        maxLength: count,
        pattern: fc.constantFrom('^a', 'b|c$', '^[a-c]*$', '[^a]', '^(?!b).*$', '1{2}', '^.+$'),
      },
      ['type'],
    ),
    optional(
      {
        type: fc.constant('array'),
        items: tie('schema'),
        prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        minItems: count,
        maxItems: count,
      },
      ['type'],
    ),
    optional(
      {
        type: fc.constant('object'),
        properties: tie('map'),
        required: fc.subarray(['a', 'b', '1'], { minLength: 1 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        minProperties: count,
        maxProperties: count,
        propertyNames: fc.constantFrom({ pattern: '^[a-c]$' }, { maxLength: 1 }, {}),
      },
      ['type'],
    ),
    fc.record({ enum: fc.array(value, { minLength: 1, maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ const: value }, { noNullPrototype: true }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }, { noNullPrototype: true }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }, { noNullPrototype: true }),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => ({ ...a, anyOf: [b, { type: 'string' }] })),
    fc.record({ $ref: fc.constantFrom('#/$defs/one', '#/$defs/two', '#') }, { noNullPrototype: true }),
  ),
}))

/** A value that has a good chance of being what a schema describes. */
function near(node: Record<string, unknown>, pick: <T>(list: readonly T[]) => T, depth = 0): unknown {
  if (depth > 5) return null
  const again = (one: unknown) => near(one as Record<string, unknown>, pick, depth + 1)
  if (Array.isArray(node['enum'])) return pick(node['enum'])
  if ('const' in node) return node['const']
  if (Array.isArray(node['anyOf'])) return again(pick(node['anyOf']))
  if (Array.isArray(node['allOf'])) return again(pick(node['allOf']))
  if (node['type'] === 'null') return null
  if (node['type'] === 'boolean') return pick([true, false])
  if (node['type'] === 'string') return pick(['', 'a', 'b', 'ab', 'abc', '11', 'a1', 'bé', '"', 'c\n'])
  if (node['type'] === 'number') return pick([0, 1, -1, 0.5, 0.51, 1.75, 2, 5, -0.25, 0.125])
  if (node['type'] === 'integer') return pick([0, 1, -1, 2, 3, 6, -3])
  if (node['type'] === 'array') {
    const first = (node['prefixItems'] as unknown[] | undefined) ?? []
    return [...first.map(again), ...pick([[], [0], [0, 0], [0, 0, 0]]).map(() => again(node['items'] ?? {}))]
  }
  if (node['type'] === 'object') {
    const names = Object.keys((node['properties'] as object | undefined) ?? {})
    const all = pick([names, [...names, 'a'], names.slice(1), [...names, 'a', 'b'], ['a', 'b', '1']])
    const others = typeof node['additionalProperties'] === 'object' ? node['additionalProperties'] : {}
    const properties = (node['properties'] ?? {}) as Record<string, unknown>
    return Object.fromEntries(all.map(name => [name, again(properties[name] ?? others)]))
  }
  return pick([null, 1, 'a', [], {}, [1], { a: 1 }])
}

/** The validator follows a reference that comes back to itself until its stack ends; of such a schema it says nothing. */
function holds(valid: (value: unknown) => boolean, candidate: unknown): boolean {
  try {
    return valid(candidate)
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

const validator = () => new Ajv2020({ strict: false, validateFormats: false, logger: false, multipleOfPrecision: 6 })

test('a schema written anew for an engine lets through what the first does, or says what it does not hold', t => {
  const ajv = validator()
  let whole = 0
  let passed = 0
  let lossy = 0
  fc.assert(
    fc.property(schema, schema, schema, fc.infiniteStream(fc.nat()), (root, one, two, numbers) => {
      const given = { ...root, $defs: { one, two } }
      const budget = startBudget()
      let written: ReturnType<typeof writeSchema>
      try {
        const both = () => writeSchema(readSchema(given, 'schema', 'refuse', budget), 'hold', budget)
        written = budgeted('schema', budget, both)
      } catch (error) {
        assert.ok(error instanceof Refused, String(error))
        return
      }
      if (written.lost.length > 0) {
        lossy++
        return
      }
      whole++
      const [first, second] = [ajv.compile(given), ajv.compile(written.schema)]
      const pick = <T>(list: readonly T[]): T => list[numbers.next().value! % list.length]!
      for (let i = 0; i < 12; i++) {
        const candidate = near((i % 2 ? given : written.schema) as Record<string, unknown>, pick)
        if (!holds(second, candidate)) continue
        passed++
        const words = `${JSON.stringify(given)} as ${JSON.stringify(written.schema)} lets ${JSON.stringify(candidate)} through`
        assert.ok(holds(first, candidate), words)
      }
    }),
    { numRuns: 600 },
  )
  t.diagnostic(`${whole} were written whole, ${lossy} with a loss; ${passed} values passed`)
  assert.ok(whole > 100 && lossy > 30 && passed > 300)
})

test('whatever the grammar of a schema lets through, an independent validator finds valid', async t => {
  const ajv = validator()
  let passed = 0
  let read = 0
  await fc.assert(
    fc.asyncProperty(schema, schema, schema, fc.infiniteStream(fc.nat()), async (root, one, two, numbers) => {
      const whole = { ...root, $defs: { one, two } }
      const rules = startRules()
      let body: string
      try {
        body = schemaRule(whole, 'schema', 'refuse', rules)
      } catch (error) {
        assert.ok(error instanceof Refused, String(error))
        return
      }
      read++
      const known = readSchema(whole, 'schema', 'refuse', startBudget())
      const grammar = await llama.createGrammar({ grammar: rules.text(body) })
      const { _testText } = grammar as unknown as { _testText(text: string): boolean }
      const valid = ajv.compile(whole)
      const pick = <T>(list: readonly T[]): T => list[numbers.next().value! % list.length]!
      for (let i = 0; i < 12; i++) {
        const candidate = near(whole as Record<string, unknown>, pick)
        if (!_testText.call(grammar, JSON.stringify(candidate))) continue
        passed++
        const words = `${JSON.stringify(whole)} lets ${JSON.stringify(candidate)} through`
        assert.ok(holds(valid, candidate), words)
        assert.equal(missedBy(candidate, known, 'schema', startBudget()), undefined, words)
      }
    }),
    { numRuns: 1_500 },
  )
  t.diagnostic(`${read} schemas were read, ${passed} values passed`)
  assert.ok(read > 500 && passed > 500)
})
