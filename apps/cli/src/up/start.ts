import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, fund, isDevnet, readTokenBalance } from '@heddle/chain'
import { asStorageError, LOOPBACK, localUrl, openKeystore, openLog, type Reach } from '@heddle/daemon'
import { newKey } from '@heddle/gateway/keys'
import { type GatewaySettings, gatewayKeyNames } from '@heddle/gateway/settings'
import { type ResolvedModel, resolveModel } from '@heddle/inference/models'
import { type Address, type Digest, formatUnits, HeddleError, type Log, signerOf } from '@heddle/protocol'
import { type ProviderSettings, providerKeyNames } from '@heddle/provider/settings'
import { call } from '../call.ts'
import {
  isAlive,
  lastRun,
  ledgerFile,
  prepareHome,
  type RunFile,
  randomSecret,
  rememberChain,
  rememberedChain,
  removeRunFile,
  secretFile,
  writeRunFile,
} from '../home/index.ts'
import { type KnownChain, openChain } from './chain.ts'
import { type Child, startChild } from './children.ts'
import type { OwnEngines } from './engine.ts'
import type { Settings } from './options.ts'
import { terms as usualTerms } from './terms.ts'
import { lookAtSellers } from './trade.ts'
import { gatewayTuning, providerTuning } from './tuning.ts'

export type UpOptions = {
  home: string
  port: number
  providers: number
  /** Engines of this machine that answer its owner for nothing, and before anybody who is paid. */
  own?: OwnEngines
  /** Sell what the own engines have to spare, at a port that stays, under a URL where something stands in front of it. */
  sell?: { port?: number; url?: string }
  /** The address at which this house is reached, and by which names and pages. */
  reach?: Reach
  /** What others call the gateway, where something stands before it. */
  publicUrl?: string
  /** Providers elsewhere that the gateway may buy from. */
  buyFrom?: readonly string[]
  model?: string
  /** What else the house was told: secrets and limits. */
  settings?: Partial<Settings>
  /** Another chain than one of this home's own, and the asset to pay in there. */
  chainUrl?: string
  asset?: string
  console?: string
  /** Terms that differ from the usual ones, e.g. a smaller exposure in a test. */
  terms?: Partial<Record<'exposure' | 'deposit' | 'cap', bigint>>
  /** Where the gateway finds a provider, when not at its own address: a test listens in between. */
  route?: (endpoint: string) => Promise<string>
  /** Stops the start. Throws `aborted` then, and leaves no process. */
  signal?: AbortSignal
  onProgress?: (progress: { bytes: number; total: number | undefined; rate: number }) => void
  onNotice?: (text: string) => void
  /** Told what is waited for from now on. */
  onStage?: (words: string) => void
}

/** What runs. `model` is what the first question asks; an engine that runs by itself holds its weights at no path. */
export type House = { run: RunFile; apiKey: string; model: ResolvedModel; stop(): Promise<void> }

/**
 * Jobs that an own engine is given at the same time, where nothing else is said; of them one may be sold, so that the owner
 * never waits for more.
 */
const OWN_PLACES = { 'built-in': 2, other: 4 } as const

/** Tokens of one conversation in the built-in engine, where nothing else is said: each place costs memory by its length. */
const BUILT_IN_CONTEXT = 2_048

type BuiltIn = Exclude<ProviderSettings['engine'], readonly unknown[]>

const moduleOf = (name: string): string => fileURLToPath(import.meta.resolve(name))

/** Starts chain, providers and gateway of a home, and keeps them running until `stop`. */
export async function startHouse(options: UpOptions): Promise<House> {
  const { home } = options
  prepareHome(home)
  const log = openLog({ name: 'heddle', file: join(home, 'log.jsonl') })
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one()
    removeRunFile(home)
  }
  endLeftovers(home)
  try {
    const house = await start(options, log, stops, stop)
    options.signal?.throwIfAborted()
    return house
  } catch (error) {
    await stop()
    if (options.signal?.aborted) throw new HeddleError('aborted', 'stopped while it was starting', { cause: error })
    throw asStorageError(error)
  }
}

