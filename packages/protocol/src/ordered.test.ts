import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { orderedEntries, orderedObject, orderedText, parseOrdered } from './ordered.ts'

test('members keep the order of their text, also where their names look like positions', () => {
  const text = '{"zoo":1,"ant":{"b":[{"10":1,"9":2}],"1":null},"2":"x","-1":0,"01":0}'
  assert.equal(orderedText(parseOrdered(text)), text)
  assert.deepEqual(
    orderedEntries(parseOrdered('{"b":0,"1":0}') as object).map(([name]) => name),
    ['b', '1'],
  )
})

test('a name that is written with escapes is the name that it stands for', () => {
  assert.equal(orderedText(parseOrdered(String.raw`{"b":0,"\u0031":"\u0031:"}`)), '{"b":0,"1":"1:"}')
  assert.equal(orderedText(parseOrdered(String.raw`{"b":0,"1\u0031":0}`)), '{"b":0,"11":0}')
})

test('of a name that is written twice the last value counts, as in JSON.parse', () => {
  assert.deepEqual(parseOrdered('{"1":{"1":1},"1":[2]}'), { 1: [2] })
  assert.equal(orderedText(parseOrdered('{"b":1,"1":2,"b":3}')), '{"b":3,"1":2}')
})

test('no name reaches the prototype', () => {
  const value = parseOrdered('{"1":0,"__proto__":{"evil":1}}') as Record<string, unknown>
  assert.deepEqual(Object.keys(value), ['1', '__proto__'])
  assert.equal(value['evil'], undefined)
})

test('what is no JSON is refused as JSON.parse refuses it', () => {
  for (const text of ['', '{"1":}', '[1,]', '{"1":1} x', "{'1':1}", '{"1":01}'])
    assert.throws(() => parseOrdered(text), SyntaxError, text)
})

test('any JSON is read as JSON.parse reads it, and written in any order it reads the same', () => {
  const name = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('__proto__', 'toString', '"1":'))
  const { json } = fc.letrec(tie => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(one => one + 0),
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.uniqueArray(fc.tuple(name, tie('json')), { selector: ([one]) => one, maxLength: 6 }).map(orderedObject),
    ),
  }))
  fc.assert(
    fc.property(json, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
      const text = orderedText(value)
      assert.equal(orderedText(parseOrdered(text)), text)
      const spaced = JSON.stringify(JSON.parse(text), null, space)
      assert.deepEqual(parseOrdered(spaced), JSON.parse(text))
    }),
    { numRuns: 300 },
  )
})
