import type { Query, Write } from '../ledger.ts'
import type { TableName } from '../tables.ts'

/** What the ledger's two threads say to each other. */
export type Order =
  | { id: number; kind: 'commit'; groups: readonly (readonly Write[])[] }
  | { id: number; kind: 'read'; table: TableName; query: Query<TableName> | undefined }
  | { id: number; kind: 'close' }

export type Reply = { id: number; value: unknown } | { id: number; failure: { code: string; message: string } }