async function start(
  options: UpOptions,
  log: Log,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<House> {
  const { home, reach = LOOPBACK, signal } = options
  const stoppable = signal ? { signal } : {}
  const terms = { ...usualTerms, ...options.terms }
  const { settings: told = {} } = options
  const passphrase = told.passphrase ?? secretFile(home, 'passphrase', randomSecret)
  const apiKey = told.apiKey ?? secretFile(home, 'api-key', newKey)
  const adminToken = randomSecret()
  let note = (): void => undefined
  const { own } = options
  options.onStage?.('starting the chain, looking for the model')
  const [chain, built] = await allSettledOrThrow([
    openChain({
      home,
      url: options.chainUrl,
      asset: options.asset,
      log,
      onRestart: () => note(),
      ...stoppable,
      ...(own ? { known: knownChain(home, options) } : {}),
    }).then(opened => {
      stops.push(opened.stop)
      if (!opened.up) options.onNotice?.('The chain does not answer: own engines only, until it does.')
      return opened
    }),
    own === 'built-in' || options.providers > 0 ? resolveBuiltIn(options) : Promise.resolve(undefined),
  ])
  signal?.throwIfAborted()
  // Before the ledgers of this home belong to a chain on which nobody sells.
  const answers = own !== undefined || options.providers > 0
  for (const line of await lookAtSellers(options.buyFrom?.filter(one => !isKey(one)) ?? [], chain, answers))
    options.onNotice?.(line)
  signal?.throwIfAborted()
  if (chain.up) rememberChain(home, { url: chain.url, chainId: chain.chainId, asset: chain.asset })
  const place = { chainUrl: chain.url, chainId: chain.chainId, asset: chain.asset }
  const { publicUrl } = options
  const testMoney = isDevnet(chain.chainId)
  const keysOf = <N extends string>(daemon: string, names: readonly N[]) =>
    openKeystore({ file: join(home, daemon, 'keys.json'), passphrase, names, devnet: testMoney })

  const children: { name: string; own: boolean; child: Child }[] = []
  let gateway: Child | undefined
  note = () => {
    if (!gateway) return
    writeRunFile(home, {
      pid: process.pid,
      adminToken,
      chain: { url: chain.url, chainId: chain.chainId, asset: chain.asset, pid: chain.pid() },
      gateway: {
        url: localUrl(reach, gateway.ready.port),
        ...(publicUrl ? { publicUrl } : {}),
        port: gateway.ready.port,
        pid: gateway.pid(),
      },
      ...(own && own !== 'built-in' ? { engines: own.map(({ kind, url }) => ({ kind, url })) } : {}),
      providers: children.map(({ name, own, child }) => ({
        name,
        own,
        url: localUrl(reach, child.ready.port),
        port: child.ready.port,
        address: child.ready.address ?? '',
        pid: child.pid(),
      })),
    })
  }

  const gatewayKeys = keysOf('gateway', gatewayKeyNames)
  const payer = signerOf(gatewayKeys.payer).address
  const builtIn = (): BuiltIn => ({
    model: built!,
    models: join(home, 'models'),
    concurrency: told.engineConcurrency ?? OWN_PLACES['built-in'],
    threads: told.engineThreads ?? 1,
    context: told.engineContext ?? BUILT_IN_CONTEXT,
    patience: {
      ...(told.engineFirstToken ? { firstTokenMs: told.engineFirstToken } : {}),
      ...(told.engineSilence ? { stallMs: told.engineSilence } : {}),
    },
  })
  const provide = async (
    name: string,
    over: Pick<ProviderSettings, 'engine' | 'prices' | 'limits'> & Partial<ProviderSettings>,
  ): Promise<void> => {
    const keys = keysOf(name, providerKeyNames)
    if (testMoney && chain.up) await fund(chain.url, chain.asset, signerOf(keys.gas).address, 0n)
    const settings: ProviderSettings = {
      name,
      home: join(home, name),
      port: 0,
      reach,
      ...providerTuning(told),
      ...place,
      exposure: terms.exposure.toString(),
      minDeposit: terms.minDeposit.toString(),
      withdrawDelay: terms.withdrawDelay,
      claim: { ...terms.claim, threshold: terms.claim.threshold.toString() },
      adminToken,
      ...over,
    }
    const module = moduleOf('@heddle/provider/main')
    const secrets = { HEDDLE_PASSPHRASE: passphrase }
    const child = await startChild({ name, module, settings, secrets, log, onChange: () => note(), ...stoppable })
    stops.push(child.stop)
    children.push({ name, own: over.own !== undefined, child })
  }
  const limits = { maxCompletion: 1_024, concurrency: 8, bodyBytes: 1 << 20 }
  const asked = Array.from({ length: options.providers }, (_, i) =>
    provide(`provider-${i + 1}`, {
      engine: builtIn(),
      prices: toText(terms.prices[i % terms.prices.length]!),
      limits,
    }),
  )
  if (own) {
    const concurrency = told.engineConcurrency ?? OWN_PLACES[own === 'built-in' ? 'built-in' : 'other']
    const payerAuthorizer = signerOf(gatewayKeys.payerAuthorizer).address
    asked.push(
      provide('own', {
        engine: own === 'built-in' ? builtIn() : own,
        prices: toText(terms.prices[0]),
        limits: { ...limits, maxCompletion: 32_768, concurrency },
        own: { payer, payerAuthorizer, reserve: concurrency - 1 },
        sell: options.sell !== undefined,
        ...(options.sell && told.dial ? { dial: told.dial } : {}),
        ...(options.sell?.port === undefined ? {} : { port: options.sell.port }),
        ...(options.sell?.url === undefined ? {} : { reach: { ...reach, url: options.sell.url } }),
      }),
    )
  }
  options.onStage?.('starting the engine, reading and hashing its weights')
  await allSettledOrThrow(asked)
  signal?.throwIfAborted()
  children.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))

  if (testMoney && chain.up) {
    const wallet = await readTokenBalance(connect(chain.url, chain.chainId), chain.asset, payer)
    if (wallet === 0n) {
      await fund(chain.url, chain.asset, payer, terms.wallet)
      if (existsSync(ledgerFile(home, 'gateway')))
        options.onNotice?.(`The wallet was empty: ${formatUnits(terms.wallet)} HED of test money were put into it.`)
    }
    await fund(chain.url, chain.asset, signerOf(gatewayKeys.gas).address, 0n)
  }
  const settings: GatewaySettings = {
    home: join(home, 'gateway'),
    port: options.port,
    ...gatewayTuning(told),
    reach: { ...reach, ...(publicUrl ? { url: publicUrl } : {}) },
    ...place,
    providers: [
      ...(await Promise.all(
        children.map(async ({ own, child }) => {
          const endpoint = localUrl(reach, child.ready.port)
          return {
            endpoint: options.route ? await options.route(endpoint) : endpoint,
            pinned: child.ready.address as Address,
            ...(own ? { own } : {}),
          }
        }),
      )),
      ...(options.buyFrom ?? []).map(one => (isKey(one) ? { pinned: one } : { endpoint: one })),
    ],
    cap: terms.cap.toString(),
    deposit: terms.deposit.toString(),
    adminToken,
    ...(options.console ? { console: options.console } : {}),
  }
  options.onStage?.('starting the gateway, opening channels')
  gateway = await startChild({
    name: 'gateway',
    module: moduleOf('@heddle/gateway/main'),
    settings,
    secrets: { HEDDLE_PASSPHRASE: passphrase, HEDDLE_API_KEY: apiKey },
    log,
    onChange: () => note(),
    ...stoppable,
  })
  stops.push(gateway.stop)
  note()
  const run = lastRun(home)!
  return { run, apiKey, model: built ?? (await firstModel(run, apiKey, options)), stop }
}

