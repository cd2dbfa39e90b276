import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDevnet } from '@heddle/chain'
import { folder, quiet } from '../faults/stage.ts'
import { openVerifier } from './evm.ts'
import { liveMany } from './tally.ts'

/** A bench has a million of them: `npm run bench -- verdicts`. */
const HISTORIES = 1_000

test('whatever happens to an honest provider, nothing that it signed convicts it, here or on the chain', async t => {
  const devnet = await startDevnet({ directory: join(folder(t), 'chain'), log: quiet })
  t.after(() => devnet.stop())
  const tally = await liveMany(await openVerifier(devnet.url), { from: 1, count: HISTORIES })
  t.diagnostic(JSON.stringify(tally))
  assert.equal(tally.convicted, 0)
  assert.equal(tally.histories, HISTORIES)
  assert.ok(tally.receipts > HISTORIES && tally.onChain > 2 * HISTORIES, JSON.stringify(tally))
})
