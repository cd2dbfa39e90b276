import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { errorFromJson, HeddleError } from '@heddle/protocol'
import type { Ledger, LedgerCounters, Query, Write } from '../ledger.ts'
import type { Row, TableName } from '../tables.ts'
import { writesOf } from './group.ts'
import type { Order, Reply } from './messages.ts'
import { SharedTexts } from './shared-texts.ts'

type Waiting = { writes: readonly Write[]; resolve: () => void; reject: (error: unknown) => void }
type Pending = { resolve: (value: unknown) => void; reject: (error: unknown) => void }
type Unnumbered = Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never

/**
 * Opens (and creates, migrates, locks) a ledger file. Throws `ledger_newer`, `ledger_locked`, `disk_full`.
 *
 * @example
 * ```ts
 * import { openSqliteLedger, put } from '@heddle/ledger'
 * const ledger = await openSqliteLedger(`${process.env['TMPDIR'] ?? '/tmp'}/heddle-example-${process.pid}.db`)
 * await ledger.commit(put('facts', { name: 'colour', value: 'red' }))
 * await ledger.read('facts') // [{ name: 'colour', value: 'red' }]
 * await ledger.close()
 * ```
 */
export async function openSqliteLedger(file: string): Promise<Ledger> {
  mkdirSync(dirname(file), { recursive: true })
  const ledger = new SqliteLedger(file)
  await ledger.opened
  return ledger
}

class SqliteLedger implements Ledger {
  readonly opened: Promise<unknown>
  readonly #thread: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #listeners: (() => void)[] = []
  readonly #counters: LedgerCounters = { commits: 0, groups: 0, writes: 0 }
  readonly #texts = new SharedTexts()
  #queue: Waiting[] = []
  #committing = false
  #next = 1
  #closed = false
  #closing: Promise<void> | undefined

  constructor(file: string) {
    this.#thread = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: file,
      // Rows only pass through: a nursery as large as the daemon's own would fill with what nobody needs.
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    })
    this.opened = new Promise((resolve, reject) => this.#pending.set(0, { resolve, reject }))
    this.#thread.on('message', (reply: Reply) => this.#settle(reply))
    this.#thread.on('error', error => this.#failAll(new HeddleError('ledger_failed', error.message, { cause: error })))
    this.#thread.on('exit', () => this.#failAll(new HeddleError('ledger_failed', 'the ledger is closed')))
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if ('failure' in reply) pending?.reject(errorFromJson(reply.failure, 'ledger_failed'))
    else pending?.resolve(reply.value)
  }

  #failAll(error: HeddleError): void {
    this.#closed = true
    for (const pending of this.#pending.values()) pending.reject(error)
    this.#pending.clear()
  }

  #order(order: Unnumbered): Promise<unknown> {
    if (this.#closed) return Promise.reject(new HeddleError('ledger_failed', 'the ledger is closed'))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#thread.postMessage({ ...order, id })
    })
  }

  read<T extends TableName>(table: T, query?: Query<T>): Promise<Row<T>[]> {
    const plain = query as Query<TableName> | undefined
    return this.#order({ kind: 'read', table, query: plain }) as Promise<Row<T>[]>
  }

  commit(...writes: readonly Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ writes, resolve, reject })
      if (!this.#committing) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#committing = true
    while (this.#queue.length > 0) {
      const group = this.#queue
      this.#queue = []
      try {
        await this.#order({
          kind: 'commit',
          writes: writesOf(
            group.map(waiting => waiting.writes),
            this.#texts,
          ),
        })
        this.#counters.groups += 1
        this.#counters.commits += group.length
        for (const waiting of group) this.#counters.writes += waiting.writes.length
        for (const waiting of group) waiting.resolve()
      } catch (error) {
        const lost = [...group, ...this.#queue]
        this.#queue = []
        this.#texts.forget()
        for (const listener of this.#listeners) listener()
        for (const waiting of lost) waiting.reject(error)
      }
    }
    this.#committing = false
  }

  onFailure(listener: () => void): void {
    this.#listeners.push(listener)
  }

  counters(): LedgerCounters {
    return { ...this.#counters }
  }

  /** Whoever asks, and how often: it is closed when this resolves. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#closed) return
    while (this.#committing) await new Promise(resolve => setTimeout(resolve, 1))
    await this.#order({ kind: 'close' })
    this.#closed = true
    await this.#thread.terminate()
  }
}
