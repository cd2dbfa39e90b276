import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Query, Write } from '../ledger.ts'
import { fromStored, type Row, type StoredValue, type TableName, tables, toStored } from '../tables.ts'

const quoted = (name: string): string => `"${name}"`

/** Runs reads and writes on one open database; prepares each statement once. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }

  write(write: Write): void {
    if ('cut' in write) {
      const column = write.cut === 'blocks' ? 'number' : 'block'
      this.#prepare(`DELETE FROM ${write.cut} WHERE ${column} >= ?`).run(write.from)
    } else if ('remove' in write) {
      this.#prepare('DELETE FROM transactions WHERE hash = ?').run(write.hash)
    } else {
      this.#prepare(upsert(write.put)).run(...toStored(write.put, write.row as Row<typeof write.put>))
    }
  }

  read<T extends TableName>(table: T, query: Query<T> = {}): Row<T>[] {
    const filters = Object.entries(query.where ?? {}) as [string, StoredValue | bigint][]
    const where = filters.length ? ` WHERE ${filters.map(([name]) => `${quoted(name)} = ?`).join(' AND ')}` : ''
    const order = query.order ? ` ORDER BY ${quoted(query.order.by)}${query.order.descending ? ' DESC' : ''}` : ''
    const limit = query.limit === undefined ? '' : ` LIMIT ${Math.trunc(query.limit)}`
    const columns = Object.keys(tables[table].columns).map(quoted).join(', ')
    const values = filters.map(([, value]) => (typeof value === 'bigint' ? value.toString() : value))
    const rows = this.#prepare(`SELECT ${columns} FROM ${table}${where}${order}${limit}`).all(...values)
    return rows.map(row => fromStored(table, row as Record<string, StoredValue>))
  }
}

function upsert(table: TableName): string {
  const columns = Object.keys(tables[table].columns)
  const key: readonly string[] = tables[table].key
  const changes = columns.filter(name => !key.includes(name)).map(name => `${quoted(name)} = excluded.${quoted(name)}`)
  return `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${key.map(quoted).join(', ')}) DO UPDATE SET ${changes.join(', ')}`
}
