import {
  type Answered,
  type Chunk,
  type Digest,
  digestOf,
  evidenceRoot,
  type JobRequest,
  jobId,
  type Offer,
  offerDigest,
  type Receipt,
  requestDigest,
  type SignedOffer,
  type Signer,
  seedOf,
  signOffer,
  signReceipts,
  utf8,
  WIRE_VERSION,
} from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import type { GenerationSpec } from '../../spec.ts'
import type { InferenceWorker } from '../../worker.ts'
import type { InferenceUnit } from '../../workload.ts'
import type { Forged } from './forger.ts'

const SIGNER: Signer = fixture.parties.provider
const { addressOf, wordOf } = fixture

/** An answer before its receipt is signed: what a provider can still change. */
export type Unsigned = Readonly<{
  job: JobRequest
  output: Uint8Array
  leaves: readonly Uint8Array[]
  receipt: Omit<Receipt, 'evidence' | 'output' | 'outputBytes'>
}>

/** What this provider offers, with these limits. */
export function offerWith(worker: InferenceWorker, limits: Readonly<Record<string, number>>): SignedOffer {
  const { name, digest, engine, features } = worker.serves()[0]!
  const offer: Offer = {
    version: WIRE_VERSION,
    provider: SIGNER.address,
    chainId: 31_337,
    settlement: addressOf(0xcc),
    asset: addressOf(0xaa),
    workload: 'inference',
    serves: { name, digest },
    engine,
    features: [...features],
    prices: { prompt: '2', cached: '1', completion: '5' },
    limits,
    exposure: '1000',
    receiver: addressOf(0xbb),
    receiverAuthorizer: addressOf(0xbb),
    withdrawDelay: 3_600,
    minDeposit: '1',
    endpoint: 'http://127.0.0.1:8403',
    expires: 2_000_000_000,
  }
  return signOffer(offer, SIGNER)
}

/** The job of a consumer who sent this nonce. */
export const jobWith = (spec: GenerationSpec, nonce: Digest, offer?: SignedOffer): JobRequest => ({
  channel: wordOf(0x11),
  expires: 1_900_000_000,
  limit: '500',
  nonce,
  offer: offer ? offerDigest(offer.offer) : wordOf(0x33),
  spec: spec as unknown as Record<string, unknown>,
  version: WIRE_VERSION,
  workload: 'inference',
})

/** Lets a worker answer a job, and writes what its provider would sign; it claims to run the weights `claims`. */
export async function answerJob(
  worker: InferenceWorker,
  job: JobRequest,
  { claims, asked = job }: { claims?: Digest; asked?: JobRequest } = {},
): Promise<Unsigned> {
  const [served] = worker.serves()
  const { name, digest, engine } = served!
  const parts: Uint8Array[] = []
  const id = jobId(job)
  const request = requestDigest(job.spec)
  const seed = seedOf(request, job.nonce)
  let last: Chunk<InferenceUnit> | undefined
  const chunks = worker.execute(
    {
      id,
      spec: asked.spec as unknown as GenerationSpec,
      seed,
      scope: job.channel,
      serves: { name, digest },
      input: (async function* () {})(),
    },
    {
      signal: new AbortController().signal,
      clock: Date,
      log: { info() {}, warn() {}, error() {} },
      deliver: ({ bytes }) => void parts.push(bytes),
    },
  )
  for await (const chunk of chunks) last = chunk
  const { used, finish = 'stop', evidence = [] } = last!
  return {
    job,
    output: Buffer.concat(parts),
    leaves: evidence,
    receipt: {
      chainId: 31_337,
      channel: job.channel,
      charge: '1',
      charged: '1',
      engine,
      finish,
      finished: 1_800_000_000_500,
      id,
      input: digestOf(''),
      model: claims ?? digest,
      nonce: job.nonce,
      offer: job.offer,
      provider: SIGNER.address,
      request,
      seed,
      seen: null,
      sequence: '1',
      settlement: addressOf(0xcc),
      started: 1_800_000_000_000,
      usage: Object.fromEntries(Object.entries(used).map(([unit, count]) => [unit, count.toString()])),
      version: WIRE_VERSION,
      workload: 'inference',
    },
  }
}

/** Signs an answer as it is now. */
export function signAnswer({ job, output, leaves, receipt }: Unsigned): Answered {
  const bound = leaves.length > 0 ? evidenceRoot(leaves) : null
  const whole: Receipt = {
    ...receipt,
    evidence: bound,
    output: digestOf(output),
    outputBytes: String(output.length),
  }
  return { receipt: signReceipts([whole], SIGNER)[0]!, job, output, leaves }
}

/** What a provider signs that wrote an answer with an engine of its own. */
export const forgedAnswer = (honest: Unsigned, { leaves, text, prompt, completion, finish }: Forged): Unsigned => ({
  ...honest,
  leaves,
  output: utf8(text),
  receipt: {
    ...honest.receipt,
    finish,
    usage: { prompt: String(prompt), cached: '0', completion: String(completion) },
  },
})
