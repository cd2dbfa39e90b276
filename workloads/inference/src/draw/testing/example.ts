import {
  type Address,
  digestOf,
  type EvidenceLeaf,
  evidenceRoot,
  type JobRequest,
  jobId,
  merklePath,
  type Offer,
  offerDigest,
  type Receipt,
  requestDigest,
  type SignedOffer,
  type SignedReceipt,
  type Signer,
  seedOf,
  signOffer,
  signReceipts,
  toHex,
  utf8,
  WIRE_VERSION,
} from '@heddle/protocol'
import { fixture, numbersFrom } from '@heddle/testing'
import { askedDrawing } from '../asked.ts'
import { type Candidate, keepLikeliest } from '../candidates.ts'
import { ownSeed } from '../draw.ts'
import { classOf, type Head, promptDigestOf } from '../head.ts'
import { leavesOf } from '../leaves.ts'
import type { Position } from '../positions.ts'
import { redrawn } from '../proof/redraw.ts'

const { addressOf, wordOf } = fixture

/** What a language model could have told: a likeliest token, and others in a long tail below it. */
export function exampleCandidates(random: (below: number) => number, topK: number, vocabulary: number): Candidate[] {
  const first = -random(3_000) / 1_000
  const steepness = 1 + random(3)
  const tokens = new Set<number>()
  while (tokens.size < Math.min(topK, vocabulary)) tokens.add(random(vocabulary))
  let below = 0
  const candidates = [...tokens].map((token, i) => {
    below += i === 0 ? 0 : (random(1_000) / 1_000) * (steepness / i)
    return { token, logprob: first - below }
  })
  return keepLikeliest(candidates, topK)
}

export const EXAMPLE_PROVIDER: Signer = fixture.parties.provider

const OFFER: Offer = {
  version: WIRE_VERSION,
  provider: EXAMPLE_PROVIDER.address,
  chainId: 31_337,
  settlement: '0x4020074e9df2ce1dee5a9c1b5c3f541d02a10003',
  asset: addressOf(0xaa),
  workload: 'inference',
  serves: { name: 'a-model', digest: digestOf('the bytes of a model') },
  engine: { name: 'llama.cpp', build: 'b1' },
  features: ['chat'],
  prices: { prompt: '2', cached: '1', completion: '5' },
  limits: { context: 2_048 },
  exposure: '1000',
  receiver: addressOf(0xbb),
  receiverAuthorizer: addressOf(0xbb),
  withdrawDelay: 3_600,
  minDeposit: '1',
  endpoint: 'http://127.0.0.1:8403',
  expires: 2_000_000_000,
}

/** What differs from an honest job: everything a provider could do before it signs. */
export type ExampleChanges = {
  seed?: number
  positions?: number
  topK?: number
  spec?: Record<string, unknown>
  head?: Partial<Head>
  /** What was written down of the draws, after they were made. */
  written?: (positions: Position[]) => Position[]
  leaves?: (leaves: Uint8Array[]) => Uint8Array[]
  receipt?: Partial<Receipt>
  /** Receipts that the same signature covers. */
  batch?: number
}

export type Example = {
  job: JobRequest
  offer: SignedOffer
  head: Head
  positions: Position[]
  leaves: Uint8Array[]
  signed: SignedReceipt
  provider: Address
  open(index: number): EvidenceLeaf
}

/**
 * A whole small job with its offer, evidence and signed receipt, honest but for `changes`: for tests, committed vectors
 * and fuzzing. The same arguments give the same bytes.
 */
export function exampleOf(changes: ExampleChanges = {}): Example {
  const { positions: count = 34, topK = 5, batch = 1 } = changes
  const random = numbersFrom(changes.seed ?? 7)
  const offer = signOffer(OFFER, EXAMPLE_PROVIDER)
  const job: JobRequest = {
    channel: wordOf(0x11),
    expires: 1_900_000_000,
    limit: '500',
    nonce: wordOf(0x22),
    offer: offerDigest(offer.offer),
    spec: {
      task: 'completion',
      prompt: 'Why?',
      maxCompletion: 64,
      stop: [],
      temperature: 0.7,
      topP: 0.95,
      topK,
      ...changes.spec,
    },
    version: WIRE_VERSION,
    workload: 'inference',
  }
  const request = requestDigest(job.spec)
  const { seed: own, ...drawing } = askedDrawing(job.spec)!
  const jobSeed = seedOf(request, job.nonce)
  const head: Head = {
    replayable: true,
    ended: count > 0,
    width: 2,
    choice: 0,
    vocabulary: 32_000,
    prompt: 9,
    positions: count,
    promptDigest: promptDigestOf([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    seed: own === undefined ? jobSeed : ownSeed(own),
    class: classOf({ build: 'b1', hardware: 'x64', quantization: 'Q8_0' }),
    ...drawing,
    ...changes.head,
  }
  const drawn = Array.from({ length: count }, (_, number): Position => {
    const candidates = exampleCandidates(random, head.topK, head.vocabulary)
    return { candidates, drawn: redrawn(head, { candidates, drawn: 0 }, number) }
  })
  const positions = changes.written?.(drawn) ?? drawn
  const honest = leavesOf(head, positions)
  const leaves = changes.leaves?.(honest) ?? honest
  const output = utf8('Because.')
  const receipt: Receipt = {
    chainId: OFFER.chainId,
    channel: job.channel,
    charge: '53',
    charged: '53',
    engine: OFFER.engine,
    evidence: evidenceRoot(leaves),
    finish: 'stop',
    finished: 1_800_000_000_500,
    id: jobId(job),
    input: digestOf(''),
    model: OFFER.serves.digest,
    nonce: job.nonce,
    offer: job.offer,
    output: digestOf(output),
    outputBytes: output.length.toString(),
    provider: OFFER.provider,
    request,
    seed: jobSeed,
    seen: { block: 1_234, hash: wordOf(0x77) },
    sequence: '1',
    settlement: OFFER.settlement,
    started: 1_800_000_000_000,
    usage: { prompt: '6', cached: '3', completion: String(Math.max(0, count - 1)) },
    version: WIRE_VERSION,
    workload: 'inference',
    ...changes.receipt,
  }
  const others = Array.from({ length: batch - 1 }, (_, i) => ({
    ...receipt,
    id: wordOf(i + 1),
    sequence: String(i + 2),
  }))
  return {
    job,
    offer,
    head,
    positions,
    leaves,
    signed: signReceipts([receipt, ...others], EXAMPLE_PROVIDER)[0]!,
    provider: OFFER.provider,
    open: index => ({ leaf: toHex(leaves[index]!), path: merklePath(leaves, index) }),
  }
}
