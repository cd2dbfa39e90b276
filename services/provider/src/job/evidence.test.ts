import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqliteLedger, put } from '@heddle/ledger'
import { digestOf, isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { evidenceRow, forgetEvidence, readEvidence } from './evidence.ts'

test('leaves come back as they were kept, for 72 hours, and then no more', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-evidence-'))
  const ledger = await openSqliteLedger(join(directory, 'ledger.db'))
  t.after(async () => {
    await ledger.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const finished = 1_000_000
  const end = finished + 72 * 3_600_000
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }), async leaves => {
      const id = digestOf(`job ${count++}`)
      await ledger.commit(put('evidence', evidenceRow(id, leaves, finished)))
      await forgetEvidence(ledger, end)
      assert.deepEqual(
        (await readEvidence(ledger, id)).map(leaf => [...leaf]),
        leaves.map(leaf => [...leaf]),
      )
    }),
    { numRuns: 50 },
  )
  await forgetEvidence(ledger, end + 1)
  assert.deepEqual(await ledger.read('evidence'), [])
  await assert.rejects(readEvidence(ledger, digestOf('job 0')), error => isHeddleError(error, 'evidence_unknown'))
})
