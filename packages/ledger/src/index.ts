export { type Ledger, type LedgerCounters, put, type Query, readOne, type Write } from './ledger.ts'
export { readSnapshot, type Snapshot } from './snapshot.ts'
export { openSqliteLedger } from './sqlite/sqlite-ledger.ts'
export { type Row, type TableName, tables } from './tables.ts'
