import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { HeddleError, isHeddleError } from '@heddle/protocol/errors'
import type { Order, Reply } from './messages.ts'
import { openForWriting } from './open.ts'
import { Statements } from './statements.ts'

/** The thread that owns the database file: SQLite is synchronous, the daemon's event loop must not be. */
const port = parentPort!
const file = workerData as string

/** Held open for the life of the process: a kernel lock, so that it ends with a kill -9 too. */
function lock(): DatabaseSync {
  const held = new DatabaseSync(`${file}.lock`)
  try {
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (by INTEGER); COMMIT')
    held.exec('BEGIN EXCLUSIVE')
  } catch {
    throw new HeddleError('ledger_locked', file)
  }
  return held
}

const failureOf = (error: unknown): { code: string; message: string } => {
  if (isHeddleError(error)) return { code: error.code, message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  const full = /disk is full|database or disk|ENOSPC|SQLITE_FULL|disk I\/O error/i.test(message)
  return { code: full ? 'disk_full' : 'ledger_failed', message }
}

function serve(database: DatabaseSync, held: DatabaseSync): void {
  const statements = new Statements(database)
  const commit = (writes: Extract<Order, { kind: 'commit' }>['writes']): void => {
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const write of writes) statements.write(write)
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  const run = (order: Order): unknown => {
    if (order.kind === 'commit') return commit(order.writes)
    if (order.kind === 'read') return statements.read(order.table, order.query)
    database.close()
    held.close()
    return undefined
  }
  port.on('message', (order: Order) => {
    let reply: Reply
    try {
      reply = { id: order.id, value: run(order) }
    } catch (error) {
      reply = { id: order.id, failure: failureOf(error) }
    }
    port.postMessage(reply)
    if (order.kind === 'close') port.close()
  })
}

try {
  const held = lock()
  serve(openForWriting(file), held)
  port.postMessage({ id: 0, value: undefined } satisfies Reply)
} catch (error) {
  port.postMessage({ id: 0, failure: failureOf(error) } satisfies Reply)
}
