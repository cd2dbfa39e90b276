import type { Checker, Finding } from '@heddle/protocol'
import { prover } from '@heddle/workloads/proofs'

/**
 * A checker that looks at signed data alone: it knows no weights, so here an answer in which nothing is wrong counts as
 * honest. `before` is called when a finding is made and not yet given.
 */
export const signedDataChecker = (before: (finding: Finding) => void | Promise<void> = () => undefined): Checker => ({
  knows: () => true,
  async check(answer) {
    const { receipt } = answer.receipt
    const { verdicts, proof } = prover.prove(answer, receipt.provider)
    // That the model is the one that was offered says nothing of the answer.
    const last = proof ? verdicts.at(-1) : verdicts.findLast(one => one.proof !== 'wrong-model')
    const finding: Finding = {
      verdict: proof ? 'dishonest' : (last?.verdict ?? 'inconclusive'),
      check: last?.proof ?? 'evidence',
      reason: last?.reason ?? 'the receipt names no evidence',
      receipt: receipt.id,
      provable: proof !== undefined,
      cost: { milliseconds: 0, tokens: 0 },
      facts: last?.facts ?? {},
    }
    await before(finding)
    return finding
  },
  stop: async () => undefined,
})
