import type { Query } from '../ledger.ts'
import type { StoredValue, TableName } from '../tables.ts'

/** One change as it crosses to the ledger's thread: a row without the names of its columns, which are a third of it. */
export type StoredWrite =
  | readonly [put: TableName, ...row: StoredValue[]]
  | { cut: 'blocks' | 'events'; from: number }
  | { remove: 'transactions'; hash: string }
  | { expire: 'evidence'; before: number }

/** What the ledger's two threads say to each other. */
export type Order =
  | { id: number; kind: 'commit'; writes: readonly StoredWrite[] }
  | { id: number; kind: 'read'; table: TableName; query: Query<TableName> | undefined }
  | { id: number; kind: 'close' }

export type Reply = { id: number; value: unknown } | { id: number; failure: { code: string; message: string } }
