import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderedText } from '@heddle/protocol'
import fc from 'fast-check'
import { startSchemas } from './schemas.ts'

/** Classes of hundreds of intervals in a few characters, and what could multiply them. */
const LETTERS = '\\p{L}'
const answer = (schema: unknown) => ({ type: 'schema', schema: JSON.stringify(schema) }) as const
const written = (schema: unknown): string => {
  try {
    return orderedText(startSchemas().answer(answer(schema)))
  } catch {
    return ''
  }
}
const grammarOf = (schema: unknown): string => {
  try {
    return startSchemas().grammar(answer(schema))
  } catch {
    return ''
  }
}
const told = (schema: unknown): string =>
  orderedText(startSchemas().parameters({ name: 't', parameters: JSON.stringify(schema) }, 0))
const texts = (pattern: string, many: number) => ({
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: many }, (_, i) => [`p${i}`, { type: 'string', pattern }])),
})
/** Lists whose first item is said, and of which there must be many: each level multiplies the one inside. */
const nested = (depth: number, minItems: number): unknown =>
  depth === 0 ? { type: 'null' } : { type: 'array', prefixItems: [{}], minItems, items: nested(depth - 1, minItems) }

const GROWING: Readonly<Record<string, unknown>> = {
  'one class after another': { type: 'string', pattern: `^${LETTERS.repeat(680)}$` },
  'in many properties': texts(`^${LETTERS.repeat(180)}$`, 60),
  'excluded and combined': texts('[^\\p{L}a][^\\P{L}b][\\P{L}\\p{M}]', 900),
  'each class another': {
    type: 'string',
    pattern: `^${Array.from({ length: 300 }, (_, i) => `[^\\p{L}${String.fromCharCode(0x4e00 + i)}]`).join('')}$`,
  },
  'many times many': { type: 'string', pattern: `^((${LETTERS}{64}){64})*$` },
  'lists of lists': nested(4, 60),
  'values, each once': {
    type: 'array',
    uniqueItems: true,
    items: { enum: Array.from({ length: 64 }, (_, i) => `${i}${'x'.repeat(1_000)}`) },
  },
}

for (const [name, schema] of Object.entries(GROWING))
  test(`what is written is bounded by what was read: ${name}`, () => {
    const { length } = JSON.stringify(schema)
    assert.ok(written(schema).length <= 20_000 + 10 * length, `schema: ${written(schema).length} of ${length}`)
    assert.ok(grammarOf(schema).length <= 260_000 + 24 * length, `grammar: ${grammarOf(schema).length} of ${length}`)
    assert.ok(told(schema).length <= 20_000 + 10 * length)
  })

test('a class of Unicode stands once in a grammar, however often it is named', () => {
  const once = grammarOf({ type: 'string', pattern: `^${LETTERS}$` })
  const often = grammarOf({ type: 'string', pattern: `^${LETTERS.repeat(100)}$` })
  assert.ok(once.length > 1_000 && often.length < once.length + 100 * 20, `${once.length}, ${often.length}`)
})

test('a name of letters is held, in a schema and in a grammar', () => {
  const name = { type: 'string', pattern: "^\\p{L}[\\p{L} '-]*$" }
  assert.match(written(name), /"pattern":"\^\[A-Za-z/)
  assert.ok(grammarOf(name).length > 1_000)
})

test('of a schema that is only told, a pattern that grows is left out: the model reads about what was sent', () => {
  assert.equal(told(texts(LETTERS, 1)), '{"type":"object","properties":{"p0":{"type":"string"}}}')
  assert.match(told(texts('^[a-z]+$', 1)), /"pattern":"\^\[a-z\]\+\$"/)
})

test('whatever classes and counts are put together, nothing grows beyond its bounds', () => {
  const piece = fc.constantFrom(
    ...['\\p{L}', '\\P{Lu}', '[^\\p{N}x]', '[\\p{L}\\p{M}-]', 'a', '.', '\\d', '(?:\\p{Ll}|b)'],
    ...['(\\p{L}a){2,9}', '\\p{Lo}{40}', '\\w', '\\p{S}*', '[^a]'],
  )
  const pattern = fc.array(piece, { minLength: 1, maxLength: 120 }).map(pieces => `^${pieces.join('')}$`)
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), patterns => {
      const schema = {
        type: 'object',
        properties: Object.fromEntries(patterns.map((one, i) => [`p${i}`, { type: 'string', pattern: one }])),
      }
      const { length } = JSON.stringify(schema)
      assert.ok(written(schema).length <= 20_000 + 10 * length)
      assert.ok(grammarOf(schema).length <= 260_000 + 24 * length)
    }),
    { numRuns: 20 },
  )
})
