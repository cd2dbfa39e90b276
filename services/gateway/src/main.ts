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
  const keys = openKeystore({
    file: join(settings.home, 'keys.json'),
    passphrase: required('HEDDLE_PASSPHRASE'),
    names: gatewayKeyNames,
    devnet: isDevnet(settings.chainId),
  })
  return startGateway({
    port: settings.port,
    ...(settings.reach ? { reach: settings.reach } : {}),
    ...(settings.edge ? { edge: settings.edge } : {}),
    client: connect(settings.chainUrl, settings.chainId),
    chainLook: settings.chainLook,
    asset: settings.asset,
    ledger: await openSqliteLedger(join(settings.home, 'ledger.db')),
    keys,
    providers: settings.providers,
    apiKey: { key: required('HEDDLE_API_KEY'), cap: BigInt(settings.cap) },
    deposit: BigInt(settings.deposit),
    ...(settings.watcher ? { watcher: settings.watcher } : {}),
    ...(settings.console ? { console: settings.console } : {}),
    ...(settings.ping === undefined ? {} : { ping: settings.ping }),
    ...(settings.limits ? { limits: settings.limits } : {}),
    ...(settings.answers ? { answers: settings.answers } : {}),
    ...(settings.link ? { link: settings.link } : {}),
    ...(settings.queue === undefined ? {} : { queue: settings.queue }),
    ...(settings.queueBytes === undefined ? {} : { queueBytes: settings.queueBytes }),
    ...(settings.queueWait === undefined ? {} : { queueWait: settings.queueWait }),
    ...(settings.patience === undefined ? {} : { patience: settings.patience }),
    ...(settings.unusedChannels ? { unusedChannels: settings.unusedChannels } : {}),
    ...(settings.claimWitnesses === undefined ? {} : { claimWitnesses: settings.claimWitnesses }),
    adminToken: settings.adminToken,
    log,
  })
})
