import { type ChainClient, Outbox, readTokenDomain, type Step, startFollowing } from '@heddle/chain'
import type { Ledger } from '@heddle/ledger'
import { ClaimWitness, Followed, keptInLedger, Payer, rememberChain } from '@heddle/payments'
import {
  type Address,
  given,
  type Hex,
  type JobRequest,
  type Log,
  SETTLEMENT_ADDRESS,
  type Signer,
  type TokenDomain,
} from '@heddle/protocol'
import type { AnswerLimits } from './answers.ts'
import { Book, type BookOptions } from './book.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'
import { type Limits, USUAL_LIMITS } from './listening.ts'
import type { LateSpending } from './recover.ts'

/** Whose purses there are, where there is more than one: what came of a job after a crash is its asker's. */
export type Accounts = {
  /** Whose purse a job was asked from; nothing where it does not say. */
  askerOf(job: JobRequest): string | null
  spending: LateSpending
  /** Holds what a job may still be charged. Gives what lets go of it. */
  hold(asker: string, amount: bigint): () => void
}

/** What an owner may set of how it buys; each is as usual where it is left out. Times are milliseconds. */
export type ConsumingTuning = {
  /** Between looks at the chain. */
  chainLook?: number
  /** How long a provider is waited for: {@link USUAL_LIMITS}. */
  limits?: Partial<Limits>
  /** What is read of a provider's answers: {@link USUAL_ANSWERS}. */
  answers?: Partial<AnswerLimits>
  /** How long a question waits for others on its channel to make room under the exposure. */
  patience?: number
  /** Channels with one provider that may hold a deposit of which nothing was charged. */
  unusedChannels?: number
  /** How often the claims of one channel are witnessed on the chain. */
  claimWitnesses?: number
} & Pick<ConsumerOptions, 'queue' | 'queueBytes' | 'queueWait'>

export type ConsumingOptions = {
  client: ChainClient
  /** The token that pays. */
  asset: Address
  ledger: Ledger
  /** Whose money it is, and the key that signs its jobs and vouchers. */
  payer: Signer
  authorizer: Signer
  /** Secret of the key that pays when a claim has to be witnessed; nobody has any witnessed where it is left out. */
  gas?: Uint8Array
  /** Left out where there is one purse, the wallet's own. */
  accounts?: Accounts
  /** Has a channel with every provider opened and topped up before anybody asks. */
  channelsAhead?: boolean
  log: Log
} & Pick<BookOptions, 'providers' | 'clientOf' | 'honesty' | 'clock'> &
  Pick<ConsumerOptions, 'workloads' | 'deposit'> &
  ConsumingTuning

/** All that whoever buys has running beside its questions. */
export type Consuming = {
  readonly payer: Payer
  readonly followed: Followed
  readonly book: Book
  readonly consumer: Consumer
  /** Looks at the chain now. */
  look(): Promise<void>
  isChainUp(): boolean
  /** A provider that nobody can reach has dialled in. */
  arrived(provider: Address): Promise<void>
  /** Ends what runs, and closes the ledger. */
  stop(): Promise<void>
}

/** Milliseconds between two looks at what providers offer, and at what they owe. */
const REFRESH = 5_000

/**
 * Follows the chain, knows who offers what, and keeps what was promised: a wallet at work. It takes over what a crash left, fetches
 * receipts that are missing, has channels ready where it is to, and has claims witnessed that are above what it was charged.
 */
