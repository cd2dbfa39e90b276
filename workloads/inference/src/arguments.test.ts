import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wholeArguments } from './arguments.ts'

test('what is an object stays as it is written, and nothing is an empty one', () => {
  for (const text of ['{}', '{"b":1,"a":[2]}', ' {"a": "}"} ']) assert.equal(wholeArguments(text), text)
  for (const text of ['', ' ', '\n']) assert.equal(wholeArguments(text), '{}')
})

test('what was cut is closed where it was cut', () => {
  const cases: [string, string][] = [
    ['{', '{}'],
    ['{"ci', '{}'],
    ['{"city"', '{}'],
    ['{"city":', '{}'],
    ['{"city":"Par', '{"city":"Par"}'],
    ['{"city":"Paris","d', '{"city":"Paris"}'],
    ['{"city":"Paris","days":[1,{"a":tru', '{"city":"Paris","days":[1,{}]}'],
    ['{"a":"x\\', '{"a":"x"}'],
    ['{"a":"x\\\\', '{"a":"x\\\\"}'],
    ['{"a":"x\\u00e', '{"a":"x"}'],
    ['{"a":"x\\ud83d', '{"a":"x"}'],
    ['{"a":1,', '{"a":1}'],
  ]
  for (const [cut, whole] of cases) assert.equal(wholeArguments(cut), whole, cut)
})

test('what is no object is told as the text that it was', () => {
  for (const text of ['Paris', '[1]', '"a"', '{]', '}', '{"a":1}}'])
    assert.deepEqual(JSON.parse(wholeArguments(text)), { text })
})

test('what means an object is one: null, and JSON in a JSON string', () => {
  assert.equal(wholeArguments('null'), '{}')
  assert.equal(wholeArguments('"{}"'), '{}')
  assert.equal(wholeArguments('"{\\"a\\":1}"'), '{"a":1}')
})

test('whatever is cut, wherever: an object that begins as it began', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, length) => {
      const text = JSON.stringify(value)
      const cut = text.slice(0, 1 + (length % text.length))
      const whole = JSON.parse(wholeArguments(cut)) as object
      assert.ok(!Array.isArray(whole) && typeof whole === 'object')
      assert.ok(!('text' in whole) || 'text' in value, `${cut} became ${JSON.stringify(whole)}`)
      for (const name of Object.keys(whole)) assert.ok(name in value, name)
    }),
    { numRuns: 2_000 },
  )
})

test('a long text takes no longer than its length', () => {
  const text = `{"a":"${'\\u00e9"'.repeat(40_000)}`
  assert.equal(typeof wholeArguments(text), 'string')
  assert.equal(typeof wholeArguments('{"a":['.repeat(30_000)), 'string')
})