/** A provider that cannot be reached and dials in is named by its key. */
const isKey = (seller: string): seller is Address => seller.startsWith('0x')

const resolveBuiltIn = (options: UpOptions): Promise<ResolvedModel> =>
  resolveModel({
    directory: join(options.home, 'models'),
    ...(options.model ? { setting: options.model } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.onNotice ? { onNotice: options.onNotice } : {}),
  })

/** A house that only buys has no model of its own, and perhaps none to buy right now. */
const NO_MODEL: ResolvedModel = { name: '', path: '', digest: '0x', bytes: 0, source: 'nobody' }

/** The first model that can talk. Throws `model_unavailable` where an own engine holds none. */
async function firstModel({ gateway }: RunFile, apiKey: string, { own }: UpOptions): Promise<ResolvedModel> {
  const { data } = await call<{ data: { id: string; heddle?: { digest?: Digest; features?: string[] } }[] }>(
    `${gateway.url}/v1/models`,
    { token: apiKey },
  )
  const model = data.find(({ heddle }) => heddle?.features?.includes('chat') ?? true)
  if (!model && !own) return NO_MODEL
  if (!model) throw new HeddleError('model_unavailable', 'the engine holds no model: give it one first')
  return { name: model.id, path: '', digest: model.heddle?.digest ?? '0x', bytes: 0, source: 'engine' }
}

/** The chain that this home was on last, for when it does not answer now. */
function knownChain(home: string, { chainUrl }: UpOptions): KnownChain | undefined {
  const chain = rememberedChain(home)
  return chain && chain.url === chainUrl ? { chainId: chain.chainId, asset: chain.asset as Address } : undefined
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

/** Throws `house_running` where this very home is lived in already: its port is taken too, and that is not the reason. */
export function requireAlone(home: string): void {
  const run = lastRun(home)
  if (run && isAlive(run.pid) && run.pid !== process.pid && commandOf(run.pid).includes('up'))
    throw new HeddleError('house_running', `heddle runs already in ${home}: ${run.gateway.url}, process ${run.pid}`)
}

/** Ends what a crashed start left behind: only processes that this home wrote down, and that still are what they were. */
function endLeftovers(home: string): void {
  requireAlone(home)
  const run = lastRun(home)
  if (!run) return
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
