import { countOf, type Endpoint, sendJson } from '@heddle/daemon'
import { type Ledger, type Row, readOne } from '@heddle/ledger'
import { fromUtf8, HeddleError, type JobRequest, type SignedOffer, type SignedReceipt } from '@heddle/protocol'
import type { Access } from '../access.ts'

const text = (bytes: Uint8Array): string => {
  try {
    return fromUtf8(bytes)
  } catch {
    return ''
  }
}

/** How many answers one look shows at most. */
const MOST = 200

const offerOf = (row: Row<'jobs'>) => (JSON.parse(row.offer) as SignedOffer).offer

function summary(row: Row<'jobs'>, receipt: Row<'receipts'> | undefined) {
  const signed = receipt && (JSON.parse(receipt.signed) as SignedReceipt).receipt
  const { job } = JSON.parse(row.request) as { job: JobRequest }
  return {
    id: row.id,
    state: row.state,
    asked: job.spec,
    answer: text(row.output),
    started: row.started,
    finished: signed?.finished ?? row.updated,
    charge: signed?.charge ?? '0',
    usage: signed?.usage ?? {},
    finish: signed?.finish ?? null,
    provider: signed?.provider ?? null,
    model: offerOf(row).serves.name,
  }
}

/**
 * The receipts that this gateway holds, and the last answers: all of them for the owner, its own for a key. A receipt alone
 * says nothing of what was asked, and whoever knows its id was shown it.
 */
export const receiptEndpoints = (ledger: Ledger, access: Access): Endpoint[] => [
  {
    method: 'GET',
    path: '/heddle/1/answers',
    async handle(call) {
      const visitor = await access.visitor(call.request)
      const limit = countOf(call.query, 'limit', { unless: 20, from: 1, to: MOST })
      const where = visitor.kind === 'key' ? { where: { apiKey: visitor.key.id } } : {}
      const rows = await ledger.read('jobs', { ...where, order: { by: 'updated', descending: true }, limit })
      const answers = rows.map(async row => summary(row, await readOne(ledger, 'receipts', { id: row.id })))
      sendJson(call.response, 200, { answers: await Promise.all(answers) })
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/receipts/:id',
    async handle(call) {
      const id = call.params['id'] ?? ''
      const receipt = await readOne(ledger, 'receipts', { id })
      if (!receipt) throw new HeddleError('not_found', `no receipt ${id.slice(0, 80)}`)
      const visitor = await access.visitor(call.request).catch(() => undefined)
      const asked = visitor?.kind === 'owner' || (visitor !== undefined && visitor.key.id === receipt.apiKey)
      const job = asked ? await readOne(ledger, 'jobs', { id }) : undefined
      const channel = await readOne(ledger, 'channels', { id: receipt.channel })
      sendJson(call.response, 200, {
        receipt: JSON.parse(receipt.signed),
        provider: channel?.counterparty ?? null,
        ...(job ? { answer: summary(job, receipt), job: JSON.parse(job.request), offer: offerOf(job) } : {}),
      })
    },
  },
]
