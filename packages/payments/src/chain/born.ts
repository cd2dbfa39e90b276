import type { Row } from '@heddle/ledger'
import { digestOf } from '@heddle/protocol'

const NAME = 'born'

/**
 * The block up to which the chain went when a ledger first saw it. What was done on channels from before that was done
 * under another ledger, and nothing here tells what. Nothing else tells this number either, so it carries its own digest:
 * a row that was altered is no such fact.
 */
export const bornFact = (block: number): Row<'facts'> => ({
  name: NAME,
  value: `${block}/${digestOf(`born ${block}`)}`,
})

/** The number in such a row; nothing for any other row, or one that was altered. */
export function bornIn(row: Row<'facts'>): number | undefined {
  const block = Number.parseInt(row.value, 10)
  const fact = bornFact(block)
  return row.name === fact.name && row.value === fact.value ? block : undefined
}
