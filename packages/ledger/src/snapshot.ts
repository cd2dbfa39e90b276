import { openForReading } from './sqlite/open.ts'
import { Statements } from './sqlite/statements.ts'
import { type Row, type TableName, tables } from './tables.ts'

/** Everything a ledger holds, at one moment. */
export type Snapshot = { readonly [T in TableName]: readonly Row<T>[] }

/** Reads a whole ledger file in one transaction, beside the daemon that writes it. */
export function readSnapshot(file: string): Snapshot {
  const database = openForReading(file)
  try {
    database.exec('BEGIN')
    const statements = new Statements(database)
    const names = Object.keys(tables) as TableName[]
    return Object.fromEntries(names.map(name => [name, statements.read(name)])) as unknown as Snapshot
  } finally {
    database.close()
  }
}
