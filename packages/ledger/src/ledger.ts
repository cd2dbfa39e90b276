import type { Row, TableName } from './tables.ts'

/** One change. A commit makes all its changes or none. */
export type Write =
  | { [T in TableName]: { put: T; row: Row<T> } }[TableName]
  /** Removes the rows whose `column` is at least `from`: how a reorganisation takes blocks and events back. */
  | { cut: 'blocks' | 'events'; from: number }
  | { remove: 'transactions'; hash: string }
  /** Forgets what is older than it has to be. */
  | { expire: 'evidence'; before: number }

export const put = <T extends TableName>(table: T, row: Row<T>): Write => ({ put: table, row }) as unknown as Write

export type Query<T extends TableName> = {
  where?: Partial<Row<T>>
  /**
   * Only rows whose `by` is above a value, in the order of it. `stored` is the place of a row in the order in which rows
   * were first stored: 1, 2, … as long as nothing is ever taken out of the table.
   */
  after?: { by: (keyof Row<T> & string) | 'stored'; value: number }
  order?: { by: keyof Row<T> & string; descending?: boolean }
  limit?: number
}

export type LedgerCounters = { commits: number; groups: number; writes: number }

/**
 * Durable state behind one port. A commit resolves when it is on disk; commits that are waiting together share one
 * fsync (group commit), in order. When one fails, all that wait behind it fail too, and `onFailure` listeners run
 * first, so that no state in memory outlives the row that did not make it.
 */
export interface Ledger {
  read<T extends TableName>(table: T, query?: Query<T>): Promise<Row<T>[]>
  /** Throws `disk_full` or `ledger_failed`; then nothing of it was written. */
  commit(...writes: readonly Write[]): Promise<void>
  onFailure(listener: () => void): void
  counters(): LedgerCounters
  close(): Promise<void>
}

/** The one row with this key, if there is one. */
export async function readOne<T extends TableName>(
  ledger: Ledger,
  table: T,
  where: Partial<Row<T>>,
): Promise<Row<T> | undefined> {
  return (await ledger.read(table, { where, limit: 1 }))[0]
}
