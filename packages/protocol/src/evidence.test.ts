import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digestOf, evidenceRoot, isHeddleError, merklePath, merkleRoot, openLeaf, utf8 } from './index.ts'

const isAstray = (error: unknown): boolean => isHeddleError(error, 'evidence_path')
const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => utf8(`leaf ${i}`.repeat(i + 1)))

test('what a receipt names is the root and the size of the tree', () => {
  const leaves = leavesOf(3)
  for (const some of [leaves, leaves.slice(0, 1)]) {
    assert.equal(evidenceRoot(some), digestOf(`{"root":"${merkleRoot(some)}","size":${some.length}}`))
  }
})

test('every leaf opens with its path, and with no other index, size, sibling or leaf', () => {
  const leaves = leavesOf(6)
  const evidence = evidenceRoot(leaves)
  for (const [index, leaf] of leaves.entries()) {
    const path = merklePath(leaves, index)
    assert.deepEqual(openLeaf(evidence, leaf, path), path)
    for (let size = 1; size < 9; size++) {
      for (let other = 0; other < size; other++) {
        if (size === leaves.length && other === index) continue
        assert.throws(() => openLeaf(evidence, leaf, { ...path, index: other, size }), isAstray)
      }
    }
    for (const siblings of [
      path.siblings.slice(1),
      [...path.siblings, path.siblings[0]!],
      path.siblings.toReversed(),
    ]) {
      if (JSON.stringify(siblings) === JSON.stringify(path.siblings)) continue
      assert.throws(() => openLeaf(evidence, leaf, { ...path, siblings }), isAstray)
    }
    for (const [i, other] of leaves.entries())
      if (i !== index) assert.throws(() => openLeaf(evidence, other, path), isAstray)
    assert.throws(() => openLeaf(digestOf('other'), leaf, path), isAstray)
  }
})

test('a path of any shape is refused without another error', () => {
  const leaves = leavesOf(3)
  const evidence = evidenceRoot(leaves)
  fc.assert(
    fc.property(fc.anything(), path => {
      assert.throws(() => openLeaf(evidence, leaves[0]!, path), isAstray)
    }),
  )
  const huge = { index: 0, size: Number.MAX_SAFE_INTEGER, siblings: Array.from({ length: 40 }, () => evidence) }
  assert.throws(() => openLeaf(evidence, leaves[0]!, huge), isAstray)
})
