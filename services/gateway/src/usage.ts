import { type Ledger, type Row, readOne } from '@heddle/ledger'
import { formatUnits, HeddleError, type SignedOffer, type SignedReceipt } from '@heddle/protocol'
import { toCsv } from './csv.ts'

/** One request that has a receipt. Amounts are decimal strings: base units, and HED. */
export type UsageRow = {
  /** When it was finished, ISO 8601 in UTC. */
  time: string
  key: string
  model: string
  provider: string
  own: boolean
  prompt: string
  cached: string
  completion: string
  charge: string
  hed: string
  receipt: string
  finish: string
}

export type Sum = { requests: number; prompt: string; cached: string; completion: string; charge: string; hed: string }

export type UsageReport = {
  rows: UsageRow[]
  keys: (Sum & { key: string })[]
  /** By the day in UTC. */
  days: (Sum & { day: string })[]
  total: Sum
}

export type UsageQuery = {
  /** Unix milliseconds; `from` is in, `to` is out. */
  from?: number
  to?: number
  /** The id of one API key. */
  apiKey?: string
  /** Providers of this house. */
  own: ReadonlySet<string>
}

/** Stands where a key's name would, for what was recovered and says of no key here that it asked: no key is called so. */
const NOBODY = '(recovered)'

/** Everything that was asked in a time, row by row, with sums by key and day. */
export async function readUsage(ledger: Ledger, query: UsageQuery): Promise<UsageReport> {
  const { from = 0, to = Number.POSITIVE_INFINITY, apiKey, own } = query
  const names = new Map((await ledger.read('keys')).map(row => [row.id, row.name]))
  const modelOf = modelNames(ledger)
  const stored = await ledger.read('receipts', apiKey === undefined ? {} : { where: { apiKey } })
  const rows: UsageRow[] = []
  for (const row of stored) {
    const { receipt } = JSON.parse(row.signed) as SignedReceipt
    if (receipt.finished < from || receipt.finished >= to) continue
    rows.push({
      time: new Date(receipt.finished).toISOString(),
      key: row.apiKey === null ? NOBODY : (names.get(row.apiKey) ?? row.apiKey),
      model: await modelOf(row, receipt.offer),
      provider: receipt.provider,
      own: own.has(receipt.provider),
      prompt: receipt.usage['prompt'] ?? '0',
      cached: receipt.usage['cached'] ?? '0',
      completion: receipt.usage['completion'] ?? '0',
      charge: receipt.charge,
      hed: formatUnits(BigInt(receipt.charge)),
      receipt: receipt.id,
      finish: receipt.finish,
    })
  }
  rows.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  return { rows, ...sumsOf(rows) }
}

/** Names of models by the offers they were asked under: one look into the jobs for each offer. */
function modelNames(ledger: Ledger): (row: Row<'receipts'>, offer: string) => Promise<string> {
  const known = new Map<string, string>()
  return async (row, digest) => {
    const name = known.get(digest)
    if (name !== undefined) return name
    const job = await readOne(ledger, 'jobs', { id: row.id })
    const found = job ? (JSON.parse(job.offer) as SignedOffer).offer.serves.name : ''
    known.set(digest, found)
    return found
  }
}

/** What rows come to: by key, by day, and all together. */
export function sumsOf(rows: readonly UsageRow[]): Omit<UsageReport, 'rows'> {
  const by = (name: (row: UsageRow) => string): [string, Sum][] => {
    const groups = Map.groupBy(rows, name)
    return [...groups]
      .map(([value, group]) => [value, sum(group)] as [string, Sum])
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }
  return {
    keys: by(row => row.key).map(([key, all]) => ({ key, ...all })),
    days: by(row => row.time.slice(0, 10)).map(([day, all]) => ({ day, ...all })),
    total: sum(rows),
  }
}

function sum(rows: readonly UsageRow[]): Sum {
  const of = (field: 'prompt' | 'cached' | 'completion' | 'charge'): bigint =>
    rows.reduce((total, row) => total + BigInt(row[field]), 0n)
  const charge = of('charge')
  return {
    requests: rows.length,
    prompt: of('prompt').toString(),
    cached: of('cached').toString(),
    completion: of('completion').toString(),
    charge: charge.toString(),
    hed: formatUnits(charge),
  }
}

const COLUMNS = [
  'time',
  'key',
  'model',
  'provider',
  'own',
  'prompt',
  'cached',
  'completion',
  'charge',
  'hed',
  'receipt',
  'finish',
] as const satisfies readonly (keyof UsageRow)[]

export const usageToCsv = (rows: readonly UsageRow[]): string =>
  toCsv(
    COLUMNS,
    rows.map(row => COLUMNS.map(column => String(row[column]))),
  )

/**
 * A moment of a query: ISO 8601 (a date alone is its beginning in UTC), as unix milliseconds. Throws `bad_request` naming
 * the parameter.
 */
export function momentOf(name: string, text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new HeddleError('bad_request', `${name}: a date or a time in ISO 8601`)
  return time
}
