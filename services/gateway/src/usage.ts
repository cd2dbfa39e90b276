import { type Ledger, type Row, readOne } from '@heddle/ledger'
import {
  addUsage,
  formatUnits,
  HeddleError,
  type SignedOffer,
  type SignedReceipt,
  type Usage,
  unitsOf,
  usageFromJson,
  usageToJson,
  type Workload,
} from '@heddle/protocol'
import { toCsv } from './csv.ts'

/** One request that has a receipt. Amounts are decimal strings: base units, and HED. */
export type UsageRow = {
  /** When it was finished, ISO 8601 in UTC. */
  time: string
  key: string
  model: string
  provider: string
  own: boolean
  /** By unit, in the order in which its workload counts them: decimal strings. */
  used: Readonly<Record<string, string>>
  charge: string
  hed: string
  receipt: string
  finish: string
}

/** `used` has every unit that occurs: of several workloads, those of each. */
export type Sum = { requests: number; used: Readonly<Record<string, string>>; charge: string; hed: string }

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
  /** Kinds of work that are known, for the order of their units. */
  workloads: ReadonlyMap<string, Workload<unknown>>
}

/** Stands where a key's name would, for what was recovered and says of no key here that it asked: no key is called so. */
const NOBODY = '(recovered)'

/** Everything that was asked in a time, row by row, with sums by key and day. */
export async function readUsage(ledger: Ledger, query: UsageQuery): Promise<UsageReport> {
  const { from = 0, to = Number.POSITIVE_INFINITY, apiKey, own, workloads } = query
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
      used: inOrder(receipt.usage, workloads.get(receipt.workload)),
      charge: receipt.charge,
      hed: formatUnits(BigInt(receipt.charge)),
      receipt: receipt.id,
      finish: receipt.finish,
    })
  }
  rows.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  return { rows, ...sumsOf(rows) }
}

/** A signed usage has its units in the order of the alphabet; people read them in that of their workload. */
const inOrder = (usage: Readonly<Record<string, string>>, workload: Workload<unknown> | undefined) =>
  Object.fromEntries(
    [...new Set([...(workload ? unitsOf(workload) : []), ...Object.keys(usage)])].map(unit => [
      unit,
      usage[unit] ?? '0',
    ]),
  )

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
  const charge = rows.reduce((total, row) => total + BigInt(row.charge), 0n)
  const used = rows.reduce<Usage>((total, row) => addUsage(total, usageFromJson(row.used)), {})
  return { requests: rows.length, used: usageToJson(used), charge: charge.toString(), hed: formatUnits(charge) }
}

/** What stands before the units of a row, and what behind them. */
const BEFORE = ['time', 'key', 'model', 'provider', 'own'] as const satisfies readonly (keyof UsageRow)[]
const BEHIND = ['charge', 'hed', 'receipt', 'finish'] as const satisfies readonly (keyof UsageRow)[]

/** Every row, with a column for each unit that occurs in any of them. */
export function usageToCsv(rows: readonly UsageRow[]): string {
  const units = [...new Set(rows.flatMap(({ used }) => Object.keys(used)))]
  const cells = (row: UsageRow, columns: readonly (keyof UsageRow)[]): string[] =>
    columns.map(column => String(row[column]))
  return toCsv(
    [...BEFORE, ...units, ...BEHIND],
    rows.map(row => [...cells(row, BEFORE), ...units.map(unit => row.used[unit] ?? '0'), ...cells(row, BEHIND)]),
  )
}

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
