import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openSqliteLedger, put } from '@heddle/ledger'
import { type Digest, digestOf } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { MAX_LIFETIME, Seen } from './seen.ts'

const NOW = 1_800_000_000
const jobUntil = (expires: number) => ({ ...fixture.job, expires })
const idOf = (text: string): Digest => digestOf(text)

test('a job is new once', () => {
  const seen = new Seen({ floor: 0 })
  assert.equal(seen.maybe(idOf('a'), jobUntil(NOW)), false)
  assert.equal(seen.maybe(idOf('a'), jobUntil(NOW)), true)
  assert.equal(seen.maybe(idOf('b'), jobUntil(NOW)), false)
})

async function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-seen-'))
  const ledger = await openSqliteLedger(join(directory, 'ledger.db'))
  t.after(async () => {
    await ledger.close()
    rmSync(directory, { recursive: true, force: true })
  })
  return ledger
}

test('after a restart, what may have been posted before is looked up, and nothing else', async t => {
  const ledger = await setup(t)
  assert.equal((await Seen.open(ledger)).maybe(idOf('a'), jobUntil(NOW)), false)
  const row = { channel: '0xc', apiKey: null, state: 'done', request: '{}', offer: '{}', used: '{}' }
  await ledger.commit(
    put('jobs', { ...row, id: '0x1', output: new Uint8Array(0), started: 1, updated: (NOW - 50) * 1000 }),
    put('jobs', { ...row, id: '0x2', output: new Uint8Array(0), started: 1, updated: NOW * 1000 }),
  )
  const seen = await Seen.open(ledger)
  // The longest life of a job that was posted when the ledger was last written.
  assert.equal(seen.maybe(idOf('old'), jobUntil(NOW + MAX_LIFETIME)), true)
  assert.equal(seen.maybe(idOf('new'), jobUntil(NOW + MAX_LIFETIME + 1)), false)
})
