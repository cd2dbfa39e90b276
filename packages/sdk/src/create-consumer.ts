import { join } from 'node:path'
import { checkChain, connect } from '@heddle/chain'
import { openSqliteLedger } from '@heddle/ledger'
import type { LinkLimits } from '@heddle/link'
import {
  type Address,
  type Answer,
  fromHex,
  given,
  HeddleError,
  type Hex,
  type Log,
  type Model,
  machineClock,
  type Question,
  type Quote,
  SETTLEMENT_ADDRESS,
  signerOf,
  type Workload,
} from '@heddle/protocol'
import type { Known } from './book.ts'
import { type Consuming, type ConsumingTuning, startConsuming } from './consuming.ts'
import { Dialled, dialProvider } from './dial.ts'
import { openPurse, type Purse } from './purse.ts'

export type CreateConsumerOptions = {
  /** The wallet's secret key, 32 bytes: it owns the money, and signs jobs and vouchers. One program at a time asks with it: two end each other's links. */
  wallet: Hex | Uint8Array
  /** Where payment settles: a node's URL, the chain's number, and the token that pays. */
  chain: { url: string; id: number; token: Address }
  /** Providers' URLs; with a key as well where it is known already, so that nobody else is taken for it. */
  providers: readonly (string | Known)[]
  /** The kinds of work that are known, by name: `workloads` of `@heddle/workloads/workloads`. */
  workloads: ReadonlyMap<string, Workload<unknown>>
  /** A folder for what must not be lost: vouchers, receipts, jobs. One program at a time has it. */
  home: string
  /** What a channel with a provider is opened and topped up with, in base units. */
  deposit: bigint
  /** How it buys, where that is not as usual. */
  tuning?: ConsumingTuning
  /** What providers may do on links, and how long they are waited for. */
  link?: Partial<LinkLimits>
  /** Secret of a key that has gas: it has claims witnessed that are above what was charged; nobody does where it is left out. */
  gas?: Hex | Uint8Array
  /** Told of what goes wrong by itself and is tried again; nobody where it is left out. */
  log?: Log
}

export type AskOptions = {
  /** Ends the job: what was delivered until then is paid for. */
  signal?: AbortSignal
  /** The most that this question may cost, in base units; the channel's money where it is left out. */
  most?: bigint
}

/** A wallet that asks. */
export type WalletConsumer = {
  readonly address: Address
  /** What can be asked for now. */
  models(): Model[]
  /**
   * Asks the best provider, and the next one where it fails before its first byte; resolves with the first byte. `done` of the answer
   * resolves with the receipt, which was held against all that was asked, offered and delivered. Throws `bad_request`, `cap_reached`,
   * `no_provider`, `model_unknown`, `aborted`, and what the last provider said.
   */
  ask(question: Question, options?: AskOptions): Promise<Answer>
  /** What it would cost now, at least and at most; nothing runs. */
  quote(question: Question, options?: Pick<AskOptions, 'most'>): Promise<Quote>
  /** Ends what is asked and answered with `aborted`: what was delivered is paid for, and its receipt is there after the next start. */
  close(): Promise<void>
}

const silent: Log = { info() {}, warn() {}, error() {} }

/**
 * From a key to a paid answer: a channel with a provider is opened when it is first asked (the provider submits the deposit, so the
 * wallet needs tokens and no gas), each answer is paid as it comes, and its receipt checked. What was promised is on disk
 * before it is sent, so a program that ends at any moment goes on where it was. Throws `chain_down`, `chain_wrong`, `ledger_locked`,
 * `setting_invalid`.
 *
 * @example
 * ```ts
 * // sketch
 * import { createConsumer } from '@heddle/sdk'
 * import { workloads } from '@heddle/workloads/workloads'
 *
 * const consumer = await createConsumer({ wallet, chain: { url, id, token }, providers: ['http://127.0.0.1:8404'], workloads, home: './consumer', deposit: 10n ** 18n })
 * const [model] = consumer.models()
 * const spec = { task: 'chat', messages: [{ role: 'user', content: 'What is a heddle?' }], maxCompletion: 64, temperature: 0, topP: 1, stop: [] }
 * const answer = await consumer.ask({ workload: 'inference', models: [model.id], spec })
 * for await (const bytes of answer.deltas) process.stdout.write(bytes)
 * const { receipt, charge } = await answer.done
 * await consumer.close()
 * ```
 */
