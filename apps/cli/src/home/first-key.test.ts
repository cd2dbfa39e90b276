import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { firstKey, secretFile } from './index.ts'

function setup(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'heddle-key-'))
  const before = process.env['HEDDLE_API_KEY']
  delete process.env['HEDDLE_API_KEY']
  t.after(() => {
    rmSync(home, { recursive: true })
    if (before !== undefined) process.env['HEDDLE_API_KEY'] = before
  })
  return home
}

test('who only looks for the key makes none, so that the house can be started again', t => {
  const home = setup(t)
  assert.throws(
    () => firstKey(home),
    error => isHeddleError(error, 'key_missing'),
  )
  assert.ok(!existsSync(join(home, 'api-key')))
  assert.equal(
    secretFile(home, 'api-key', () => 'hd-new'),
    'hd-new',
  )
  assert.equal(firstKey(home), 'hd-new')
})

test('the environment says it before the home does', t => {
  const home = setup(t)
  secretFile(home, 'api-key', () => 'hd-kept')
  process.env['HEDDLE_API_KEY'] = 'hd-told'
  t.after(() => delete process.env['HEDDLE_API_KEY'])
  assert.equal(firstKey(home), 'hd-told')
})

test('an empty file of a secret is none', t => {
  const home = setup(t)
  writeFileSync(join(home, 'api-key'), '\n')
  assert.throws(
    () => firstKey(home),
    error => isHeddleError(error, 'key_missing'),
  )
  assert.equal(
    secretFile(home, 'api-key', () => 'hd-new'),
    'hd-new',
  )
  assert.equal(firstKey(home), 'hd-new')
})
