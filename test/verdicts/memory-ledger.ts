import type { Ledger, Query, Row, TableName, Write } from '@heddle/ledger'

type Rows = Map<string, Record<string, unknown>>

/** What names a row, of the tables that a seller's money is kept in; of all others nothing is kept. */
const KEYS: Partial<Record<TableName, readonly string[]>> = {
  channels: ['id'],
  x402: ['channel'],
  blocks: ['number'],
  events: ['block', 'position'],
  facts: ['name'],
}

/** A ledger without a disk: a million lives of a provider need none. It keeps every row whole, or not at all. */
export function memoryLedger(): Ledger {
  const tables = new Map<string, Rows>(Object.keys(KEYS).map(name => [name, new Map()]))
  const apply = (write: Write): void => {
    if ('put' in write) {
      const keys = KEYS[write.put]
      const row = write.row as Record<string, unknown>
      if (keys) tables.get(write.put)!.set(keys.map(key => String(row[key])).join(' '), row)
    } else if ('cut' in write) {
      const column = write.cut === 'blocks' ? 'number' : 'block'
      const rows = tables.get(write.cut)!
      for (const [key, row] of rows) if ((row[column] as number) >= write.from) rows.delete(key)
    }
  }
  return {
    async read<T extends TableName>(table: T, { where = {}, order }: Query<T> = {}): Promise<Row<T>[]> {
      const wanted = Object.entries(where)
      const rows = [...(tables.get(table)?.values() ?? [])].filter(row =>
        wanted.every(([name, is]) => row[name] === is),
      )
      if (order) {
        const by = (row: Record<string, unknown>): number => row[order.by] as number
        rows.sort((a, b) => (order.descending ? by(b) - by(a) : by(a) - by(b)))
      }
      return rows as Row<T>[]
    },
    async commit(...writes) {
      for (const write of writes) apply(write)
    },
    onFailure: () => undefined,
    counters: () => ({ commits: 0, groups: 0, writes: 0 }),
    close: async () => undefined,
  }
}
