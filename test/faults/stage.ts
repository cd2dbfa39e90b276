import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Call, connect, type Devnet, fund, Outbox, readTokenDomain, startDevnet } from '@heddle/chain'
import { type Ledger, openSqliteLedger } from '@heddle/ledger'
import {
  type Channel,
  channelId,
  type Deposit,
  type Domain,
  domainOf,
  errorFromJson,
  type JobRequest,
  offerDigest,
  randomBytes,
  type SignedJob,
  type SignedOffer,
  type SignedReceipt,
  signDeposit,
  signerOf,
  signJob,
  signVoucher,
  toHex,
  type Voucher,
  WIRE_VERSION,
} from '@heddle/protocol'
import { type ProviderOptions, startProvider } from '@heddle/provider'
import { stoppingOnce } from '../stopping.ts'
import { type Asking, askingOf, type Posting, type Ran } from './asking.ts'
import { type Script, scriptedTrade, scriptedWorker } from './scripted-worker.ts'

export const quiet = { info() {}, warn() {}, error() {} }

/** A folder of its own for one test. */
export function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-fault-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** What the provider on the stage asks for, and how often it claims: the same each time it is started. */
const TERMS = {
  name: 'staged',
  prices: { prompt: 1n, cached: 1n, completion: 10n },
  limits: { maxCompletion: 1_000, concurrency: 4 },
  exposure: 5_000n,
  minDeposit: 100n,
  withdrawDelay: 3_600,
  claim: { threshold: 10n ** 18n, tick: 200, sweep: 600_000 },
  adminToken: 'admin',
  patience: 300,
  log: quiet,
} satisfies Partial<ProviderOptions>

/** Starts a provider on the terms of the stage, which ends when the test does, or earlier by `stop`. */
export async function startStaged(
  t: TestContext,
  options: Omit<ProviderOptions, keyof typeof TERMS> & Partial<ProviderOptions>,
) {
  const provider = await startProvider({ ...TERMS, ...options })
  const stop = stoppingOnce(t, () => provider.stop())
  return { provider, stop }
}

/** A real chain and a real provider with a scripted engine, in this process; the test plays the payer by hand. */
export async function startStage(
  t: TestContext,
  options: { script: Script; ledger?: (ledger: Ledger) => Ledger; devnet?: Devnet } & Omit<
    Partial<ProviderOptions>,
    'ledger'
  >,
) {
  const { script, devnet: given, ledger: wrap = (ledger: Ledger) => ledger, ...overrides } = options
  const directory = folder(t)
  const devnet = given ?? (await startDevnet({ directory: join(directory, 'chain'), log: quiet }))
  if (!given) t.after(() => devnet.stop())
  const worker = scriptedWorker(script)
  const keys = {
    receiver: randomBytes(32),
    receiverAuthorizer: randomBytes(32),
    receipt: randomBytes(32),
    gas: randomBytes(32),
  }
  await fund(devnet.url, devnet.token, signerOf(keys.gas).address, 0n)
  const client = connect(devnet.url, devnet.chainId)
  const ledger = wrap(await openSqliteLedger(join(directory, 'provider.db')))
  const { provider, stop } = await startStaged(t, {
    port: 0,
    client,
    asset: devnet.token,
    ledger,
    keys,
    trades: [scriptedTrade(worker)],
    ...overrides,
  })
  const url = `http://127.0.0.1:${provider.port}`
  const { offers } = (await (await fetch(`${url}/heddle/1/offers?payer=${overrides.own?.payer}`)).json()) as {
    offers: SignedOffer[]
  }
  const offer = offers[0]!.offer
  return {
    domain: domainOf(offer),
    directory,
    devnet,
    client,
    ledger,
    provider,
    keys,
    worker,
    url,
    offer,
    payer: await openPayer(devnet, url, offer),
    stopProvider: stop,
  }
}

export type Stage = Awaited<ReturnType<typeof startStage>>

