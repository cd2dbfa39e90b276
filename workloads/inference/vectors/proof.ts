import {
  type Address,
  type Claim,
  canonical,
  createProver,
  type Digest,
  digestOf,
  domainOf,
  type EvidenceLeaf,
  type FraudProof,
  type Hex,
  isHeddleError,
  merkleRoot,
  offerDigest,
  type Receipt,
  rootFromPath,
  type SignedOffer,
  type SignedReceipt,
  signerOf,
  signOffer,
  signReceipts,
  statementDigest,
  toHex,
  utf8,
} from '@heddle/protocol'
import { inferenceProofs, type Position } from '../src/draw/index.ts'
import { EXAMPLE_PROVIDER, type Example, type ExampleChanges, exampleOf } from '../src/draw/testing/example.ts'

const prover = createProver([inferenceProofs])

/** A fraud proof as its file is, guilty, innocent, undecided or refused: what anybody must make of it. */
export type ProofCase = { name: string; proof: FraudProof }

const base = ({ provider, signed }: Example) => ({ version: 1, provider, receipt: signed }) as const
const redraw = (example: Example, leaf = 1): FraudProof => ({
  ...base(example),
  kind: 'redraw',
  head: example.open(0),
  leaf: example.open(leaf),
})
const overcount = (example: Example): FraudProof => ({ ...base(example), kind: 'overcount', head: example.open(0) })
const foreignSeed = (example: Example): FraudProof => ({
  ...base(example),
  kind: 'foreign-seed',
  head: example.open(0),
  job: example.job,
})
const wrongModel = (example: Example, offer = example.offer): FraudProof => ({
  ...base(example),
  kind: 'wrong-model',
  offer,
})
const malformed = (example: Example, leaf: number): FraudProof => ({
  ...base(example),
  kind: 'malformed',
  leaf: example.open(leaf),
  ...(leaf > 0 ? { head: example.open(0) } : {}),
})
const equivocation = (a: SignedReceipt, b: SignedReceipt): FraudProof => ({
  version: 1,
  kind: 'equivocation',
  provider: a.receipt.provider,
  receipts: [a, b],
})
const overcharge = (example: Example, totalClaimed: string, changes: Partial<Claim> = {}): FraudProof => {
  const { chainId, settlement, channel, seen } = example.signed.receipt
  const named = seen ?? NAMED
  return {
    ...base(example),
    kind: 'overcharge',
    claim: { ...named, chainId, settlement, channel, totalClaimed, witnessed: named.block, ...changes },
  }
}

const NAMED = { block: 1_234, hash: `0x${'77'.repeat(32)}` } as const
const ZEROS: Digest = `0x${'00'.repeat(32)}`
const largest = ((1n << 128n) - 1n).toString()

/** The job with one position's draw told otherwise than it was. */
const retold = (at: number, changes: ExampleChanges = {}): Example =>
  exampleOf({
    ...changes,
    written: positions =>
      positions.map((position, i): Position => {
        if (i !== at) return position
        return { ...position, drawn: (position.drawn + 1) % position.candidates.length }
      }),
  })
const withByte = (leaf: number, at: number, byte: number, changes: ExampleChanges = {}): Example =>
  exampleOf({
    ...changes,
    leaves: leaves =>
      leaves.map((bytes, i) => (i === leaf ? Uint8Array.from(bytes, (old, j) => (j === at ? byte : old)) : bytes)),
  })
const again = (example: Example, changes: Partial<Receipt>, batch = 1): SignedReceipt => {
  const receipt = { ...example.signed.receipt, ...changes }
  const others = Array.from({ length: batch - 1 }, (_, i) => ({ ...receipt, sequence: String(i + 2) }))
  return signReceipts([...others, receipt], EXAMPLE_PROVIDER).at(-1)!
}

