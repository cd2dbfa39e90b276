import { join } from 'node:path'
import { connect, isDevnet } from '@heddle/chain'
import { announce, openKeystore, openLog, required, runUntilStopped } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { toHeddleError } from '@heddle/protocol'
import { startWorkers } from '@heddle/workloads/workers'
import { startProvider } from './provider.ts'
import { type ProviderSettings, providerKeyNames } from './settings.ts'

/** The provider as a process: its settings come as JSON in HEDDLE_SETTINGS, its passphrase in HEDDLE_PASSPHRASE. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as ProviderSettings
const log = openLog({ name: settings.name, file: join(settings.home, 'log.jsonl') })

try {
  const keys = openKeystore({
    file: join(settings.home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: providerKeyNames,
    devnet: isDevnet(settings.chainId),
  })
  const ledger = await openSqliteLedger(join(settings.home, 'ledger.db'))
  const trades = await startWorkers({ engine: settings.engine, home: settings.home, log })
  const provider = await startProvider({
    name: settings.name,
    port: settings.port,
    client: connect(settings.chainUrl, settings.chainId),
    asset: settings.asset,
    ledger,
    keys,
    trades,
    prices: toAmounts(settings.prices),
    limits: settings.limits,
    exposure: BigInt(settings.exposure),
    minDeposit: BigInt(settings.minDeposit),
    withdrawDelay: settings.withdrawDelay,
    claim: { ...settings.claim, threshold: BigInt(settings.claim.threshold) },
    adminToken: settings.adminToken,
    ...(settings.own ? { own: settings.own } : {}),
    ...(settings.sell === undefined ? {} : { sell: settings.sell }),
    log,
  })
  runUntilStopped({ log, stop: () => provider.stop() })
  announce({ ready: true, port: provider.port, address: provider.address })
} catch (thrown) {
  const error = toHeddleError(thrown)
  log.error('not started', { code: error.code, error: error.message, stack: error.stack })
  announce({ error: error.toJSON() })
  process.exitCode = 1
  setTimeout(() => process.exit(1), 100)
}

function toAmounts(prices: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, BigInt(price)]))
}
