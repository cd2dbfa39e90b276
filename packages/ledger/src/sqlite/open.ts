import { DatabaseSync } from 'node:sqlite'
import { HeddleError } from '@heddle/protocol/errors'
import { migrations, SCHEMA_VERSION } from './migrations/index.ts'

/**
 * Opens a ledger file for writing: WAL, `synchronous = FULL` (an fsync before every commit returns), migrated to the
 * newest schema. Throws `ledger_newer` for a file of a later version.
 */
export function openForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -2000',
  )
  migrate(database)
  return database
}

/** Opens a ledger file to look at it, beside the daemon that writes it. */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true })
  database.exec('PRAGMA busy_timeout = 5000')
  refuseNewer(versionOf(database))
  return database
}

const versionOf = (database: DatabaseSync): number =>
  (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version

function refuseNewer(version: number): void {
  if (version > SCHEMA_VERSION) {
    throw new HeddleError('ledger_newer', `the ledger has schema ${version}, this Heddle knows ${SCHEMA_VERSION}`)
  }
}

function migrate(database: DatabaseSync): void {
  const version = versionOf(database)
  refuseNewer(version)
  for (const migration of migrations) {
    if (migration.version <= version) continue
    database.exec(`BEGIN IMMEDIATE; ${migration.sql}; PRAGMA user_version = ${migration.version}; COMMIT`)
  }
}
