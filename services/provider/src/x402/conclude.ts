import { type ChainClient, readTransferMade } from '@heddle/chain'
import { put, type Row, readOne } from '@heddle/ledger'
import type { Authorization } from '@heddle/payments/x402'
import { canonical, digestOf, type Finish, type Hex, type Offer, type SignedJob, usageFromJson } from '@heddle/protocol'
import { Settler } from '../job/receipt.ts'
import type { Parts } from '../parts.ts'
import type { Shop } from './sale.ts'

/** What finding out how a transfer ended needs. */
export type Books = Pick<Shop, 'client' | 'signer'> & { parts: Pick<Parts, 'ledger' | 'clock' | 'log'> }

/** Ends jobs that were paid by a transfer: each is the one receipt of a channel of its own. */
export function settlerOf({ parts, signer }: Books, authorization: Authorization, finish: Finish): Settler {
  const { ledger, clock } = parts
  return new Settler({
    signer,
    clock,
    // Nothing is ever claimed on such a channel.
    seen: () => null,
    receiver: {
      async settleAll(settling, build) {
        const placed = settling.map(one => ({ ...one, sequence: 1, charged: one.charge }))
        const marks = placed.map(({ reservation }): Row<'x402'> => {
          return { channel: reservation.channel, scheme: 'exact', authorization: canonical(authorization), finish }
        })
        await ledger.commit(...build(placed), ...marks.map(row => put('x402', row)))
        return settling.map(() => undefined)
      },
    },
  })
}

/**
 * Finds out what became of a transfer whose end nobody saw. Made: the job gets its receipt, with what it had come to.
 * Not made, and too late: it failed, and nothing was charged.
 */
export async function conclude(books: Books, row: Row<'jobs'>): Promise<'paid' | 'failed' | 'pending'> {
  const { parts, client } = books
  const { ledger, log } = parts
  const mark = await readOne(ledger, 'x402', { channel: row.channel })
  const authorization = JSON.parse(mark!.authorization!) as Authorization
  const offer = JSON.parse(row.offer) as Offer
  if (await readTransferMade(client, offer.asset, authorization.from, authorization.nonce)) {
    const used = usageFromJson(JSON.parse(row.used) as Record<string, string>)
    const charge = BigInt(authorization.value)
    await settlerOf(books, authorization, mark!.finish as Finish).settle(
      { channel: row.channel as Hex, amount: charge, account: undefined },
      {
        id: row.id as Hex,
        signed: JSON.parse(row.request) as SignedJob,
        offer,
        used,
        charge,
        output: row.output,
        digest: digestOf(row.output),
        finish: mark!.finish as Finish,
        started: row.started,
      },
    )
    log.info('a transfer had been made', { id: row.id })
    return 'paid'
  }
  if (!(await isOver(client, authorization))) return 'pending'
  const used = canonical(JSON.parse(row.used.replace(/"[0-9]+"/g, '"0"')))
  await ledger.commit(put('jobs', { ...row, state: 'failed', output: new Uint8Array(0), used, updated: row.started }))
  log.warn('a transfer was not made in time', { id: row.id })
  return 'failed'
}

/** True once no block can take an authorization any more. */
async function isOver(client: ChainClient, { validBefore }: Authorization): Promise<boolean> {
  const { timestamp } = await client.getBlock()
  return timestamp >= BigInt(validBefore)
}

/** Looks after every transfer whose end was not seen. */
export async function concludeAll({ paying, parts, turns, client, signer }: Shop, signal: AbortSignal): Promise<void> {
  for (const id of paying) {
    if (parts.running.has(id)) continue
    const row = await readOne(parts.ledger, 'jobs', { id, state: 'paying' })
    if (!row) {
      paying.delete(id)
      continue
    }
    const leave = await turns.take(row.channel as Hex, signal)
    try {
      const now = await readOne(parts.ledger, 'jobs', { id, state: 'paying' })
      if (now) await conclude({ parts, client, signer }, now)
    } finally {
      leave()
    }
  }
}