/** The paying side by hand: signs what the test wants signed, right or wrong. */
export async function openPayer(devnet: Devnet, url: string, offer: SignedOffer['offer']) {
  const secret = randomBytes(32)
  const signer = signerOf(secret)
  await fund(devnet.url, devnet.token, signer.address, 1_000_000n)
  const channel: Channel = {
    payer: signer.address,
    payerAuthorizer: signer.address,
    receiver: offer.receiver,
    receiverAuthorizer: offer.receiverAuthorizer,
    token: offer.asset,
    withdrawDelay: offer.withdrawDelay,
    salt: toHex(randomBytes(32)),
  }
  const domain = domainOf(offer)
  const id = channelId(domain, channel)
  const client = connect(devnet.url, devnet.chainId)
  const tokenDomain = await readTokenDomain(client, devnet.token)
  const outbox = new Outbox({ client, secret })
  return {
    signer,
    channel,
    id,
    domain,
    voucher: (ceiling: bigint, over: Partial<typeof domain> = {}): Voucher =>
      signVoucher({ ...domain, ...over }, id, ceiling, signer),
    deposit: (amount: bigint, over: Partial<Deposit> = {}): Deposit => ({
      ...signDeposit(
        tokenDomain,
        id,
        { amount: amount.toString(), validBefore: Math.floor(Date.now() / 1000) + 600, salt: toHex(randomBytes(32)) },
        signer,
      ),
      ...over,
    }),
    job(over: Partial<JobRequest> = {}, maxCompletion = 16): SignedJob {
      const messages = [{ role: 'user', content: 'weave' }]
      const spec = { task: 'chat', messages, maxCompletion, temperature: 0, topP: 1, stop: [] }
      const job: JobRequest = {
        version: WIRE_VERSION,
        channel: id,
        offer: offerDigest(offer),
        workload: 'inference',
        spec,
        nonce: toHex(randomBytes(32)),
        limit: '100000',
        expires: Math.floor(Date.now() / 1000) + 600,
        ...over,
      }
      return signJob(domain, job, signer)
    },
    /** Opens its channel or tops it up; gives how it stands. */
    open: (body: Record<string, unknown>) => anybodyAt(url, domain).call('channel', { id, ...body }),
    raise: (voucher: unknown) => anybodyAt(url, domain).call('voucher', voucher),
    /** Its own link: it reads what belongs to its channel. */
    link: askingOf(url, { signer, domain }),
    async transact(call: Call): Promise<void> {
      await outbox.send({}, call)
    },
  }
}

/** Sends JSON over HTTP; gives the value, or throws the error that came back. */
export async function send(url: string, method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(url + path, { method, body: JSON.stringify(body) })
  const value = (await response.json()) as { error?: unknown }
  if (!response.ok) throw errorFromJson(value.error)
  return value
}

export type { Ran } from './asking.ts'

/** Links of nobody in particular, by where they lead: who posts a job or a channel is said by what is signed in it. */
const anybodys = new Map<string, Asking>()
export function anybodyAt(url: string, domain: Domain): Asking {
  const known = anybodys.get(url)
  if (known) return known
  const asking = askingOf(url, { signer: signerOf(randomBytes(32)), domain })
  anybodys.set(url, asking)
  return asking
}

/** Posts a job and reads its answer to the end. Throws what is refused beforehand. */
export const post = ({ url, domain }: At, body: unknown, posting: Posting = {}): Promise<Ran> =>
  anybodyAt(url, domain).post(body, posting)

/** Where a provider is, and where its signatures count. */
export type At = { url: string; domain: Domain }

/** Opens the payer's channel with a deposit and a first voucher. */
export async function openFunded(stage: Stage, deposit: bigint, ceiling: bigint): Promise<void> {
  const { payer } = stage
  const voucher = ceiling > 0n ? { voucher: payer.voucher(ceiling) } : {}
  await payer.open({ channel: payer.channel, deposit: payer.deposit(deposit), ...voucher })
}

export type StateTold = { ceiling: string; charged: string; sequence: number; balance: string; claimed: string }
export const stateOf = async ({ payer }: Pick<Stage, 'payer'>): Promise<StateTold> =>
  (await payer.open({ channel: payer.channel })) as StateTold

/** The receipts of the payer's channel, as it reads them itself. */
export async function receiptsOf({ payer }: Pick<Stage, 'payer'>): Promise<{ receipt: SignedReceipt }[]> {
  const told = await payer.link.call('receipts', { channel: payer.id, after: 0 })
  return (told as { receipts: { receipt: SignedReceipt }[] }).receipts
}
