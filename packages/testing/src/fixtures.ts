import {
  type Address,
  type Channel,
  canonical,
  channelId,
  type Domain,
  digestOf,
  domainOf,
  type Hex,
  type JobRequest,
  jobId,
  type Offer,
  offerDigest,
  priceOf,
  type Receipt,
  requestDigest,
  SETTLEMENT_ADDRESS,
  type Signer,
  seedOf,
  signerOf,
  toHex,
  usageToJson,
  utf8,
  WIRE_VERSION,
} from '@heddle/protocol'

/** A fixed key: 32 times the same byte. For tests and vectors only. */
export const keyOf = (byte: number): Signer => signerOf(new Uint8Array(32).fill(byte))
export const wordOf = (byte: number): Hex => toHex(new Uint8Array(32).fill(byte))
export const addressOf = (byte: number): Address => toHex(new Uint8Array(20).fill(byte))

/** The parties of every fixture. */
export const parties = { provider: keyOf(1), payer: keyOf(2), authorizer: keyOf(3), receiver: keyOf(4) }

export const domain: Domain = { chainId: 31_337, settlement: SETTLEMENT_ADDRESS }

export const offer: Offer = {
  version: WIRE_VERSION,
  provider: parties.provider.address,
  ...domain,
  asset: addressOf(0xaa),
  workload: 'inference',
  serves: { name: 'a-model', digest: digestOf(utf8('the bytes of a model')) },
  engine: { name: 'llama.cpp', build: 'b1' },
  features: ['chat'],
  prices: { prompt: '2', cached: '1', completion: '5' },
  limits: { context: 2048 },
  exposure: '1000',
  receiver: parties.receiver.address,
  receiverAuthorizer: parties.receiver.address,
  withdrawDelay: 3600,
  minDeposit: '1',
  endpoint: 'http://127.0.0.1:8403',
  expires: 2_000_000_000,
}

export const channel: Channel = {
  payer: parties.payer.address,
  payerAuthorizer: parties.authorizer.address,
  receiver: offer.receiver,
  receiverAuthorizer: offer.receiverAuthorizer,
  token: offer.asset,
  withdrawDelay: offer.withdrawDelay,
  salt: wordOf(0x11),
}

export const job: JobRequest = {
  version: WIRE_VERSION,
  channel: channelId(domainOf(offer), channel),
  offer: offerDigest(offer),
  workload: 'inference',
  spec: {
    messages: [{ role: 'user', content: 'Why is the sky blue?' }],
    maxCompletion: 16,
    temperature: 0.7,
    topP: 1,
    stop: [],
  },
  nonce: wordOf(0x22),
  limit: '500',
  expires: 1_900_000_000,
}

/** The output of the fixture's job. */
export const output = utf8('Because of Rayleigh scattering.')

const usage = { prompt: 9n, completion: 7n }

/** A receipt that agrees with the fixture's job and offer, but for `changes`. */
export function receiptOf(changes: Partial<Receipt> = {}): Receipt {
  const request = requestDigest(job.spec)
  const charge = priceOf(offer, usage).toString()
  return {
    version: WIRE_VERSION,
    id: jobId(job),
    provider: offer.provider,
    chainId: offer.chainId,
    settlement: offer.settlement,
    channel: job.channel,
    sequence: '1',
    offer: offerDigest(offer),
    workload: offer.workload,
    model: offer.serves.digest,
    engine: offer.engine,
    request,
    nonce: job.nonce,
    seed: seedOf(request, job.nonce),
    seen: { block: 1_234, hash: wordOf(0x77) },
    input: digestOf(new Uint8Array(0)),
    output: digestOf(output),
    outputBytes: output.length.toString(),
    usage: usageToJson(usage),
    charge,
    charged: charge,
    finish: 'stop',
    started: 1_800_000_000_000,
    finished: 1_800_000_000_500,
    evidence: null,
    ...changes,
  }
}

/** A deep copy that went over a wire. */
export const overTheWire = <T>(value: T): T => JSON.parse(canonical(value)) as T
