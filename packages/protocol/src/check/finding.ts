import type { Verdict } from '../proof/verdict.ts'
import type { Finding } from './check.ts'

/** What a proof came to, as a finding about the last receipt that it looked at: nothing was measured for it. */
export const findingOf = ({ proof, verdict, reason, receipts, facts }: Verdict): Finding => ({
  verdict,
  check: proof,
  reason,
  receipt: receipts.at(-1)!,
  provable: verdict === 'dishonest',
  cost: { milliseconds: 0, tokens: 0 },
  facts,
})
