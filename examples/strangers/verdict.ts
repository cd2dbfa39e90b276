import type { Address } from '@heddle/protocol'
import { z } from 'zod'
import type { Report } from './audit/audit.ts'

const swapSchema = z.object({ job: z.string(), jobs: z.int() })
const overclaimSchema = z.object({ channel: z.string(), claimed: z.string(), charged: z.string() })

/** What the hosts did, by their own word, held against what the audit found. */
export function verdictOn(
  report: Report,
  truth: { swapper: Address; swap: unknown; overclaimer: Address; overclaim: unknown },
): { lines: readonly string[]; failed: boolean } {
  const swap = swapSchema.parse(truth.swap)
  const over = overclaimSchema.parse(truth.overclaim)
  const lines: string[] = []
  let failed = false
  const hold = (isSo: boolean, text: string): void => {
    failed ||= !isSo
    lines.push(`${isSo ? '✓' : '✗'} ${text}`)
  }
  const { conduct, overclaims, books } = report
  const guilty = conduct.filter(({ stretch }) => stretch)
  const [named] = guilty
  // Out of JSON every bigint is text.
  const first = String(named?.stretch?.first)
  const last = String(named?.stretch?.last)
  hold(
    guilty.length === 1 && named?.provider === truth.swapper,
    'one provider is named for its weights: the one that swapped them',
  )
  hold(first === String(swap.jobs), `it swapped them at answer ${swap.jobs}; the audit says from ${first}`)
  hold(last === String(named?.receipts), `and never back; the audit says until ${last}, of ${named?.receipts}`)
  hold(
    (named?.stretch?.chance ?? 0) <= -4,
    `the bound on a false accusation is 10^${Math.ceil(named?.stretch?.chance ?? 0)}`,
  )
  const [claim] = overclaims
  hold(
    overclaims.length === 1 && claim?.provider === truth.overclaimer && claim.claimed === over.claimed,
    `one claim is proven to be too high: ${over.claimed} where ${over.charged} was charged`,
  )
  const taken = books.channels.map(one => String(one.overclaimed)).filter(amount => amount !== '0')
  hold(taken.length === 1, `what was taken too much is named: ${taken.join(', ')}`)
  hold(String(books.unaccounted) === '0', 'every unit of money is accounted for')
  hold(
    BigInt(books.held) + BigInt(books.unswept) === BigInt(books.inContract),
    "the contract's balance is what its events say",
  )
  return { lines, failed }
}
