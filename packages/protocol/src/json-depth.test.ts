import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { measureJson, nestsDeeper } from './index.ts'

/** How deep JSON nests, told by its text alone. */
function depthOf(text: string): number {
  let levels = 0
  while (nestsDeeper(text, levels)) levels++
  return levels
}

test('arrays and objects count together, side by side they do not add up', () => {
  for (const [text, depth] of [
    ['7', 0],
    ['', 0],
    ['[]', 1],
    ['[[], [], {}]', 2],
    ['{"a":[{"b":[]}],"c":{}}', 4],
  ] as const)
    assert.equal(depthOf(text), depth, text.slice(0, 80))
})

test('a bracket in a string is no level, however the string is written', () => {
  for (const [text, depth] of [
    ['"[["', 0],
    ['["]", []]', 2],
    [String.raw`["\"[[["]`, 1],
    [String.raw`["\\", [[]]]`, 3],
    [String.raw`["\\\"", "[["]`, 1],
    [String.raw`{"\\[":"\u005b{","}":[]}`, 2],
  ] as const) {
    assert.equal(depthOf(text), depth, text)
    assert.doesNotThrow(() => JSON.parse(text), 'the example is JSON')
  }
})

test('it is the depth of the value, for every value, however it is spaced', () => {
  const deepest = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(deepest)) : 0
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(3), (value, spaces) => {
      assert.equal(depthOf(JSON.stringify(value, undefined, spaces)), deepest(value))
    }),
  )
  const marks = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', 'a') })
  fc.assert(
    fc.property(fc.array(fc.tuple(marks, marks)), entries => {
      const value = entries.map(([name, text]) => ({ [name]: [text] }))
      assert.equal(depthOf(JSON.stringify(value)), deepest(value))
    }),
  )
})

test('names are those of members, of every object, and of nothing else', () => {
  const namesOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0
    const inner = Object.values(value).reduce((sum: number, one) => sum + namesOf(one), 0)
    return inner + (Array.isArray(value) ? 0 : Object.keys(value).length)
  }
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(3), (value, spaces) => {
      assert.equal(measureJson(JSON.stringify(value, undefined, spaces)).names, namesOf(value))
    }),
  )
})
