import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EngineEvent } from './event.ts'
import { startJsonEnd } from './json-end.ts'

const said = (text: string): EngineEvent => ({ pieces: [{ text }], tokens: 1 })
const run = (texts: readonly string[]) => {
  const end = startJsonEnd()
  const pieces = texts.flatMap(text => end.take(said(text)).pieces)
  const text = pieces.map(piece => piece.text ?? '').join('')
  return { text, finish: pieces.find(piece => piece.finish)?.finish, ended: end.ended }
}
const blanks = Array.from({ length: 100 }, () => ' \n')

test('a value that is whole ends the answer, soon after only blanks come', () => {
  const { text, finish, ended } = run(['{"c":', '"bl', 'ue"}', ...blanks])
  assert.deepEqual([text.trim(), finish, ended], ['{"c":"blue"}', 'stop', true])
  assert.ok(text.length < 40)
})

test('an engine that ends by itself does, with its own words', () => {
  assert.deepEqual(run(['{}', '\n', '\n']), { text: '{}\n\n', finish: undefined, ended: false })
})

test('whatever value of lists and objects, in whatever parts: never before its end, always after it', () => {
  const value = fc.oneof(
    fc.object(),
    fc.array(fc.anything()),
    fc.array(fc.string({ unit: fc.constantFrom('{', ']', '"', '\\', ' ') })),
  )
  fc.assert(
    fc.property(value, fc.array(fc.nat(), { maxLength: 20 }), fc.nat(4), (one, cuts, indent) => {
      const json = JSON.stringify(one, (_, inner) => (typeof inner === 'bigint' ? 1 : inner), indent)
      const places = [0, ...cuts.map(cut => cut % (json.length + 1)).sort((a, b) => a - b), json.length]
      const parts = places.slice(1).map((to, i) => json.slice(places[i], to))
      assert.deepEqual(run(parts), { text: json, finish: undefined, ended: false })
      const { text, ended } = run([...parts, ...blanks])
      assert.deepEqual([text.trimEnd(), ended], [json, true])
    }),
  )
})

test('blanks inside a value, other values, and what is no JSON end as their engine says', () => {
  for (const texts of [
    ['{"a":', ...blanks, '1}'],
    ['{"a":"', ...blanks, '"}'],
    ['12', ...blanks],
    ['"a"', ...blanks],
    ['{} and', ...blanks],
    ['text', ...blanks],
  ])
    assert.deepEqual(run(texts), { text: texts.join(''), finish: undefined, ended: false }, texts[0])
})