export function proofCases(): ProofCase[] {
  const honest = exampleOf()
  const inBatch = exampleOf({ batch: 3 })
  const greedy = { spec: { temperature: 0, topP: 1 } }
  const other = exampleOf({ seed: 8 })
  const stranger = signerOf(new Uint8Array(32).fill(9))
  const otherModel = signOffer(
    { ...honest.offer.offer, serves: { name: 'another', digest: digestOf('other bytes') } },
    EXAMPLE_PROVIDER,
  )
  const elsewhere = signOffer({ ...honest.offer.offer, provider: stranger.address }, stranger)
  const abroad = signOffer(
    { ...honest.offer.offer, chainId: 8_453, settlement: `0x${'77'.repeat(20)}` as Address },
    EXAMPLE_PROVIDER,
  )
  const spelled = `","serves":{"digest":"${ZEROS}"`
  const wordy = signOffer(
    {
      ...honest.offer.offer,
      engine: { name: spelled.slice(0, 64), build: spelled },
      endpoint: `http://127.0.0.1/?${spelled}`,
      features: ['chat', 'é€😀', '\n\u0000\\"', 'serves'],
      limits: { '': 0, serves: Number.MAX_SAFE_INTEGER, digest: 1, '\ue000': 2, '😀': 3 },
      prices: { '","digest":"0x': largest, '\r': '0' },
      serves: { name: spelled, digest: digestOf('the bytes of a model'), quantization: '","digest":"0x' },
    },
    EXAMPLE_PROVIDER,
  )
  const { seen } = honest.signed.receipt
  const unseen = exampleOf({ receipt: { seen: null } })
  const foreign = { receipt: { workload: 'another' } } as const
  const mixed = redraw(honest) as FraudProof & Record<'head' | 'leaf', EvidenceLeaf>
  return [
    { name: 'redraw: an honest leaf', proof: redraw(honest) },
    { name: 'redraw: an honest last leaf', proof: redraw(honest, 2) },
    { name: 'redraw: an honest leaf, its receipt in a batch of three', proof: redraw(inBatch) },
    { name: 'redraw: an honest answer at temperature 0', proof: redraw(exampleOf(greedy)) },
    { name: 'redraw: the first position told otherwise', proof: redraw(retold(0)) },
    { name: 'redraw: a position in the middle told otherwise', proof: redraw(retold(17)) },
    { name: 'redraw: a position of the last leaf told otherwise', proof: redraw(retold(33), 2) },
    { name: 'redraw: told otherwise, its receipt in a batch of three', proof: redraw(retold(17, { batch: 3 })) },
    { name: 'redraw: told otherwise at temperature 0', proof: redraw(retold(5, greedy)) },
    { name: 'redraw: another leaf than the one told otherwise', proof: redraw(retold(0), 2) },
    { name: 'redraw: the engine drew by itself', proof: redraw(retold(0, { head: { replayable: false } })) },
    { name: 'redraw: no evidence', proof: redraw(exampleOf({ receipt: { evidence: null } })) },
    { name: 'redraw: a malformed leaf', proof: redraw(withByte(1, 7, 8)) },
    { name: "redraw: another job's leaf", proof: { ...mixed, leaf: other.open(1) } },
    { name: "redraw: another job's head", proof: { ...mixed, head: other.open(0) } },
    {
      name: 'redraw: a leaf that says another place',
      proof: { ...mixed, leaf: { ...mixed.leaf, path: { ...mixed.leaf.path, index: 2 } } },
    },
    {
      name: 'redraw: a path of another size',
      proof: { ...mixed, leaf: { ...mixed.leaf, path: { ...mixed.leaf.path, size: 4 } } },
    },
    { name: 'redraw: the head as a leaf of positions', proof: { ...mixed, leaf: mixed.head } },
    { name: 'redraw: another provider is named', proof: { ...mixed, provider: stranger.address } },
    { name: 'overcount: as many as were written', proof: overcount(honest) },
    {
      name: 'overcount: fewer than were written',
      proof: overcount(exampleOf({ receipt: { usage: { completion: '3' } } })),
    },
    {
      name: 'overcount: the token that ends the answer is counted',
      proof: overcount(exampleOf({ receipt: { usage: { prompt: '9', completion: '34' } } })),
    },
    {
      name: 'overcount: that token is counted, and was not one that ends it',
      proof: overcount(exampleOf({ head: { ended: false }, receipt: { usage: { prompt: '9', completion: '34' } } })),
    },
    {
      name: 'overcount: more of the prompt than was read, with the cached',
      proof: overcount(exampleOf({ batch: 2, receipt: { usage: { prompt: '9', cached: '1', completion: '33' } } })),
    },
    { name: 'overcount: no evidence', proof: overcount(exampleOf({ receipt: { evidence: null } })) },
    {
      name: "overcount: another job's head",
      proof: { ...base(honest), kind: 'overcount', head: exampleOf({ positions: 2 }).open(0) },
    },
    {
      name: 'overcount: an empty answer',
      proof: overcount(exampleOf({ positions: 0, receipt: { usage: { prompt: '9', completion: '0' } } })),
    },
    { name: 'equivocation: the same receipt twice', proof: equivocation(honest.signed, honest.signed) },
    {
      name: 'equivocation: the same receipt under two signatures',
      proof: equivocation(honest.signed, again(honest, {}, 3)),
    },
    {
      name: 'equivocation: two charges for one place',
      proof: equivocation(honest.signed, again(honest, { charged: '54' })),
    },
    {
      name: 'equivocation: two charges for one place, one in a batch of two',
      proof: equivocation(honest.signed, again(honest, { charge: '54', charged: '54' }, 2)),
    },
    {
      name: 'equivocation: two receipts for one place, of which one charges nothing',
      proof: equivocation(honest.signed, again(honest, { charge: '0', charged: '0' })),
    },
    {
      name: 'equivocation: two receipts for one place, and nothing charged by either',
      proof: equivocation(again(honest, { charged: '0' }), again(honest, { charge: '0', charged: '0' })),
    },
    { name: 'equivocation: two places', proof: equivocation(honest.signed, again(honest, { sequence: '2' })) },
    {
      name: 'equivocation: two channels',
      proof: equivocation(honest.signed, again(honest, { channel: digestOf('another channel') })),
    },
    {
      name: 'equivocation: two settlement contracts',
      proof: equivocation(honest.signed, again(honest, { settlement: `0x${'77'.repeat(20)}` as Address })),
    },
    { name: 'overcharge: claimed more by the block it names', proof: overcharge(honest, '54') },
    { name: 'overcharge: claimed more, its receipt in a batch of three', proof: overcharge(inBatch, '54') },
    { name: 'overcharge: claimed the most there is', proof: overcharge(honest, largest) },
    { name: 'overcharge: claimed what is charged', proof: overcharge(honest, '53') },
    { name: 'overcharge: claimed less', proof: overcharge(honest, '52') },
    { name: 'overcharge: claimed nothing', proof: overcharge(honest, '0') },
    { name: 'overcharge: claimed more by a later block', proof: overcharge(honest, '54', { block: seen!.block + 1 }) },
    {
      name: 'overcharge: claimed more by an earlier block',
      proof: overcharge(honest, '54', { block: seen!.block - 1 }),
    },
    { name: 'overcharge: the block is not on the chain', proof: overcharge(honest, '54', { hash: digestOf('fork') }) },
    {
      name: 'overcharge: witnessed before the block it names',
      proof: overcharge(honest, '54', { witnessed: seen!.block - 1 }),
    },
    {
      name: 'overcharge: witnessed after the block it names',
      proof: overcharge(honest, '54', { witnessed: seen!.block + 1 }),
    },
    {
      name: 'overcharge: witnessed long after the block it names, its receipt in a batch of three',
      proof: overcharge(inBatch, largest, { witnessed: seen!.block + 200 }),
    },
    { name: 'overcharge: nobody had the claim witnessed', proof: overcharge(honest, '54', { witnessed: null }) },
    {
      name: 'overcharge: claimed what is charged, and nobody had it witnessed',
      proof: overcharge(honest, '53', { witnessed: null }),
    },
    {
      name: 'overcharge: claimed what is charged, witnessed after the block it names',
      proof: overcharge(honest, '53', { witnessed: seen!.block + 1 }),
    },
    {
      name: 'overcharge: the receipt names no block, and claimed what it charges',
      proof: overcharge(unseen, '53', { witnessed: null }),
    },
    {
      name: 'overcharge: the receipt names no block, and nobody had the claim witnessed',
      proof: overcharge(unseen, '54', { witnessed: null }),
    },
    {
      name: 'overcharge: the block is not on the chain, and nobody had the claim witnessed',
      proof: overcharge(honest, '54', { hash: digestOf('fork'), witnessed: null }),
    },
    { name: 'overcharge: the receipt names no block', proof: overcharge(unseen, '54') },
    {
      name: 'overcharge: the claim of another channel',
      proof: overcharge(honest, '54', { channel: digestOf('another channel') }),
    },
    { name: 'overcharge: a receipt of another workload', proof: overcharge(exampleOf(foreign), '54') },
    { name: 'wrong-model: the model of the offer', proof: wrongModel(honest) },
    { name: 'wrong-model: another model', proof: wrongModel(exampleOf({ receipt: { model: digestOf('smaller') } })) },
    { name: 'wrong-model: an offer that the receipt does not name', proof: wrongModel(honest, otherModel) },
    {
      name: 'wrong-model: an offer that nobody signed',
      proof: wrongModel(honest, { ...otherModel, signature: honest.offer.signature }),
    },
    {
      name: 'wrong-model: an offer that its provider did not sign',
      proof: wrongModel(exampleOf({ receipt: { model: digestOf('smaller'), offer: offerDigest(otherModel.offer) } }), {
        ...otherModel,
        signature: honest.offer.signature,
      }),
    },
    {
      name: 'wrong-model: an offer of another provider',
      proof: wrongModel(
        exampleOf({ receipt: { model: digestOf('smaller'), offer: offerDigest(elsewhere.offer) } }),
        elsewhere,
      ),
    },
    {
      name: 'wrong-model: the model of an offer whose texts name others',
      proof: wrongModel(
        exampleOf({ receipt: { model: wordy.offer.serves.digest, offer: offerDigest(wordy.offer) } }),
        wordy,
      ),
    },
    {
      name: 'wrong-model: a model that only the texts of the offer name',
      proof: wrongModel(exampleOf({ receipt: { model: ZEROS, offer: offerDigest(wordy.offer) } }), wordy),
    },
    {
      name: 'wrong-model: an offer for another chain and contract',
      proof: wrongModel(
        exampleOf({ receipt: { model: digestOf('smaller'), offer: offerDigest(abroad.offer) } }),
        abroad,
      ),
    },
    { name: 'foreign-seed: as the nonce fixes it', proof: foreignSeed(honest) },
    { name: "foreign-seed: the consumer's own", proof: foreignSeed(exampleOf({ spec: { seed: 7 } })) },
    {
      name: "foreign-seed: the job's, where the consumer sent its own",
      proof: foreignSeed(exampleOf({ spec: { seed: 7 }, head: { seed: honest.signed.receipt.seed } })),
    },
    { name: 'foreign-seed: a picked seed', proof: foreignSeed(exampleOf({ head: { seed: digestOf('picked') } })) },
    {
      name: 'foreign-seed: a picked seed, in the receipt too',
      proof: foreignSeed(exampleOf({ head: { seed: digestOf('picked') }, receipt: { seed: digestOf('picked') } })),
    },
    { name: 'foreign-seed: another temperature', proof: foreignSeed(exampleOf({ head: { temperature: 701 } })) },
    { name: 'foreign-seed: another topP', proof: foreignSeed(exampleOf({ head: { topP: 1_000_000 } })) },
    { name: 'foreign-seed: another topK', proof: foreignSeed(exampleOf({ head: { topK: 7 } })) },
    {
      name: 'foreign-seed: the engine drew by itself',
      proof: foreignSeed(exampleOf({ head: { replayable: false, seed: digestOf('none') } })),
    },
    {
      name: 'foreign-seed: another job',
      proof: { ...foreignSeed(honest), job: { ...honest.job, limit: '501' } } as FraudProof,
    },
    { name: 'redraw: told otherwise, in another workload', proof: redraw(retold(0, foreign)) },
    {
      name: 'overcount: more than was written, in another workload',
      proof: overcount(exampleOf({ receipt: { ...foreign.receipt, usage: { completion: '99' } } })),
    },
    {
      name: 'wrong-model: another model, in another workload',
      proof: wrongModel(exampleOf({ receipt: { ...foreign.receipt, model: digestOf('smaller') } })),
    },
    {
      name: 'foreign-seed: a picked seed, in another workload',
      proof: foreignSeed(exampleOf({ ...foreign, head: { seed: digestOf('picked') } })),
    },
    {
      name: 'malformed: a head of version 2, in another workload',
      proof: malformed(withByte(0, 1, 2, foreign), 0),
    },
    {
      name: 'malformed: a draw outside the candidates, in another workload',
      proof: malformed(withByte(1, 7, 8, foreign), 1),
    },
    {
      name: 'equivocation: two charges for one place, in another workload',
      proof: equivocation(exampleOf(foreign).signed, again(exampleOf(foreign), { charged: '54' })),
    },
    { name: 'malformed: an honest head', proof: malformed(honest, 0) },
    { name: 'malformed: an honest leaf', proof: malformed(honest, 2) },
    { name: 'malformed: a head of version 2', proof: malformed(withByte(0, 1, 2), 0) },
    { name: 'malformed: a leaf under a head of version 2', proof: malformed(withByte(0, 1, 2), 1) },
    { name: 'malformed: more leaves than the head says', proof: malformed(withByte(0, 27, 32), 0) },
    { name: 'malformed: a draw outside the candidates', proof: malformed(withByte(1, 7, 8), 1) },
    { name: 'malformed: another leaf than the malformed one', proof: malformed(withByte(1, 7, 8), 2) },
  ]
}