export async function startConsuming(options: ConsumingOptions): Promise<Consuming> {
  const { client, ledger, clock, log, accounts, authorizer } = options
  const domain = { chainId: client.chainId, settlement: SETTLEMENT_ADDRESS }
  await rememberChain(ledger, client.chainId, options.asset)
  const followed = await Followed.open(ledger, options.payer.address, clock)
  const payer = new Payer({
    ledger,
    followed,
    payer: options.payer,
    authorizer,
    tokenDomain: tokenDomains(client),
    ...given({ patience: options.patience, unused: options.unusedChannels }),
  })
  const { providers, clientOf, honesty, answers, workloads, deposit, queue, queueBytes, queueWait } = options
  const book = new Book({
    providers,
    payer: options.payer.address,
    domain,
    ...given({ honesty, answers }),
    clientOf,
    clock,
    log,
  })
  const consumer = new Consumer({
    ledger,
    payer,
    book,
    authorizer,
    domain,
    workloads,
    clock,
    log,
    followed,
    look: () => following.look(),
    limits: { ...USUAL_LIMITS, ...options.limits },
    ...given({ queue, queueBytes, queueWait }),
    deposit,
    spending: accounts?.spending ?? (() => []),
    ...given({ askerOf: accounts?.askerOf }),
  })
  const witnessing = options.gas && startWitnessing({ ...options, gas: options.gas, followed, payer })
  const onStep = async (step: Step): Promise<void> => {
    if (step.reorganised) await witnessing?.reorganised()
    if (step.events.some(({ name }) => name === 'Claimed')) witnessing?.look()
  }

  const following = startFollowing({
    client,
    chain: followed,
    log,
    ...given({ interval: options.chainLook }),
    onStep,
  })
  /** So that no question waits for a channel to be opened. */
  const prepare = options.channelsAhead ? () => consumer.prepare() : async () => undefined
  let refreshing: NodeJS.Timeout | undefined
  async function stop(): Promise<void> {
    clearInterval(refreshing)
    await following.stop()
    await witnessing?.done()
    await consumer.close()
    await ledger.close()
  }
  try {
    await following.look().catch(error => log.warn('chain not seen yet', { error: (error as Error).message }))
    await book.refresh()
    await consumer.recoverAll()
    await consumer.takeOver(accounts?.hold ?? (() => () => undefined))
    await prepare()
  } catch (error) {
    await stop()
    throw error
  }
  refreshing = setInterval(() => {
    if (following.isUp()) witnessing?.look()
    void book.refresh().then(prepare)
    void consumer.fillGaps().catch(error => log.warn('receipts not looked at', { error: String(error) }))
  }, REFRESH)

  return {
    payer,
    followed,
    book,
    consumer,
    look: following.look,
    isChainUp: following.isUp,
    async arrived(provider) {
      if (await book.arrived(provider)) await prepare()
    },
    stop,
  }
}

/** Has claims witnessed on the chain that are above what was charged: without it nobody could be convicted of them. */
function startWitnessing({
  client,
  ledger,
  gas,
  claimWitnesses,
  log,
  ...parts
}: Pick<ConsumingOptions, 'client' | 'ledger' | 'claimWitnesses' | 'log'> & {
  gas: Uint8Array
  followed: Followed
  payer: Payer
}) {
  const { payer, followed } = parts
  const outbox = new Outbox({ store: keptInLedger(ledger), client, secret: gas, log })
  const witness = new ClaimWitness({ ledger, payer, followed, client, outbox, ...given({ most: claimWitnesses }), log })
  let looking: Promise<void> = Promise.resolve()
  void outbox.recover({ reorganised: false }).catch(error => log.warn('not recovered yet', { error: String(error) }))
  return {
    look(): void {
      looking = witness.look().catch(error => {
        log.warn('claims not witnessed yet', { error: error instanceof Error ? error.message : String(error) })
      })
    },
    async reorganised(): Promise<void> {
      witness.forget()
      await outbox.recover({ reorganised: true })
    },
    done: () => looking,
  }
}

/** What a token calls itself in signatures: asked of the chain once. */
function tokenDomains(client: ChainClient): (token: Hex) => Promise<TokenDomain> {
  const known = new Map<Hex, Promise<TokenDomain>>()
  return token => {
    const one = known.get(token)
    if (one) return one
    const read = readTokenDomain(client, token)
    read.catch(() => known.delete(token))
    known.set(token, read)
    return read
  }
}
