import { countOf, type Endpoint, sendJson } from '@heddle/daemon'
import { type Ledger, readOne } from '@heddle/ledger'
import type { SignedJob, SignedOffer, SignedReceipt } from '@heddle/protocol'
import type { Access } from '../access.ts'
import type { Keys } from '../keys.ts'
import { likenessOf } from './again.ts'

const MOST = 200
/** A longer text of a request is a prompt, or a part of one: not told here. */
const MOST_TEXT = 64

/** The plain settings of a request: how it was asked, without what was asked. */
const settingsOf = (spec: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(spec).filter(
      ([name, value]) =>
        name !== 'prompt' &&
        (typeof value === 'number' ||
          typeof value === 'boolean' ||
          (typeof value === 'string' && value.length <= MOST_TEXT)),
    ),
  )

/**
 * `GET /heddle/1/receipts?after=N&limit=M`, for the owner: receipts in the order in which they were stored here, after
 * the first N. Whoever remembers `next` and asks with it sees every receipt once, also those that were recovered late.
 * `again` is there where the key lets its questions be asked again.
 */
export const feedEndpoint = (ledger: Ledger, keys: Keys, access: Access): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/receipts',
  async handle({ request, response, query }) {
    await access.requireOwner(request)
    const after = countOf(query, 'after', { unless: 0 })
    const limit = countOf(query, 'limit', { unless: MOST, from: 1, to: MOST })
    const rows = await ledger.read('receipts', { after: { by: 'stored', value: after }, limit })
    const receipts = rows.map(async row => {
      const stored = await readOne(ledger, 'jobs', { id: row.id })
      const { receipt } = JSON.parse(row.signed) as SignedReceipt
      const signed = stored && (JSON.parse(stored.request) as SignedJob)
      const job = signed?.job
      const served = stored && (JSON.parse(stored.offer) as SignedOffer).offer.serves
      return {
        id: row.id,
        apiKey: row.apiKey,
        provider: receipt.provider,
        // What was offered: the rate is about that, whatever a receipt says.
        model: served?.digest ?? receipt.model,
        name: served?.name ?? '',
        evidence: receipt.evidence !== null,
        started: receipt.started,
        finished: receipt.finished,
        usage: receipt.usage,
        expires: job?.expires ?? Math.floor(receipt.finished / 1_000),
        settings: job ? settingsOf(job.spec) : {},
        ...(signed && (await keys.isShareable(row.apiKey)) ? { again: likenessOf(signed) } : {}),
      }
    })
    sendJson(response, 200, { receipts: await Promise.all(receipts), next: after + rows.length })
  },
})
