import { type Call, type Endpoint, type Metrics, sendJson } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import type { Records } from '../records.ts'

export type EdgeParts = {
  records: Records
  metrics: Metrics
  share: number
  gateway: string
  /** True while the gateway answers. */
  up: () => boolean
  ledger: () => unknown
  isOwner(call: Call): boolean
}

const MOST = 500

/** What a watcher tells: how it stands and its rates to everybody, what they rest on to its owner. */
export function endpoints(parts: EdgeParts): Endpoint[] {
  const { records, metrics } = parts
  return [
    {
      method: 'GET',
      path: '/heddle/1/status',
      handle: ({ response }) =>
        sendJson(response, 200, {
          daemon: 'watcher',
          gateway: { url: parts.gateway, up: parts.up() },
          share: parts.share,
          seen: records.cursor,
          waiting: records.waiting,
          checked: records.checked,
          canaries: { sent: metrics.get('canaries_sent_total'), failed: metrics.get('canaries_failed_total') },
          ledger: parts.ledger(),
        }),
    },
    {
      method: 'GET',
      path: '/heddle/1/rates',
      handle(call) {
        const rates = records.rates()
        const owner = parts.isOwner(call)
        sendJson(call.response, 200, { rates: owner ? rates : rates.map(({ receipts: _, ...counts }) => counts) })
      },
    },
    {
      method: 'GET',
      path: '/heddle/1/checks',
      async handle(call) {
        if (!parts.isOwner(call)) throw new HeddleError('forbidden')
        const { query, response } = call
        const after = query.get('after') ?? '0'
        const provider = query.get('provider')?.toLowerCase()
        if (!/^[0-9]{1,15}$/.test(after)) throw new HeddleError('bad_request', 'after: a whole number')
        const rows = await records.checks(Number(after), { limit: MOST, ...(provider ? { provider } : {}) })
        const checks = rows.map(({ finding, proof, ...row }) => ({
          ...row,
          finding: JSON.parse(finding) as unknown,
          proof: proof === null ? null : (JSON.parse(proof) as unknown),
        }))
        sendJson(response, 200, { checks, next: rows.at(-1)?.number ?? Number(after) })
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      handle({ response }) {
        metrics.set('samples_waiting', records.waiting)
        metrics.set('receipts_seen', records.cursor)
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.text())
      },
    },
  ]
}
