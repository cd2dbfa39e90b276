import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { keepInFile, type Measured } from './kept.ts'

const measured = (asked: number): Measured => ({
  asked,
  left: 8 - asked,
  found: [
    { distance: { maximum: 1.5, tail: 0.25, mean: 0.125 }, heldOut: false },
    { distance: 'other tokens', heldOut: true },
  ],
})

function fileOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-kept-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'one.part')
}

test('what was measured last of each way is known after a break', t => {
  const file = fileOf(t)
  const kept = keepInFile(file, 'weights')
  assert.equal(kept.get('alone'), undefined)
  kept.set('alone', measured(1))
  kept.set('together', measured(2))
  kept.set('alone', measured(3))
  const again = keepInFile(file, 'weights')
  assert.deepEqual([again.get('alone'), again.get('together')], [measured(3), measured(2)])
  again.remove()
  assert.equal(existsSync(file), false)
})

test('what was measured of anything else, and a line that was torn, are not known', t => {
  const file = fileOf(t)
  keepInFile(file, 'other weights').set('alone', measured(1))
  const kept = keepInFile(file, 'weights')
  assert.equal(kept.get('alone'), undefined)
  kept.set('alone', measured(2))
  appendFileSync(file, '{"of":"weights","way":"alone","asked":9')
  assert.deepEqual(keepInFile(file, 'weights').get('alone'), measured(2))
  keepInFile(file, 'weights').set('alone', measured(4))
  assert.deepEqual(keepInFile(file, 'weights').get('alone'), measured(4))
})
