import { join } from 'node:path'
import { announce, openLog, required, runUntilStopped } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { toHeddleError } from '@heddle/protocol'
import { startCheckers } from '@heddle/workloads/checkers'
import type { WatcherSettings } from './settings.ts'
import { startWatcher } from './watcher.ts'

/** The watcher as a process: settings as JSON in HEDDLE_SETTINGS, the key of its questions in HEDDLE_API_KEY. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as WatcherSettings
const log = openLog({ name: 'watcher', file: join(settings.home, 'log.jsonl') })

try {
  const { canariesPerHour: perHour } = settings
  const watcher = await startWatcher({
    home: settings.home,
    port: settings.port,
    gateway: settings.gateway,
    adminToken: settings.adminToken,
    ledger: await openSqliteLedger(join(settings.home, 'ledger.db')),
    checkers: await startCheckers(settings.checkers),
    share: settings.share,
    ...(perHour > 0 ? { canaries: { perHour, apiKey: required('HEDDLE_API_KEY') } } : {}),
    log,
  })
  runUntilStopped({ log, stop: () => watcher.stop() })
  announce({ ready: true, port: watcher.port })
} catch (thrown) {
  const error = toHeddleError(thrown)
  log.error('not started', { code: error.code, error: error.message, stack: error.stack })
  announce({ error: error.toJSON() })
  process.exitCode = 1
  setTimeout(() => process.exit(1), 100)
}
