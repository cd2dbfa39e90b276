import { digestOf, type Offer, priceOf, type SignedJob, usageFromJson } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/**
 * After a crash: every job that has a durable mark and no receipt gets an interrupted one, charged by that mark. Gives
 * how many there were. One that cannot be charged any more keeps nobody from starting: it is left as it is, and told.
 */
export async function settleMarked(parts: Parts): Promise<number> {
  const rows = await parts.ledger.read('jobs', { where: { state: 'running' } })
  for (const row of rows) {
    const offer = JSON.parse(row.offer) as Offer
    const signed = JSON.parse(row.request) as SignedJob
    const used = usageFromJson(JSON.parse(row.used) as Record<string, string>)
    const charge = priceOf(offer, used)
    const rail = await parts.receiver.rail(signed.job.channel)
    const held = await parts.receiver
      .reserve(signed.job.channel, charge, rail)
      .then(given => ('required' in given ? new Error(`its voucher is below ${given.required}`) : given))
      .catch((error: Error) => error)
    if (held instanceof Error) {
      parts.log.error('a marked job cannot be charged', { id: row.id, error: held.message })
      continue
    }
    await parts.settler.settle(held.reservation, {
      id: row.id as `0x${string}`,
      signed,
      offer,
      used,
      charge,
      output: row.output,
      digest: digestOf(row.output),
      finish: 'interrupted',
      started: row.started,
    })
  }
  return rows.length
}
