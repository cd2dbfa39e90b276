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
  const { home, chainUrl, engine, prices, exposure, minDeposit, claim, ...plain } = settings
  const keys = openKeystore({
    file: join(home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: providerKeyNames,
    devnet: isDevnet(settings.chainId),
  })
  const ledger = await openSqliteLedger(join(home, 'ledger.db'))
  return startProvider({
    ...plain,
    client: connect(chainUrl, settings.chainId),
    ledger,
    keys,
    trades: await startWorkers({ engine, home, log }),
    prices: toAmounts(prices),
    exposure: BigInt(exposure),
    minDeposit: BigInt(minDeposit),
    claim: { ...claim, threshold: BigInt(claim.threshold) },
    log,
  })
})

function toAmounts(prices: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, BigInt(price)]))
}
