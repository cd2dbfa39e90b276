import { join } from 'node:path'
import { connect, isDevnet } from '@heddle/chain'
import { openKeystore, openLog, required, runDaemon } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { startWorkers } from '@heddle/workloads/workers'
import { startProvider } from './provider.ts'
import { type ProviderSettings, providerKeyNames } from './settings.ts'

/** The provider as a process: its settings come as JSON in HEDDLE_SETTINGS, its passphrase in HEDDLE_PASSPHRASE. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as ProviderSettings
const log = openLog({ name: settings.name, file: join(settings.home, 'log.jsonl') })

await runDaemon(log, async () => {
  const keys = openKeystore({
    file: join(settings.home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: providerKeyNames,
    devnet: isDevnet(settings.chainId),
  })
  const ledger = await openSqliteLedger(join(settings.home, 'ledger.db'))
  const trades = await startWorkers({ engine: settings.engine, home: settings.home, log })
  return startProvider({
    name: settings.name,
    port: settings.port,
    ...(settings.reach ? { reach: settings.reach } : {}),
    ...(settings.edge ? { edge: settings.edge } : {}),
    client: connect(settings.chainUrl, settings.chainId),
    chainLook: settings.chainLook,
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
    ...(settings.ping === undefined ? {} : { ping: settings.ping }),
    ...(settings.own ? { own: settings.own } : {}),
    ...(settings.sell === undefined ? {} : { sell: settings.sell }),
    ...(settings.dial ? { dial: settings.dial } : {}),
    ...(settings.link ? { link: settings.link } : {}),
    ...(settings.queue === undefined ? {} : { queue: settings.queue }),
    ...(settings.queueBytes === undefined ? {} : { queueBytes: settings.queueBytes }),
    ...(settings.queueWait === undefined ? {} : { queueWait: settings.queueWait }),
    ...(settings.counts ? { counts: settings.counts } : {}),
    ...(settings.countsAtOnce ? { countsAtOnce: settings.countsAtOnce } : {}),
    ...(settings.namedChannels === undefined ? {} : { namedChannels: settings.namedChannels }),
    ...(settings.patience === undefined ? {} : { patience: settings.patience }),
    log,
  })
})

function toAmounts(prices: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, BigInt(price)]))
}
