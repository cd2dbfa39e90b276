import { join } from 'node:path'
import { type ChainClient, connect } from '@heddle/chain'
import { openKeystore, required } from '@heddle/daemon'
import { type Ledger, openSqliteLedger } from '@heddle/ledger'
import type { Log } from '@heddle/protocol'
import { type Provider, startProvider } from '@heddle/provider'
import { type ProviderSettings, providerKeyNames } from '@heddle/provider/settings'
import type { startWorkers } from '@heddle/workloads/workers'

export const quiet: Log = { info() {}, warn() {}, error() {} }

/** The keys of this host. */
export const keysOf = ({ home }: ProviderSettings) =>
  openKeystore({
    file: join(home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: providerKeyNames,
    devnet: true,
  })

/** A provider as it always starts, but for its workers and what it sees of the chain: whoever runs a host runs what it likes on it. */
export async function startCheating(
  settings: ProviderSettings,
  trades: Awaited<ReturnType<typeof startWorkers>>,
  ledger?: Ledger,
  client: ChainClient = connect(settings.chainUrl, settings.chainId),
): Promise<Provider> {
  const { exposure, minDeposit, claim, prices, ...rest } = settings
  return startProvider({
    ...rest,
    client,
    ledger: ledger ?? (await openSqliteLedger(join(settings.home, 'ledger.db'))),
    keys: keysOf(settings),
    trades,
    prices: Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, BigInt(price)])),
    exposure: BigInt(exposure),
    minDeposit: BigInt(minDeposit),
    claim: { ...claim, threshold: BigInt(claim.threshold) },
    log: quiet,
  })
}
