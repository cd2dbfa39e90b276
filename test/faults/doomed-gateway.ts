import { join } from 'node:path'
import { connect } from '@heddle/chain'
import { required, runDaemon } from '@heddle/daemon'
import { startGateway } from '@heddle/gateway'
import { openSqliteLedger } from '@heddle/ledger'
import { type Address, fromHex, type Hex } from '@heddle/protocol'
import { API_KEY } from './gateway-stage.ts'
import { quiet } from './stage.ts'

/** A gateway as a process of its own, for tests that kill it. */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as {
  directory: string
  chain: { url: string; chainId: number; asset: Address }
  keys: Record<'payer' | 'payerAuthorizer' | 'gas', Hex>
  providers: { endpoint: string; pinned: Address }[]
  cap: string
}
const { directory, chain, keys, providers, cap } = settings
await runDaemon(quiet, async () =>
  startGateway({
    port: 0,
    client: connect(chain.url, chain.chainId),
    asset: chain.asset,
    ledger: await openSqliteLedger(join(directory, 'gateway.db')),
    keys: {
      payer: fromHex(keys.payer),
      payerAuthorizer: fromHex(keys.payerAuthorizer),
      gas: fromHex(keys.gas),
    },
    providers,
    apiKey: { key: API_KEY, cap: BigInt(cap) },
    deposit: 100_000n,
    adminToken: 'admin',
    log: quiet,
  }),
)
