import { join } from 'node:path'
import { connect, isDevnet } from '@heddle/chain'
import { openKeystore, openLog, required, runDaemon } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { startGateway } from './gateway.ts'
import { type GatewaySettings, gatewayKeyNames } from './settings.ts'

/** The gateway as a process: settings as JSON in HEDDLE_SETTINGS, secrets in HEDDLE_PASSPHRASE and HEDDLE_API_KEY. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as GatewaySettings
const log = openLog({ name: 'gateway', file: join(settings.home, 'log.jsonl') })

await runDaemon(log, async () => {
  const { home, chainUrl, cap, deposit, ...plain } = settings
  const keys = openKeystore({
    file: join(home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: gatewayKeyNames,
    devnet: isDevnet(settings.chainId),
  })
  return startGateway({
    ...plain,
    client: connect(chainUrl, settings.chainId),
    ledger: await openSqliteLedger(join(home, 'ledger.db')),
    keys,
    apiKey: { key: required('HEDDLE_API_KEY'), cap: BigInt(cap) },
    deposit: BigInt(deposit),
    log,
  })
})
