import { z } from 'zod'
import type { Address } from '../bytes.ts'
import { toHex } from '../bytes.ts'
import type { Answered } from '../check/check.ts'
import { merkleTree } from '../merkle.ts'
import type { SignedOffer } from '../offer.ts'
import { signedOfferSchema } from '../offer.ts'
import { type Receipt, type SignedReceipt, signedReceiptSchema } from '../receipt/receipt.ts'
import { equivocation } from './equivocation.ts'
import { type FraudProof, filesOf } from './fraud-proof.ts'
import type { Attempt, OpenedLeaves, ProofKind, Proofs } from './kind.ts'
import { claimSchema, overcharge } from './overcharge.ts'
import type { Verdict } from './verdict.ts'
import { wrongModel } from './wrong-model.ts'

/** What signed data alone says of one answer. */
export type Fraud = {
  /** Every proof that was tried, in the order of trying; the last one convicts, where any does. */
  verdicts: readonly Verdict[]
  /** The file that convicts: {@link Prover.write} writes it. */
  proof?: FraudProof
}

/** A receipt that its provider signed and whoever asked did not take, with what it may contradict. */
export type Refused = Readonly<{
  receipt: SignedReceipt
  /** The offer that it names, where that is known. */
  offer?: SignedOffer
  /** Another receipt for its place in the channel. */
  rival?: SignedReceipt
}>

/** Whoever judges fraud: by what is common to all kinds of work, and by what each kind that it was given knows. */
export type Prover = Readonly<{
  /**
   * Judges a fraud proof by itself, without network or ledger. `provider` in the verdict is the key that is judged: hold
   * it against the provider that you know. An `overcharge` rests on chain data that nobody signed here: look its claim
   * up on the chain. Throws `proof_malformed`, and what the single proofs throw.
   */
  verify(json: unknown): Verdict
  /** A proof as the text of its file: RFC 8785. Throws `proof_malformed` for a proof that no reader would take. */
  write(proof: FraudProof): string
  /**
   * Reads the text of a proof's file. It has one form, RFC 8785 (white space around it aside): a name twice, or a number
   * written in two ways, could be read differently by others. Throws `proof_malformed`.
   */
  read(text: string): FraudProof
  /**
   * Tries every proof that needs one answer alone: another thing than was offered, and what its workload tries on the
   * leaves of its evidence. What is not here (the offer, the leaves) is not tried. Leaves must be those that the receipt
   * names. Throws what the single proofs throw, for parts that do not belong together.
   */
  prove(answered: Answered, pinned: Address): Fraud
  /**
   * What a refused receipt proves by itself: another thing than was offered, or two stories about one place of a channel.
   * Most reasons for not taking a receipt prove nothing. Throws what the single proofs throw.
   */
  proveRefused(refused: Refused, pinned: Address): Fraud
  /** Most leaves that can open this receipt; nothing where its kind of work is not known here. */
  mostLeaves(receipt: Receipt): number | undefined
}>

/**
 * Makes a prover of the proofs of some workloads. Throws a TypeError where two kinds of proofs have one name.
 *
 * @example
 * ```ts
 * import { createProver, isHeddleError } from '@heddle/protocol'
 * const prover = createProver([])
 * const refused = (() => { try { return prover.verify({ kind: 'equivocation' }) } catch (error) { return error } })()
 * isHeddleError(refused, 'proof_malformed') // true
 * ```
 */
export function createProver(proofs: readonly Proofs[]): Prover {
  const known = new Map(proofs.map(one => [one.workload, one]))
  const kinds = [...commonKinds(workload => known.has(workload)), ...proofs.flatMap(one => one.kinds)]
  const byName = new Map(kinds.map(kind => [kind.name, kind]))
  const files = filesOf(kinds)

  const trial = (pinned: Address) => {
    const verdicts: Verdict[] = []
    let proof: FraudProof | undefined
    return {
      /** What this comes to. */
      attempt(tried: Attempt): Verdict {
        const verdict = byName.get(tried.kind)!.judge(tried, pinned)
        verdicts.push(verdict)
        if (verdict.verdict === 'dishonest') proof = { ...tried, version: 1, provider: pinned }
        return verdict
      },
      convicted: (): boolean => proof !== undefined,
      end: (): Fraud => ({ verdicts, ...(proof ? { proof } : {}) }),
    }
  }

  return {
    ...files,
    prove(answered, pinned) {
      const { receipt, offer, leaves } = answered
      const { attempt, convicted, end } = trial(pinned)
      if (offer) attempt({ kind: 'wrong-model', offer, receipt })
      const face = known.get(receipt.receipt.workload)
      if (convicted() || !face || !leaves || leaves.length === 0 || receipt.receipt.evidence === null) return end()
      const attempts = face.attempts(answered, withPaths(leaves))
      for (let next = attempts.next(); !next.done; ) {
        const verdict = attempt(next.value)
        if (convicted()) break
        next = attempts.next(verdict)
      }
      return end()
    },
    proveRefused({ receipt, offer, rival }, pinned) {
      const { attempt, convicted, end } = trial(pinned)
      if (offer) attempt({ kind: 'wrong-model', offer, receipt })
      if (rival && !convicted()) attempt({ kind: 'equivocation', receipts: [rival, receipt] })
      return end()
    },
    mostLeaves: receipt => known.get(receipt.workload)?.mostLeaves(receipt),
  }
}

function withPaths(leaves: readonly Uint8Array[]): OpenedLeaves {
  const { paths } = merkleTree(leaves)
  const [first, ...others] = leaves.map((leaf, i) => ({ leaf: toHex(leaf), path: paths[i]! }))
  return [first!, ...others]
}

/** What convicts in any kind of work, and where it names another thing than was offered: in those that are known. */
const commonKinds = (knows: (workload: string) => boolean): readonly ProofKind[] => [
  {
    name: 'equivocation',
    parts: { receipts: z.tuple([signedReceiptSchema, signedReceiptSchema]) },
    judge: (parts: { receipts: readonly [unknown, unknown] }, pinned) => equivocation(parts, pinned),
  },
  {
    name: 'overcharge',
    parts: { claim: claimSchema, receipt: signedReceiptSchema },
    judge: (parts: { receipt: unknown; claim: unknown }, pinned) => overcharge(parts, pinned),
  },
  {
    name: 'wrong-model',
    parts: { offer: signedOfferSchema, receipt: signedReceiptSchema },
    judge: (parts: { receipt: unknown; offer: unknown }, pinned) => wrongModel(parts, pinned, knows),
  },
]
