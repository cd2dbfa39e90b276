import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refused } from '../engine/refused.ts'
import { Exhausted, startBudget } from './budget.ts'
import { meets } from './meets.ts'
import type { Schema } from './nodes.ts'
import { readSchema } from './read.ts'

const read = (schema: object): Schema => readSchema(schema, 'schema', 'refuse', startBudget())

const allows = (schema: Schema, value: unknown): boolean =>
  meets(value, schema.root, { follow: name => schema.definitions.get(name)!, budget: startBudget() })

test('what is excluded is excluded, and nothing else', () => {
  const cases: [object, unknown[], unknown[]][] = [
    [{ enum: ['a', 'bb', 1, null], not: { type: 'string' } }, [1, null], ['a', 'bb']],
    [{ enum: ['a', 'bb', 1], not: { type: 'string', minLength: 2 } }, ['a', 1], ['bb']],
    [{ anyOf: [{ const: 'a' }, { const: 'b' }], not: { const: 'a' } }, ['b'], ['a']],
    [{ type: ['string', 'integer', 'boolean'], not: { type: 'boolean' } }, ['a', 1], [true]],
    [{ type: ['string', 'integer', 'null'], not: { type: ['string', 'null'] } }, [1], ['a', null]],
    [{ type: ['integer', 'null'], not: { type: 'number' } }, [null], [1]],
    [{ type: ['object', 'array', 'null'], not: { type: 'object' } }, [[], null], [{}]],
    [{ type: ['string', 'null'], not: { enum: [1, 2] } }, ['a', null], [1]],
    [{ type: ['string', 'null'], not: { $ref: '#/$defs/none' }, $defs: { none: { type: 'null' } } }, ['a'], [null]],
  ]
  for (const [schema, right, wrong] of cases) {
    for (const value of right) assert.ok(allows(read(schema), value), `${JSON.stringify([schema, value])} is allowed`)
    for (const value of wrong) assert.ok(!allows(read(schema), value), `${JSON.stringify([schema, value])} is not`)
  }
})

test('a part of a type that cannot be taken away is refused by its path, and never in silence', () => {
  for (const not of [{ enum: [''] }, { type: 'string', pattern: '^a' }, { type: 'string', maxLength: 3 }])
    for (const type of ['string', ['string', 'null'], ['null', 'string', 'number']])
      assert.throws(
        () => read({ type, not }),
        error => error instanceof Refused && error.param === 'schema.not',
        JSON.stringify([type, not]),
      )
  assert.throws(() => read({ type: ['number', 'null'], not: { type: 'integer' } }), Refused)
})

test('what is excluded may refer to itself: that costs too much, and is not followed without an end', () => {
  const $defs = { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }
  assert.throws(() => read({ type: ['string', 'null'], not: { $ref: '#/$defs/a' }, $defs }), Exhausted)
})

const values = [null, true, 0, 1, 1.5, 'a', 'bb', '', [], [1], {}, { a: 1 }]
const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
const simple: fc.Arbitrary<object> = fc.oneof(
  fc.record({ type: fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 4 }) }),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 5 }) }),
  fc.record({ type: fc.constant('string'), minLength: fc.nat(2) }),
  fc.record({ type: fc.constant('number'), minimum: fc.nat(1) }),
)
const some = fc.oneof(simple, fc.record({ anyOf: fc.array(simple, { minLength: 1, maxLength: 3 }) }))

test('whatever is excluded of whatever: what is read allows what the one does and the other does not', () => {
  let told = 0
  fc.assert(
    fc.property(some, some, (schema, not) => {
      let both: Schema
      try {
        both = read({ ...schema, not })
      } catch (error) {
        if (error instanceof Refused) return
        throw error
      }
      told++
      for (const value of values) {
        const right = allows(read(schema), value) && !allows(read(not), value)
        assert.equal(allows(both, value), right, JSON.stringify({ schema, not, value }))
      }
    }),
    { numRuns: 3_000 },
  )
  assert.ok(told > 300, `only ${told} could be told`)
})
