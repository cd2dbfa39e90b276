import {
  canonical,
  createProver,
  type ErrorCode,
  evidenceRoot,
  type FraudProof,
  isHeddleError,
  merklePath,
  openLeaf,
  packReceipt,
  signedReceiptSchema,
  unpackReceipt,
  verifyPackedReceipt,
  verifyReceipt,
} from '@heddle/protocol'
import { numbersFrom } from '@heddle/testing'
import { decodeHead, encodeHead } from '../head.ts'
import { decodePositions, encodePositions, POSITIONS_PER_LEAF } from '../positions.ts'
import { inferenceProofs } from '../proofs.ts'
import { type Example, exampleOf } from './example.ts'
import { mutateBytes, mutateText } from './mutate.ts'

/** What became of the inputs. `crashes` threw what no reader is told of, `falseAccepts` were taken for what they are not. */
export type FuzzCount = { inputs: number; refused: number; accepted: number; crashes: number; falseAccepts: number }
export type FuzzTarget = 'head' | 'positions' | 'path' | 'receipt' | 'packed' | 'proof'
export type FuzzReport = FuzzCount & { targets: Record<FuzzTarget, FuzzCount> }

type Random = (below: number) => number
/** One mutated input to a reader. True where it was right to take it; throws where the reader refuses. */
type Target = { name: FuzzTarget; share: number; refusals?: readonly ErrorCode[]; feed(random: Random): boolean }

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
const pick = <T>(random: Random, of: readonly T[]): T => of[random(of.length)]!

const prover = createProver([inferenceProofs])

function targets(): Target[] {
  const small: Example[] = [
    exampleOf({ positions: 3, topK: 3 }),
    exampleOf({ positions: 2, topK: 5, head: { width: 3, vocabulary: 200_000 } }),
    exampleOf({ positions: 33, topK: 1, batch: 2 }),
  ]
  const heads = small.map(({ leaves }) => leaves[0]!)
  const bodies = small.flatMap(({ head, leaves }) => leaves.slice(1).map((leaf, i) => ({ head, leaf, index: i + 1 })))
  const trees = small.map(({ leaves }) => ({
    leaves,
    root: evidenceRoot(leaves),
    paths: leaves.map((_, i) => canonical(merklePath(leaves, i))),
  }))
  const receipts = small.map(({ signed }) => canonical(signed))
  const packed = small.map(({ signed }) => packReceipt(signed))
  const { provider } = small[0]!
  const proofs = innocent(small).map(prover.write)
  const convicted = guilty().map(prover.write)
  const files = [...proofs, ...convicted]

  return [
    {
      name: 'head',
      share: 41,
      refusals: ['evidence_malformed'],
      feed(random) {
        const bytes = mutateBytes(random, heads)
        return same(encodeHead(decodeHead(bytes)), bytes)
      },
    },
    {
      name: 'positions',
      share: 50,
      refusals: ['evidence_malformed'],
      feed(random) {
        const { head, leaf, index } = pick(random, bodies)
        const bytes = mutateBytes(random, [leaf, pick(random, bodies).leaf])
        const positions = decodePositions(bytes, head, index)
        return same(encodePositions(head, POSITIONS_PER_LEAF * (index - 1), positions), bytes)
      },
    },
    {
      name: 'path',
      share: 4,
      refusals: ['evidence_path'],
      feed(random) {
        const { leaves, root, paths } = pick(random, trees)
        const index = random(leaves.length)
        const isLeafMutated = random(2) === 0
        const leaf = isLeafMutated ? mutateBytes(random, leaves) : leaves[index]!
        const path = parse(isLeafMutated ? paths[index]! : mutateText(random, paths))
        const place = openLeaf(root, leaf, path)
        return same(leaf, leaves[place.index]!) && canonical(place) === paths[place.index]
      },
    },
    {
      name: 'receipt',
      share: 2,
      feed: random => receipts.includes(canonical(verifyReceipt(parse(mutateText(random, receipts)), provider))),
    },
    {
      name: 'packed',
      share: 2,
      refusals: ['receipt_malformed', 'receipt_signature', 'receipt_signer'],
      feed(random) {
        const bytes = mutateBytes(random, packed)
        const read = unpackReceipt(bytes)
        if (!signedReceiptSchema.safeParse(read).success || !same(packReceipt(read), bytes)) return false
        verifyPackedReceipt(bytes, provider)
        return packed.some(one => same(one, bytes))
      },
    },
    {
      name: 'proof',
      share: 1,
      feed(random) {
        const text = mutateText(random, files)
        const proof = prover.read(text)
        const { verdict } = prover.verify(proof)
        // A claim is chain data, which nobody signs: another claim may well be one that convicts.
        return verdict !== 'dishonest' || convicted.includes(text.trim()) || proof.kind === 'overcharge'
      },
    },
  ]
}