/** What a verifier in another language needs of a signed offer, step by step. */
const offerSteps = ({ offer, signature }: SignedOffer) => ({
  canonical: canonical(offer),
  digest: offerDigest(offer),
  signature,
  provider: offer.provider,
  domain: domainOf(offer),
})

/** What a verifier in another language needs of a signed receipt, step by step. */
function stepsOf({ receipt, path, signature }: SignedReceipt) {
  const text = canonical(receipt)
  const leaf = merkleRoot([utf8(text)])
  return { canonical: text, leaf, path, signature, provider: receipt.provider, domain: domainOf(receipt) }
}

/** The EIP-712 hash that was signed. */
function signedHash({ receipt, path }: SignedReceipt): Hex {
  const root = rootFromPath(utf8(canonical(receipt)), path)!
  const head = path.size === 1 ? root : digestOf(`{"root":"${root}","size":${path.size}}`)
  return toHex(statementDigest(domainOf(receipt), 'receipts', head))
}

export function computeProof({ proof }: ProofCase): unknown {
  const receipts = proof.kind === 'equivocation' ? proof['receipts'] : [proof['receipt']]
  const steps = {
    receipts: (receipts as readonly SignedReceipt[]).map(one => ({ ...stepsOf(one), hash: signedHash(one) })),
    ...(proof.kind === 'wrong-model' ? { offer: offerSteps(proof['offer'] as SignedOffer) } : {}),
  }
  try {
    return { ...steps, outcome: prover.verify(proof) }
  } catch (error) {
    if (isHeddleError(error)) return { ...steps, refused: error.code }
    throw error
  }
}
