import {
  type Claim,
  type FraudProof,
  isHeddleError,
  type JobRequest,
  judgeClaim,
  merkleTree,
  type SignedOffer,
  type SignedReceipt,
  toHex,
} from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { prover } from '@heddle/workloads/proofs'
import type { Block } from './chain.ts'
import { type OnChain, overchargeOf, type Tried, triedOf } from './evm.ts'
import type { History } from './history.ts'

const provider = fixture.parties.provider.address
const of = { version: 1, provider } as const

/** What was tried against somebody, what TypeScript says of it, and how to ask the chain. */
export type Accusation = { kind: FraudProof['kind']; here: OnChain; tried?: Tried }

/** What TypeScript says: an error and an inconclusive verdict are both no verdict. */
function judged(say: () => { verdict: string }): OnChain {
  try {
    const { verdict } = say()
    return verdict === 'inconclusive' ? 'refused' : (verdict as OnChain)
  } catch (error) {
    if (isHeddleError(error)) return 'refused'
    throw error
  }
}

export function accuse(proof: FraudProof): Accusation {
  const tried = triedOf(proof)
  return { kind: proof.kind, here: judged(() => prover.verify(proof)), ...(tried ? { tried } : {}) }
}

/** Everything that could be said against a provider by anybody who has all that it signed, and the chain. */
export function accusations({ chain, receipts }: History): Accusation[] {
  const all = receipts.map(({ signed }) => signed)
  return [
    ...equivocations(all),
    ...all.flatMap(signed => overcharges(signed, chain.blocks)),
    ...receipts.slice(-1).flatMap(({ signed, work, offer }) => ofAnswer(signed, { ...work, offer })),
  ]
}

function equivocations(all: readonly SignedReceipt[]): Accusation[] {
  const places = Map.groupBy(all, ({ receipt }) => receipt.sequence)
  return [...places.values()].flatMap(([first, ...others]) =>
    others.map(other => accuse({ ...of, kind: 'equivocation', receipts: [first!, other] })),
  )
}

/** How many blocks after a claim it was witnessed: at once mostly, which convicts the most, and else later or never. */
const LATER: readonly (number | undefined)[] = [0, 0, 0, 1, 2, undefined]

/** A receipt against every total that the chain ever had, each witnessed in the block that has it, or later, or never. */
function overcharges(signed: SignedReceipt, blocks: readonly Block[]): Accusation[] {
  const { chainId, settlement, channel, charged, seen } = signed.receipt
  const onChain = (number: number): Block | undefined => blocks[number - blocks[0]!.number]
  const named = seen ? onChain(seen.block) : undefined
  const claims = blocks.filter(({ claimed }, i) => claimed > 0n && claimed !== blocks[i - 1]?.claimed)
  return claims.map(({ number: block, hash, claimed }, i): Accusation => {
    const later = LATER[(block + i) % LATER.length]
    const witnessed = later === undefined ? null : block + later
    const claim: Claim = { block, hash, chainId, channel, settlement, totalClaimed: `${claimed}`, witnessed }
    const isBelow = BigInt(charged) < claimed
    const around = isBelow ? { below: signed, ...(named ? { named: named.hash } : {}) } : { reached: signed }
    const { verdicts, proof } = judgeClaim({ claim, ...around }, provider)
    const told =
      proof?.kind === 'overcharge'
        ? (proof['claim'] as Claim)
        : { ...claim, ...(named ? { block: named.number, hash: named.hash } : {}) }
    return { kind: 'overcharge', here: judged(() => verdicts[0]!), tried: overchargeOf(signed, told) }
  })
}

/** One answer against all that opens it, each leaf. */
export function ofAnswer(
  receipt: SignedReceipt,
  { job, offer, evidence }: { job: JobRequest; offer: SignedOffer; evidence?: readonly Uint8Array[] },
): Accusation[] {
  const found = [accuse({ ...of, kind: 'wrong-model', receipt, offer })]
  if (!evidence) return found
  const { paths } = merkleTree(evidence)
  const [head, ...leaves] = evidence.map((leaf, i) => ({ leaf: toHex(leaf), path: paths[i]! }))
  found.push(accuse({ ...of, kind: 'overcount', receipt, head: head! }))
  found.push(accuse({ ...of, kind: 'malformed', receipt, leaf: head! }))
  found.push(accuse({ ...of, kind: 'foreign-seed', receipt, head: head!, job }))
  for (const leaf of leaves) {
    found.push(accuse({ ...of, kind: 'redraw', receipt, head: head!, leaf }))
    found.push(accuse({ ...of, kind: 'malformed', receipt, head: head!, leaf }))
  }
  return found
}
