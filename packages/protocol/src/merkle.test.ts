import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fromHex, toHex, utf8 } from './bytes.ts'
import { digestOf } from './digest.ts'
import { merklePath, merkleRoot, rootFromPath } from './merkle.ts'

/** The inputs and roots of Certificate Transparency's reference tree. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  hex => fromHex(`0x${hex}`),
)
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test("the roots of Certificate Transparency's reference tree", () => {
  for (const [i, root] of roots.entries()) assert.equal(merkleRoot(inputs.slice(0, i + 1)), `0x${root}`)
})

test('a lone leaf is its own root: sha256 of 0x00 and the leaf', () => {
  assert.equal(merkleRoot([utf8('a')]), digestOf(Uint8Array.of(0, 0x61)))
  assert.deepEqual(merklePath([utf8('a')], 0), { index: 0, size: 1, siblings: [] })
})

const treeOf = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => utf8(`leaf ${i}`))

test('every path of every tree of 1 to 40 leaves leads to the root', () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = treeOf(size)
    const root = merkleRoot(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const path = merklePath(leaves, index)
      assert.equal(rootFromPath(leaf, path), root)
      assert.ok(path.siblings.length <= Math.ceil(Math.log2(size)))
    }
  }
})

test('a wrong leaf, index, sibling, and one sibling more or fewer never lead to the root', () => {
  for (let size = 1; size <= 40; size++) {
    const leaves = treeOf(size)
    const root = merkleRoot(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const path = merklePath(leaves, index)
      const { siblings } = path
      assert.notEqual(rootFromPath(utf8('another leaf'), path), root)
      for (let other = 0; other < size; other++) {
        if (other !== index) assert.notEqual(rootFromPath(leaf, { ...path, index: other }), root)
      }
      assert.equal(rootFromPath(leaf, { ...path, siblings: [...siblings, root] }), undefined)
      if (size > 1) assert.equal(rootFromPath(leaf, { ...path, siblings: siblings.slice(1) }), undefined)
      for (const at of siblings.keys()) {
        const wrong = siblings.with(at, digestOf(utf8('wrong')))
        assert.notEqual(rootFromPath(leaf, { ...path, siblings: wrong }), root)
      }
    }
  }
})

test('a size too small for the index, or that is no size, leads nowhere', () => {
  const leaves = treeOf(5)
  const path = merklePath(leaves, 3)
  for (const [index, size] of [
    [3, 3],
    [3, 2],
    [-1, 5],
    [0.5, 5],
    [3, Number.NaN],
    [3, Number.POSITIVE_INFINITY],
    [0, 0],
    [3, 2 ** 60],
  ] as const) {
    assert.equal(rootFromPath(leaves[3]!, { ...path, index, size }), undefined)
  }
})

test('a leaf never passes as an inner node', () => {
  const [a, b, c, d] = treeOf(4).map(leaf => merkleRoot([leaf])) as [string, string, string, string]
  const root = merkleRoot(treeOf(4))
  const inner = fromHex(`0x${a.slice(2)}${b.slice(2)}`)
  const right = toHex(fromHex(`0x${c.slice(2)}${d.slice(2)}`))
  assert.notEqual(merkleRoot([inner, fromHex(right)]), root)
})

test('roots of different batches differ', () => {
  const leaf = fc.uint8Array({ maxLength: 4 })
  const batch = fc.array(leaf, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(batch, batch, (one, two) => {
      const same = one.map(toHex).join() === two.map(toHex).join() && one.length === two.length
      assert.equal(merkleRoot(one) === merkleRoot(two), same)
    }),
  )
})
