import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, fund, isDevnet, readTokenBalance } from '@heddle/chain'
import { openKeystore, openLog } from '@heddle/daemon'
import { newKey } from '@heddle/gateway/keys'
import { type GatewaySettings, gatewayKeyNames } from '@heddle/gateway/settings'
import { type ResolvedModel, resolveModel } from '@heddle/inference/models'
import { type Address, HeddleError, type Log, signerOf } from '@heddle/protocol'
import { type ProviderSettings, providerKeyNames } from '@heddle/provider/settings'
import { isAlive, lastRun, type RunFile, randomSecret, removeRunFile, secretFile, writeRunFile } from '../home.ts'
import { openChain } from './chain.ts'
import { type Child, startChild } from './children.ts'
import { terms as usualTerms } from './terms.ts'

export type UpOptions = {
  home: string
  port: number
  providers: number
  model?: string
  /** Another chain than one of this home's own, and the asset to pay in there. */
  chainUrl?: string
  asset?: string
  console?: string
  /** Terms that differ from the usual ones, e.g. a smaller exposure in a test. */
  terms?: Partial<Record<'exposure' | 'deposit' | 'cap', bigint>>
  /** Where the gateway finds a provider, when not at its own address: a test listens in between. */
  route?: (endpoint: string) => Promise<string>
  onProgress?: (progress: { bytes: number; total: number | undefined; rate: number }) => void
  onNotice?: (text: string) => void
}

export type House = { run: RunFile; apiKey: string; model: ResolvedModel; stop(): Promise<void> }

const moduleOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

/** Starts chain, providers and gateway of a home, and keeps them running until `stop`. */
export async function startHouse(options: UpOptions): Promise<House> {
  const { home } = options
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const log = openLog({ name: 'heddle', file: join(home, 'log.jsonl') })
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one()
    removeRunFile(home)
  }
  endLeftovers(home)
  try {
    return await start(options, log, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  options: UpOptions,
  log: Log,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<House> {
  const { home } = options
  const terms = { ...usualTerms, ...options.terms }
  const passphrase = process.env['HEDDLE_PASSPHRASE'] ?? secretFile(home, 'passphrase', randomSecret)
  const apiKey = process.env['HEDDLE_API_KEY'] ?? secretFile(home, 'api-key', newKey)
  const adminToken = randomSecret()
  let note = (): void => undefined
  const [chain, model] = await allSettledOrThrow([
    openChain({ home, url: options.chainUrl, asset: options.asset, log, onRestart: () => note() }).then(opened => {
      stops.push(opened.stop)
      return opened
    }),
    resolveModel({
      directory: join(home, 'models'),
      ...(options.model ? { setting: options.model } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.onNotice ? { onNotice: options.onNotice } : {}),
    }),
  ])
  const place = { chainUrl: chain.url, chainId: chain.chainId, asset: chain.asset }
  const testMoney = isDevnet(chain.chainId)
  const keysOf = <N extends string>(daemon: string, names: readonly N[]) =>
    openKeystore({ file: join(home, daemon, 'keys.json'), passphrase, names, devnet: testMoney })

  const children: { name: string; child: Child }[] = []
  let gateway: Child | undefined
  note = () => {
    if (!gateway) return
    writeRunFile(home, {
      pid: process.pid,
      adminToken,
      chain: { url: chain.url, chainId: chain.chainId, asset: chain.asset, pid: chain.pid() },
      gateway: { url: `http://127.0.0.1:${gateway.ready.port}`, port: gateway.ready.port, pid: gateway.pid() },
      providers: children.map(({ name, child }) => ({
        name,
        url: `http://127.0.0.1:${child.ready.port}`,
        port: child.ready.port,
        address: child.ready.address ?? '',
        pid: child.pid(),
      })),
    })
  }

  const started = await allSettledOrThrow(
    Array.from({ length: options.providers }, async (_, i) => {
      const name = `provider-${i + 1}`
      const keys = keysOf(name, providerKeyNames)
      if (testMoney) await fund(chain.url, chain.asset, signerOf(keys.gas).address, 0n)
      const settings: ProviderSettings = {
        name,
        home: join(home, name),
        port: 0,
        ...place,
        engine: { model, models: join(home, 'models'), concurrency: 2, threads: 1, context: 2048 },
        prices: toText(terms.prices[i % terms.prices.length]!),
        limits: { maxCompletion: 1_024, concurrency: 8, bodyBytes: 1 << 20 },
        exposure: terms.exposure.toString(),
        minDeposit: terms.minDeposit.toString(),
        withdrawDelay: terms.withdrawDelay,
        claim: { ...terms.claim, threshold: terms.claim.threshold.toString() },
        adminToken,
      }
      const module = moduleOf('@heddle/provider/main')
      const child = await startChild({
        name,
        module,
        settings,
        secrets: { HEDDLE_PASSPHRASE: passphrase },
        log,
        onChange: () => note(),
      })
      stops.push(child.stop)
      return { name, child }
    }),
  )
  children.push(...started)

  const payer = signerOf(keysOf('gateway', gatewayKeyNames).payer).address
  const wallet = await readTokenBalance(connect(chain.url, chain.chainId), chain.asset, payer)
  if (testMoney && wallet === 0n) await fund(chain.url, chain.asset, payer, terms.wallet)
  const settings: GatewaySettings = {
    home: join(home, 'gateway'),
    port: options.port,
    ...place,
    providers: await Promise.all(
      children.map(async ({ child }) => {
        const endpoint = `http://127.0.0.1:${child.ready.port}`
        return {
          endpoint: options.route ? await options.route(endpoint) : endpoint,
          pinned: child.ready.address as Address,
        }
      }),
    ),
    cap: terms.cap.toString(),
    deposit: terms.deposit.toString(),
    adminToken,
    ...(options.console ? { console: options.console } : {}),
  }
  gateway = await startChild({
    name: 'gateway',
    module: moduleOf('@heddle/gateway/main'),
    settings,
    secrets: { HEDDLE_PASSPHRASE: passphrase, HEDDLE_API_KEY: apiKey },
    log,
    onChange: () => note(),
  })
  stops.push(gateway.stop)
  note()
  return { run: lastRun(home)!, apiKey, model, stop }
}

/** Waits for all, then throws the first failure: so that what did start is known, and can be stopped. */
async function allSettledOrThrow<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const results = await Promise.allSettled(promises)
  const failed = results.find(result => result.status === 'rejected')
  if (failed) throw (failed as PromiseRejectedResult).reason
  return results.map(result => (result as PromiseFulfilledResult<unknown>).value) as unknown as T
}

const toText = (prices: Readonly<Record<string, bigint>>): Record<string, string> =>
  Object.fromEntries(Object.entries(prices).map(([unit, price]) => [unit, price.toString()]))

/** Ends what a crashed start left behind: only processes that this home wrote down, and that still are what they were. */
function endLeftovers(home: string): void {
  const run = lastRun(home)
  if (!run) return
  if (isAlive(run.pid) && run.pid !== process.pid && commandOf(run.pid).includes('up')) {
    throw new HeddleError('port_taken', `heddle runs already in ${home}, as process ${run.pid}`)
  }
  const { pid } = run.chain
  if (pid && isAlive(pid) && commandOf(pid).includes(`--chain-id ${run.chain.chainId}`)) process.kill(pid, 'SIGKILL')
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
