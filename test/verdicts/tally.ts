import assert from 'node:assert/strict'
import type { openVerifier } from './evm.ts'
import { liveOnce } from './history.ts'
import { type Accusation, accusations } from './judge.ts'

/** What came of many histories of honest providers. */
export type Tally = { histories: number; receipts: number; accusations: number; onChain: number; convicted: number }

/** How many are held against the chain at once: a node takes two megabytes in one request. */
const AT_ONCE = 40

/**
 * So many lives, and all that could be said against them: here and on the chain, which must say the same. Throws for the first
 * verdict that differs; counts those that convict.
 */
export async function liveMany(
  verifier: Awaited<ReturnType<typeof openVerifier>>,
  { from, count, told = () => undefined }: { from: number; count: number; told?: (tally: Tally) => void },
): Promise<Tally> {
  const tally: Tally = { histories: 0, receipts: 0, accusations: 0, onChain: 0, convicted: 0 }
  for (let seed = from; seed < from + count; seed += AT_ONCE) {
    const most = Math.min(AT_ONCE, from + count - seed)
    const all: (Accusation & { seed: number })[] = []
    for (let i = 0; i < most; i++) {
      const history = await liveOnce(seed + i)
      tally.histories += 1
      tally.receipts += history.receipts.length
      for (const one of accusations(history)) all.push({ ...one, seed: seed + i })
    }
    const asked = all.filter(one => one.tried)
    const there = await verifier.judge(asked.map(one => one.tried!))
    for (const [i, one] of asked.entries())
      assert.equal(there[i], one.here, `history ${one.seed}, ${one.kind}: ${one.here} here, ${there[i]} on the chain`)
    tally.accusations += all.length
    tally.onChain += asked.length
    tally.convicted += all.filter(({ here }) => here === 'dishonest').length
    told(tally)
  }
  return tally
}
