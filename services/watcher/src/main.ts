import { join } from 'node:path'
import { openLog, required, runDaemon } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { startCheckers } from '@heddle/workloads/checkers'
import { prover } from '@heddle/workloads/proofs'
import type { WatcherSettings } from './settings.ts'
import { startWatcher } from './watcher.ts'

/** The watcher as a process: settings as JSON in HEDDLE_SETTINGS, the key of its questions in HEDDLE_API_KEY. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as WatcherSettings
const log = openLog({ name: 'watcher', file: join(settings.home, 'log.jsonl') })

await runDaemon(log, async () => {
  const { canariesPerHour: perHour, canaryContent: content } = settings
  return startWatcher({
    home: settings.home,
    port: settings.port,
    gateway: settings.gateway,
    adminToken: settings.adminToken,
    ledger: await openSqliteLedger(join(settings.home, 'ledger.db')),
    checkers: await startCheckers(settings.checkers),
    prover,
    share: settings.share,
    ...(perHour > 0 ? { canaries: { perHour, content, apiKey: required('HEDDLE_API_KEY') } } : {}),
    log,
  })
})