export async function createConsumer(options: CreateConsumerOptions): Promise<WalletConsumer> {
  const { chain, home, tuning, link, log = silent } = options
  const wallet = signerOf(secretOf('wallet', options.wallet))
  const gas = options.gas === undefined ? undefined : secretOf('gas', options.gas)
  const providers = options.providers.map(one => (typeof one === 'string' ? { endpoint: one } : one))
  for (const { endpoint } of providers) checkEndpoint(endpoint)
  const client = connect(chain.url, chain.id)
  await checkChain(client)
  const identity = { signer: wallet, domain: { chainId: chain.id, settlement: SETTLEMENT_ADDRESS } }
  const dialled = new Dialled()
  const ledger = await openSqliteLedger(join(home, 'ledger.db'))
  const consuming = await startConsuming({
    ...tuning,
    client,
    asset: chain.token,
    ledger,
    payer: wallet,
    authorizer: wallet,
    ...given({ gas }),
    providers,
    clientOf: ({ endpoint, pinned }, limits) =>
      dialProvider(endpoint!, { identity, pinned, limits, dialled, ...given({ linkLimits: link }) }),
    workloads: options.workloads,
    deposit: options.deposit,
    clock: machineClock,
    log,
  }).catch(async error => {
    // Whoever mends what is wrong has the home again.
    await ledger.close()
    throw error
  })
  return askingFrom(consuming, options.workloads, wallet.address)
}

/** A signer's secret. Throws `setting_invalid` for what is no secret key. */
function secretOf(name: string, told: Hex | Uint8Array): Uint8Array {
  try {
    const secret = typeof told === 'string' ? fromHex(told) : told
    signerOf(secret)
    if (secret.length === 32) return secret
  } catch {}
  throw new HeddleError('setting_invalid', `${name}: a secret key of 32 bytes`)
}

function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined || !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new HeddleError('setting_invalid', `providers: ${endpoint} is no http: or https: URL`)
}

function askingFrom(
  { book, consumer, stop }: Consuming,
  workloads: ReadonlyMap<string, Workload<unknown>>,
  address: Address,
): WalletConsumer {
  const closing = new AbortController()
  /** A question in the words of a workload that is known here. */
  const readQuestion = (question: Question): { workload: Workload<unknown>; read: Question } => {
    const workload = workloads.get(question?.workload)
    if (!workload) {
      const kinds = [...workloads.keys()].join(', ')
      throw new HeddleError('bad_request', `workload: ${question?.workload}, which is none of ${kinds}`)
    }
    if (!Array.isArray(question.models) || question.models.length === 0)
      throw new HeddleError('bad_request', 'models: one at least')
    const { success, data, error } = workload.spec.safeParse(question.spec)
    if (success) return { workload, read: { ...question, spec: data } }
    const [issue] = error.issues
    throw new HeddleError('bad_request', `${['spec', ...issue!.path].join('.')}: ${issue!.message}`)
  }
  return {
    address,
    models: () => book.models(),
    async ask(question, { signal, most } = {}) {
      const { workload, read } = readQuestion(question)
      const left = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
      if (left.aborted) throw new HeddleError('aborted')
      return consumer.ask(workload, read, purseOf(most), left).catch(cause => {
        throw closing.signal.aborted ? new HeddleError('aborted', 'this consumer is closed', { cause }) : cause
      })
    },
    async quote(question, { most } = {}) {
      const { workload, read } = readQuestion(question)
      return consumer.quote(workload, read, purseOf(most))
    },
    close() {
      // Also what nobody has begun to read: it would keep the program from its end.
      closing.abort()
      return stop()
    },
  }
}

/** A purse for one question that may cost so much. */
function purseOf(most: bigint | undefined): Purse {
  if (most === undefined) return openPurse
  return {
    ...openPurse,
    hold(wanted, least) {
      if (most < least) throw new HeddleError('cap_reached', `this question may cost ${most}, and needs ${least}`)
      return openPurse.hold(wanted < most ? wanted : most, least)
    },
  }
}
