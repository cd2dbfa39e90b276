import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fund, startDevnet } from '@heddle/chain'
import { openKeystore } from '@heddle/daemon'
import { type GatewaySettings, gatewayKeyNames } from '@heddle/gateway/settings'
import { type Address, signerOf } from '@heddle/protocol'
import { type ProviderSettings, providerKeyNames } from '@heddle/provider/settings'
import { terms } from '../../apps/cli/src/up/terms.ts'
import { type Measured, start } from './processes.ts'

const API_KEY = 'hd-bench'
const PASSPHRASE = 'bench'
const quiet = { info() {}, warn() {}, error() {} }
const toText = (prices: Readonly<Record<string, bigint>>): Record<string, string> =>
  Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, price.toString()]))

/** Gateway and provider as they are shipped, in front of an engine that costs nothing; a real chain behind them. */
export type BenchHouse = {
  gateway: Measured
  provider: Measured
  engine: Measured
  headers: Readonly<Record<string, string>>
  model: string
  /** What each side has written and signed so far. */
  counters(): Promise<Record<'gateway' | 'provider', Counters>>
  stop(): Promise<void>
}
export type Counters = { commits: number; groups: number; writes: number; signatures: number; vouchers: number }

export async function startBenchHouse(engineEnv: Readonly<Record<string, string>> = {}): Promise<BenchHouse> {
  const home = mkdtempSync(join(tmpdir(), 'heddle-gateway-'))
  const devnet = await startDevnet({ directory: join(home, 'chain'), log: quiet })
  const engine = await start('engine', fileURLToPath(new URL('./mock-engine.ts', import.meta.url)), engineEnv)
  const keysOf = <N extends string>(name: string, names: readonly N[]) => {
    mkdirSync(join(home, name), { recursive: true })
    return openKeystore({ file: join(home, name, 'keys.json'), passphrase: PASSPHRASE, names, devnet: true })
  }
  const providerKeys = keysOf('provider', providerKeyNames)
  const gatewayKeys = keysOf('gateway', gatewayKeyNames)
  await fund(devnet.url, devnet.token, signerOf(providerKeys.gas).address, 0n)
  await fund(devnet.url, devnet.token, signerOf(gatewayKeys.payer).address, 10n ** 24n)
  const place = { port: 0, chainUrl: devnet.url, chainId: devnet.chainId, asset: devnet.token, adminToken: 'admin' }
  const providerSettings: ProviderSettings = {
    ...place,
    name: 'provider',
    home: join(home, 'provider'),
    engine: [{ kind: 'openai', url: `http://127.0.0.1:${engine.port}`, concurrency: 64, context: 8_192 }],
    prices: toText(terms.prices[0]),
    limits: { maxCompletion: 1_024, concurrency: 64, bodyBytes: 1 << 20 },
    exposure: terms.exposure.toString(),
    minDeposit: terms.minDeposit.toString(),
    withdrawDelay: terms.withdrawDelay,
    claim: { ...terms.claim, threshold: (10n ** 24n).toString() },
  }
  const main = (name: string): string => fileURLToPath(import.meta.resolve(name))
  const provider = await start('provider', main('@heddle/provider/main'), {
    HEDDLE_SETTINGS: JSON.stringify(providerSettings),
    HEDDLE_PASSPHRASE: PASSPHRASE,
  })
  const gatewaySettings: GatewaySettings = {
    ...place,
    home: join(home, 'gateway'),
    providers: [
      { endpoint: `http://127.0.0.1:${provider.port}`, pinned: signerOf(providerKeys.receipt).address as Address },
    ],
    ...(process.env['HEDDLE_BENCH_WIRE'] === 'link' ? { wire: 'link' as const } : {}),
    cap: (10n ** 24n).toString(),
    deposit: (10n ** 22n).toString(),
  }
  const gateway = await start('gateway', main('@heddle/gateway/main'), {
    HEDDLE_SETTINGS: JSON.stringify(gatewaySettings),
    HEDDLE_PASSPHRASE: PASSPHRASE,
    HEDDLE_API_KEY: API_KEY,
  })
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
  const status = async (daemon: Measured): Promise<Counters> => {
    const response = await fetch(`http://127.0.0.1:${daemon.port}/heddle/1/status`, {
      headers: { authorization: 'Bearer admin' },
    })
    const { ledger, signed } = (await response.json()) as {
      ledger: Omit<Counters, 'signatures' | 'vouchers'>
      signed?: Partial<Counters>
    }
    return { signatures: 0, vouchers: 0, ...ledger, ...signed }
  }
  return {
    gateway,
    provider,
    engine,
    headers,
    model: 'mock-model',
    counters: async () => ({ gateway: await status(gateway), provider: await status(provider) }),
    async stop() {
      for (const one of [gateway, provider, engine]) await one.stop()
      await devnet.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
