import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from './pattern.ts'

test('a pattern gives its named parts, decoded, and nothing for another path', () => {
  const match = compile('/heddle/1/channels/:id/voucher')
  assert.deepEqual(match('/heddle/1/channels/0xab/voucher'), { id: '0xab' })
  assert.deepEqual(match('/heddle/1/channels/a%20b/voucher'), { id: 'a b' })
  for (const path of [
    '/heddle/1/channels//voucher',
    '/heddle/1/channels/a/b/voucher',
    '/heddle/1/channels/a/voucher/',
    'x/heddle/1/channels/a/voucher',
    '/heddle/1/channels/%/voucher',
    '/heddle/1/channels/%ff/voucher',
  ]) {
    assert.equal(match(path), undefined, path)
  }
  assert.deepEqual(compile('/a/:x/:y')('/a/1/2'), { x: '1', y: '2' })
  const rest = compile('/models/:id*')
  for (const id of ['a', 'org/name:tag', 'a%2Fb', '%ff/..'])
    assert.deepEqual(rest(`/models/${id}`), id === '%ff/..' ? undefined : { id: decodeURIComponent(id) })
  assert.equal(rest('/models/'), undefined)
})

test('characters that mean something in an expression mean themselves in a path', () => {
  assert.deepEqual(compile('/a.b+(c)')('/a.b+(c)'), {})
  assert.equal(compile('/a.b')('/axb'), undefined)
  assert.equal(compile('/a|/b')('/b'), undefined)
})

test('any part without a slash comes back as it was encoded', () => {
  const match = compile('/:one/x/:two')
  const part = fc.string({ minLength: 1, unit: 'grapheme' })
  fc.assert(
    fc.property(part, part, (one, two) => {
      assert.deepEqual(match(`/${encodeURIComponent(one)}/x/${encodeURIComponent(two)}`), { one, two })
    }),
  )
})
