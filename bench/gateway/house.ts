import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
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
  chainId: number
  /** What each side has written and signed so far. */
  counters(): Promise<Record<'gateway' | 'provider', Counters>>
  stop(): Promise<void>
}
export type Counters = { commits: number; groups: number; writes: number; signatures: number; vouchers: number }

/** Who dials the link between gateway and provider: the gateway, or the provider. */
export type BenchWire = 'dialled' | 'dialled-in'

export async function startBenchHouse(
  engineEnv: Readonly<Record<string, string>> = {},
  wire: BenchWire = 'dialled',
  /** Another module than the gateway's own, which starts it, and what it is told. */
  started: { module?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<BenchHouse> {
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
  const gatewayPort = wire === 'dialled-in' ? await freePort() : 0
  const providerSettings: ProviderSettings = {
    ...place,
    ...(wire === 'dialled-in' ? { dial: [`http://127.0.0.1:${gatewayPort}`] } : {}),
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
  const pinned: Address = signerOf(providerKeys.receipt).address
  const gatewaySettings: GatewaySettings = {
    ...place,
    port: gatewayPort,
    home: join(home, 'gateway'),
    providers: [wire === 'dialled-in' ? { pinned } : { endpoint: `http://127.0.0.1:${provider.port}`, pinned }],
    cap: (10n ** 24n).toString(),
    deposit: (10n ** 22n).toString(),
  }
  const gateway = await start('gateway', started.module ?? main('@heddle/gateway/main'), {
    ...started.env,
    HEDDLE_SETTINGS: JSON.stringify(gatewaySettings),
    HEDDLE_PASSPHRASE: PASSPHRASE,
    HEDDLE_API_KEY: API_KEY,
  })
  if (wire === 'dialled-in') await untilAnswers(gateway.port)
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
    chainId: devnet.chainId,
    counters: async () => ({ gateway: await status(gateway), provider: await status(provider) }),
    async stop() {
      for (const one of [gateway, provider, engine]) await one.stop()
      await devnet.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** A provider that dials in comes when it comes. */
async function untilAnswers(port: number): Promise<void> {
  const up = async (): Promise<boolean> => {
    const response = await fetch(`http://127.0.0.1:${port}/heddle/1/providers`, {
      headers: { authorization: 'Bearer admin' },
    })
    const { providers } = (await response.json()) as { providers: { up: boolean }[] }
    return providers.every(one => one.up)
  }
  while (!(await up())) await new Promise(resolve => setTimeout(resolve, 50))
}
