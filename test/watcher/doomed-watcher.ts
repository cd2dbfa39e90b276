import { join } from 'node:path'
import { required, runDaemon } from '@heddle/daemon'
import { type Ledger, openSqliteLedger } from '@heddle/ledger'
import { startWatcher } from '@heddle/watcher'
import { prover } from '@heddle/workloads/proofs'
import { quiet } from '../faults/stage.ts'
import { signedDataChecker } from './signed-data.ts'

/**
 * A watcher as a process that kills itself, as `kill -9` would, at the n-th time that it passes a point: `checked`, when
 * a finding was made and not stored; `stored`, when it is on disk and nobody acted on it; `chosen`, when receipts were
 * seen and nothing of that is on disk.
 */
type Doom = { point: 'checked' | 'stored' | 'chosen'; count: number }
const { home, gateway, doom } = JSON.parse(required('HEDDLE_SETTINGS')) as {
  home: string
  gateway: string
  doom?: Doom
}

let passed = 0
const pass = (point: Doom['point']): void => {
  if (doom?.point === point && ++passed === doom.count) process.kill(process.pid, 'SIGKILL')
}

const ledger = await openSqliteLedger(join(home, 'watcher.db'))
const doomed: Ledger = {
  read: ledger.read.bind(ledger),
  onFailure: ledger.onFailure.bind(ledger),
  counters: ledger.counters.bind(ledger),
  close: ledger.close.bind(ledger),
  async commit(...writes) {
    const puts = (table: string) => writes.some(write => 'put' in write && write.put === table)
    if (puts('facts')) pass('chosen')
    await ledger.commit(...writes)
    if (puts('checks')) pass('stored')
  },
}
await runDaemon(quiet, () =>
  startWatcher({
    home,
    port: 0,
    gateway,
    adminToken: 'admin',
    ledger: doomed,
    checkers: [signedDataChecker(() => pass('checked'))],
    prover,
    share: 1,
    poll: 10,
    patience: 20,
    log: quiet,
  }),
)