function innocent(examples: readonly Example[]): FraudProof[] {
  return examples.flatMap((example): FraudProof[] => {
    const { signed: receipt, provider, offer, job } = example
    const [head, leaf] = [example.open(0), example.open(1)]
    const { chainId, settlement, channel, seen } = receipt.receipt
    const claim = { chainId, settlement, channel, totalClaimed: '9', witnessed: 1, ...seen! }
    return [
      { version: 1, provider, kind: 'redraw', receipt, head, leaf },
      { version: 1, provider, kind: 'overcount', receipt, head },
      { version: 1, provider, kind: 'malformed', receipt, head, leaf },
      { version: 1, provider, kind: 'foreign-seed', receipt, head, job },
      { version: 1, provider, kind: 'wrong-model', receipt, offer },
      { version: 1, provider, kind: 'equivocation', receipts: [receipt, receipt] },
      { version: 1, provider, kind: 'overcharge', receipt, claim },
    ]
  })
}

function guilty(): FraudProof[] {
  const counted = exampleOf({ positions: 2, topK: 2, receipt: { usage: { completion: '9' } } })
  const model = exampleOf({ positions: 0, receipt: { model: `0x${'ab'.repeat(32)}` } })
  return [
    {
      version: 1,
      provider: counted.provider,
      kind: 'overcount',
      receipt: counted.signed,
      head: counted.open(0),
    },
    { version: 1, provider: model.provider, kind: 'wrong-model', receipt: model.signed, offer: model.offer },
    {
      version: 1,
      provider: model.provider,
      kind: 'equivocation',
      receipts: [counted.signed, model.signed],
    },
  ]
}

/** JSON as a daemon's edge parses it: text that is not JSON reaches no reader. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const nothing = (): FuzzCount => ({ inputs: 0, refused: 0, accepted: 0, crashes: 0, falseAccepts: 0 })

/**
 * Feeds `count` mutated inputs to everything that reads what strangers send of receipts, evidence and proofs. The same
 * seed gives the same inputs. What is taken is held against what was honest: a head or a leaf must be written as it was
 * read, a packed receipt must keep its schema and pack to the same bytes, and a path, a receipt or a conviction must be an original one.
 */
export function fuzz({ seed, count }: { seed: number; count: number }): FuzzReport {
  const random = numbersFrom(seed)
  const all = targets()
  const lots = all.flatMap(target => Array.from({ length: target.share }, () => target))
  const counts = new Map(all.map(({ name }) => [name, nothing()]))
  const untraced = Error as { stackTraceLimit?: number }
  const { stackTraceLimit } = untraced
  // A trace costs more than what is tested, and nobody reads one of a refusal.
  untraced.stackTraceLimit = 0
  for (let i = 0; i < count; i++) {
    const target = pick(random, lots)
    const of = counts.get(target.name)!
    of.inputs += 1
    try {
      if (target.feed(random)) of.accepted += 1
      else of.falseAccepts += 1
    } catch (error) {
      const isRefusal = isHeddleError(error) && (target.refusals?.includes(error.code) ?? error.code !== 'internal')
      if (isRefusal) of.refused += 1
      else of.crashes += 1
    }
  }
  if (stackTraceLimit !== undefined) untraced.stackTraceLimit = stackTraceLimit
  const sum = nothing()
  for (const of of counts.values()) for (const name of Object.keys(sum) as (keyof FuzzCount)[]) sum[name] += of[name]
  return { ...sum, targets: Object.fromEntries(counts) as Record<FuzzTarget, FuzzCount> }
}
