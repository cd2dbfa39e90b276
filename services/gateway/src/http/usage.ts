import { type Endpoint, sendJson } from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import { HeddleError, type Workload } from '@heddle/protocol'
import type { Access } from '../access.ts'
import type { Keys } from '../keys.ts'
import { momentOf, readUsage, usageToCsv } from '../usage.ts'

/** `GET /heddle/1/usage?from&to&key&format=json|csv`: all of it for the owner, its own rows for a key. */
export const usageEndpoint = (parts: {
  ledger: Ledger
  keys: Keys
  access: Access
  own: () => ReadonlySet<string>
  workloads: ReadonlyMap<string, Workload<unknown>>
}): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/usage',
  async handle({ request, response, query }) {
    const visitor = await parts.access.visitor(request)
    const format = query.get('format') ?? 'json'
    if (format !== 'json' && format !== 'csv') throw new HeddleError('bad_request', 'format: json or csv')
    const from = momentOf('from', query.get('from'))
    const to = momentOf('to', query.get('to'))
    const name = query.get('key')
    const named = name === null ? [] : (await parts.keys.all()).filter(({ row }) => row.name === name)
    if (visitor.kind === 'key' && name !== null && name !== visitor.key.name) throw new HeddleError('forbidden')
    if (visitor.kind === 'owner' && name !== null && named.length === 0) throw new HeddleError('key_unknown', name)
    // A revoked key's name may be given again: the last one that had it is meant.
    const apiKey = visitor.kind === 'key' ? visitor.key.id : named.at(-1)?.row.id
    const report = await readUsage(parts.ledger, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(apiKey === undefined ? {} : { apiKey }),
      own: parts.own(),
      workloads: parts.workloads,
    })
    if (format === 'json') return sendJson(response, 200, report)
    const body = usageToCsv(report.rows)
    response.writeHead(200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="heddle-usage.csv"',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  },
})
