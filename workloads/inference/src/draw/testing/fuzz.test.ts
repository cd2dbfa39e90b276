import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz.ts'

test('fifty thousand mutated inputs crash nothing, and nothing is taken for what it is not', () => {
  const { inputs, refused, accepted, crashes, falseAccepts, targets } = fuzz({ seed: 1, count: 50_000 })
  assert.equal(inputs, 50_000)
  assert.equal(refused + accepted, inputs)
  assert.deepEqual([crashes, falseAccepts], [0, 0])
  for (const [name, count] of Object.entries(targets)) {
    assert.ok(count.refused > 100 && count.accepted > 5, `${name}: ${JSON.stringify(count)}`)
  }
})

test('the same seed feeds the same inputs, another seed others', () => {
  const run = (seed: number) => fuzz({ seed, count: 3_000 })
  assert.deepEqual(run(5), run(5))
  assert.notDeepEqual(run(5), run(6))
})
