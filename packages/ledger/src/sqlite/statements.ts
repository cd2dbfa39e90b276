import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Query } from '../ledger.ts'
import { fromStored, type Row, type StoredValue, sharedColumns, type TableName, tables } from '../tables.ts'
import type { StoredWrite } from './messages.ts'
import { isDigest } from './shared-texts.ts'

const quoted = (name: string): string => `"${name}"`

/** Runs reads and writes on one open database; prepares each statement once. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()
  readonly #upserts = new Map<TableName, StatementSync>()

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

  write(write: StoredWrite): void {
    if (!isRemoval(write)) {
      const [table, ...values] = write
      this.#upsert(table).run(...values)
    } else if ('cut' in write) {
      const column = write.cut === 'blocks' ? 'number' : 'block'
      this.#prepare(`DELETE FROM ${write.cut} WHERE ${column} >= ?`).run(write.from)
    } else if ('expire' in write) {
      this.#prepare('DELETE FROM evidence WHERE until < ?').run(write.before)
    } else {
      this.#prepare('DELETE FROM transactions WHERE hash = ?').run(write.hash)
    }
  }

  #upsert(table: TableName): StatementSync {
    const known = this.#upserts.get(table)
    if (known) return known
    const statement = this.#database.prepare(upsert(table))
    this.#upserts.set(table, statement)
    return statement
  }

  read<T extends TableName>(table: T, query: Query<T> = {}): Row<T>[] {
    const filters = Object.entries(query.where ?? {}) as [string, StoredValue | bigint][]
    const { after } = query
    const place = after && (after.by === 'stored' ? 'rowid' : quoted(after.by))
    const conditions = [...filters.map(([name]) => `${quoted(name)} = ?`), ...(place ? [`${place} > ?`] : [])]
    const where = conditions.length ? ` WHERE ${conditions.join(' AND ')}` : ''
    const order = place
      ? ` ORDER BY ${place}`
      : query.order
        ? ` ORDER BY ${quoted(query.order.by)}${query.order.descending ? ' DESC' : ''}`
        : ''
    const limit = query.limit === undefined ? '' : ` LIMIT ${Math.trunc(query.limit)}`
    const columns = Object.keys(tables[table].columns).map(quoted).join(', ')
    const values = filters.map(([, value]) => (typeof value === 'bigint' ? value.toString() : value))
    if (after) values.push(after.value)
    const rows = this.#prepare(`SELECT ${columns} FROM ${table}${where}${order}${limit}`).all(...values)
    return rows.map(row => fromStored(table, this.#whole(table, row as Record<string, StoredValue>)))
  }

  /** Puts shared texts back in the place of their digests. */
  #whole(table: TableName, row: Record<string, StoredValue>): Record<string, StoredValue> {
    for (const name of sharedColumns(table)) {
      const stored = row[name]
      if (typeof stored !== 'string' || !isDigest(stored)) continue
      row[name] = (this.#prepare('SELECT text FROM texts WHERE digest = ?').get(stored)?.['text'] as string) ?? null
    }
    return row
  }
}

const isRemoval = (write: StoredWrite): write is Exclude<StoredWrite, readonly unknown[]> => !Array.isArray(write)

function upsert(table: TableName): string {
  const columns = Object.keys(tables[table].columns)
  const key: readonly string[] = tables[table].key
  const changes = columns.filter(name => !key.includes(name)).map(name => `${quoted(name)} = excluded.${quoted(name)}`)
  return `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (${key.map(quoted).join(', ')}) DO UPDATE SET ${changes.join(', ')}`
}
