import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type ChainClient, connect, fund } from '@heddle/chain'
import { type GatewayOptions, startGateway } from '@heddle/gateway'
import { openSqliteLedger } from '@heddle/ledger'
import { type Address, type Clock, given, randomBytes, signerOf } from '@heddle/protocol'
import { stoppingOnce } from '../stopping.ts'
import { folder, quiet, type Stage } from './stage.ts'

export const API_KEY = 'hd-test-key'

/** A gateway's keys, and what they are called in the settings of an own engine. */
export function gatewayKeys() {
  const keys = { payer: randomBytes(32), payerAuthorizer: randomBytes(32), gas: randomBytes(32) }
  const own = {
    payer: signerOf(keys.payer).address,
    payerAuthorizer: signerOf(keys.payerAuthorizer).address,
    reserve: 0,
  }
  return { keys, own }
}

/**
 * The keys that sign jobs, of every gateway that a test has started, by their address: whoever stands between a gateway and its
 * provider asks that one in the gateway's name.
 */
const authorizers = new Map<Address, Uint8Array>()
export const authorizerOf = (peer: Address): Uint8Array => {
  const secret = authorizers.get(peer)
  if (!secret) throw new Error(`${peer} is no gateway of this test`)
  return secret
}

export type GatewayStageOptions = {
  cap?: bigint
  limits?: NonNullable<GatewayOptions['consuming']>['limits']
  queue?: number
  queueWait?: number
  patience?: number
  deposit?: bigint
  unread?: number
  keys?: ReturnType<typeof gatewayKeys>['keys']
  /** Which of the stages are own engines of this gateway. */
  own?: readonly Stage[]
  /** Which of the stages it cannot reach: they dial in. */
  dialsIn?: readonly Stage[]
  /** Another way to the chain, e.g. to one that is down. */
  client?: ChainClient
  /** The folder of a gateway that ran before. */
  directory?: string
  console?: string
  clock?: Clock
  /** What its payer has. */
  funds?: bigint
}

/** A gateway in this process, in front of staged providers. */
export async function startGatewayStage(t: TestContext, stages: readonly Stage[], options: GatewayStageOptions = {}) {
  const directory = options.directory ?? folder(t)
  const { devnet } = stages[0]!
  const keys = options.keys ?? gatewayKeys().keys
  authorizers.set(signerOf(keys.payerAuthorizer).address, keys.payerAuthorizer)
  const client = options.client ?? connect(devnet.url, devnet.chainId)
  if (!options.client) await fund(devnet.url, devnet.token, signerOf(keys.payer).address, options.funds ?? 1_000_000n)
  if (!options.client) await fund(devnet.url, devnet.token, signerOf(keys.gas).address, 0n)
  const ledger = await openSqliteLedger(join(directory, 'gateway.db'))
  const gateway = await startGateway({
    port: 0,
    client,
    asset: devnet.token,
    ledger,
    keys,
    providers: stages.map(stage => ({
      ...(options.dialsIn?.includes(stage) ? {} : { endpoint: stage.url }),
      pinned: stage.provider.address,
      ...(options.own?.includes(stage) ? { own: true } : {}),
    })),
    apiKey: { key: API_KEY, cap: options.cap ?? 1_000_000n },
    deposit: options.deposit ?? 100_000n,
    consuming: {
      limits: { firstByte: 5_000, ...options.limits },
      ...given({ queue: options.queue, queueWait: options.queueWait, patience: options.patience }),
    },
    ...(options.unread ? { edge: { unread: options.unread } } : {}),
    adminToken: 'admin',
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.console ? { console: options.console } : {}),
    log: quiet,
  })
  const stop = stoppingOnce(t, () => gateway.stop())
  const url = `http://127.0.0.1:${gateway.port}`
  const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    })
  /** Calls as the owner. */
  const admin = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { authorization: 'Bearer admin' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  /** Makes a key; gives what a request with it needs. */
  const key = async (body: Record<string, unknown>): Promise<{ authorization: string }> => {
    const response = await admin('POST', '/heddle/1/admin/keys', { cap: '1000000', ...body })
    const made = (await response.json()) as { key?: string }
    if (!made.key) throw new Error(JSON.stringify(made))
    return { authorization: `Bearer ${made.key}` }
  }
  return { url, ledger, ask, admin, key, stop, directory, keys }
}

export type GatewayStage = Awaited<ReturnType<typeof startGatewayStage>>

export const question = (over: Record<string, unknown> = {}) => ({
  model: 'scripted',
  messages: [{ role: 'user', content: 'weave' }],
  max_tokens: 16,
  ...over,
})

export type Answered = { model: string; heddle: { charge: string; provider: string; receipt: string } }
/** `heddle_code` is ours where `code` is the word of the door's API. */
export type Refused = { error: { code: string; heddle_code?: string; message: string; param?: string | null } }

/** The answer of a request that succeeded. */
export async function answered(response: Response): Promise<Answered> {
  const body = (await response.json()) as Answered & Refused
  if (!response.ok) throw new Error(JSON.stringify(body))
  return body
}

/** The refusal of a request that failed. */
export async function refused(response: Response): Promise<Refused['error'] & { status: number }> {
  const body = (await response.json()) as Refused
  if (response.ok) throw new Error(`not refused: ${JSON.stringify(body)}`)
  return { ...body.error, code: body.error.heddle_code ?? body.error.code, status: response.status }
}
