import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LlamaContext } from 'node-llama-cpp'
import { startPool } from './pool.ts'

/** A context whose sequences are cleared when the test says so. */
function setup() {
  const clearing: (() => void)[] = []
  const getSequence = () => ({ clearHistory: () => new Promise<void>(resolve => clearing.push(resolve)) })
  const context = { getSequence, async dispose() {} } as unknown as LlamaContext
  const pool = startPool(0, 4, async () => context)
  return { pool, clearing }
}

test('jobs wait with their next step while a sequence is given back, so that it never waits for them', async () => {
  const { pool, clearing } = setup()
  const [one, other] = [await pool.acquire(), await pool.acquire()]
  assert.equal(pool.turn(), undefined)
  const released = [pool.release(one), pool.release(other)]
  let stepped = false
  const step = pool.turn()!.then(() => {
    stepped = true
  })
  clearing[0]!()
  await released[0]
  assert.equal(stepped, false, 'the other is still being given back')
  clearing[1]!()
  await Promise.all([...released, step])
  assert.equal(pool.turn(), undefined)
})

test('a change that fails holds nobody up', async () => {
  const { pool } = setup()
  const change = pool.between(() => Promise.reject(new Error('no')))
  const step = pool.turn()
  await assert.rejects(change, /no/)
  await step
  assert.equal(pool.turn(), undefined)
})
