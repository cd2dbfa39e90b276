/**
 * What the ledger remembers, as data: every table with its key and the kind of each column. Amounts are decimal text
 * (18 decimals do not fit SQLite's integers); JSON is stored as the exact text that was signed or sent. `shared` is text
 * that many rows hold: it is stored once, and the rows store its digest.
 */
type Kind = 'text' | 'amount' | 'integer' | 'bytes' | 'shared'
type Column = Kind | `${Kind}?`
type Table = { key: readonly string[]; columns: Readonly<Record<string, Column>> }

export const tables = {
  /** Channels store: both sides of a channel, by the side this daemon is on. */
  channels: {
    key: ['id'],
    columns: {
      id: 'text',
      /** 'paying' or 'paid'. */
      side: 'text',
      /** x402's ChannelConfig, canonical JSON. */
      config: 'text',
      /** The provider's key (paying side) or the payer's address (paid side). */
      counterparty: 'text',
      /** The highest ceiling that was signed (paying: the persisted high-water mark) and its signature. */
      ceiling: 'amount',
      signature: 'text',
      charged: 'amount',
      sequence: 'integer',
      /** Paying side: the last deposit authorization that was signed, canonical JSON. */
      deposit: 'text?',
    },
  },
  /**
   * Channels store: what is paid over x402's headers; a channel that is not here is native. An `exact` payment counts as
   * a channel of its own, whose id is the digest of the authorization's nonce.
   */
  x402: {
    key: ['channel'],
    columns: {
      channel: 'text',
      /** 'batch-settlement' or 'exact'. */
      scheme: 'text',
      /** `exact`: the EIP-3009 authorization that pays, canonical JSON. */
      authorization: 'text?',
      /** `exact`: how the job had ended when the transfer was sent. */
      finish: 'text?',
    },
  },
  /** Channels store: the part of the chain that concerns this daemon. */
  blocks: { key: ['number'], columns: { number: 'integer', hash: 'text' } },
  events: {
    key: ['block', 'position'],
    columns: {
      block: 'integer',
      position: 'integer',
      transaction: 'text',
      name: 'text',
      /** The channel, or the receiver for a sweep. */
      subject: 'text',
      amount: 'amount',
      /** Running total or time, by event: new balance, new total claimed, finalize-after. */
      total: 'amount',
    },
  },
  transactions: {
    key: ['hash'],
    columns: { hash: 'text', raw: 'text', sender: 'text', nonce: 'integer', purpose: 'text', state: 'text' },
  },
  /** Jobs store. */
  jobs: {
    key: ['id'],
    columns: {
      id: 'text',
      channel: 'text',
      /** The API key that asked (gateway), by its id. */
      apiKey: 'text?',
      /** 'running', 'done', or 'failed' (nothing delivered, nothing charged). */
      state: 'text',
      /** The signed job, canonical JSON. */
      request: 'text',
      /** The offer it was asked under, canonical JSON; on the paying side with its provider's signature. */
      offer: 'shared',
      /** Usage so far, canonical JSON of decimal strings. */
      used: 'text',
      output: 'bytes',
      started: 'integer',
      updated: 'integer',
    },
  },
  /** Receipts store. */
  receipts: {
    key: ['id'],
    columns: {
      id: 'text',
      channel: 'text',
      sequence: 'integer',
      charge: 'amount',
      /** The API key that the charge counts against (gateway). */
      apiKey: 'text?',
      /** The signed receipt, canonical JSON. */
      signed: 'text',
    },
  },
  /**
   * Receipts store of a paying side: receipts that a provider signed and that this side does not pay for. They are few: two
   * stories about one place of a channel say as much as a hundred.
   */
  refused: {
    key: ['digest'],
    columns: {
      /** Of the receipt's canonical JSON. */
      digest: 'text',
      /** Our channel on which it came, and the place that it says to have. */
      channel: 'text',
      sequence: 'text',
      /** The signed receipt, canonical JSON. */
      signed: 'text',
    },
  },
  /** Receipts store: what opens a receipt, for as long as it is kept. */
  evidence: {
    key: ['id'],
    columns: {
      id: 'text',
      /** Unix milliseconds after which it may be forgotten. */
      until: 'integer',
      /** The leaves, each after its length in four bytes. */
      leaves: 'bytes',
    },
  },
  /** Checks store of a watcher: the receipts that it chose to check, and how far it came with each. */
  samples: {
    key: ['id'],
    columns: {
      /** The receipt's id. */
      id: 'text',
      provider: 'text',
      /** The model's digest. */
      model: 'text',
      /** 'traffic' or 'canary'. */
      source: 'text',
      /** 'waiting', 'checked', or 'silent': the provider never opened it while it had to. */
      state: 'text',
      /** How often the provider was asked in vain. */
      tries: 'integer',
      /** Not asked before this time, and not after that one (unix milliseconds). */
      next: 'integer',
      until: 'integer',
      /** The code of what went wrong last. */
      problem: 'text?',
    },
  },
  /** Checks store: what was found, once for every receipt and check. */
  checks: {
    key: ['id', 'check'],
    columns: {
      /** The receipt's id. */
      id: 'text',
      /** 1, 2, …: in the order of finding. */
      number: 'integer',
      provider: 'text',
      model: 'text',
      /** 'honest', 'dishonest' or 'inconclusive'. */
      verdict: 'text',
      check: 'text',
      /** The finding, canonical JSON. */
      finding: 'text',
      at: 'integer',
      /** 'traffic' or 'canary' of an answer that was opened, 'channel' of what a whole channel says. */
      source: 'text',
      /** The file of its fraud proof, where signed data alone convicts. */
      proof: 'text?',
    },
  },
  /** Keys store: API keys of a gateway, by digest; never the key itself. */
  keys: {
    key: ['id'],
    columns: {
      id: 'text',
      name: 'text',
      cap: 'amount',
      spent: 'amount',
      created: 'integer',
      /** What else the key may and may not, canonical JSON; empty for a key without any such terms. */
      terms: 'text',
      /** The gateway's signature over all of it but what was spent. */
      grant: 'text',
    },
  },
  /** The texts of `shared` columns, by digest. */
  texts: { key: ['digest'], columns: { digest: 'text', text: 'text' } },
  /** Which chain this ledger belongs to, and other single facts. */
  facts: { key: ['name'], columns: { name: 'text', value: 'text' } },
} as const satisfies Record<string, Table>

export type TableName = keyof typeof tables

type Value<C extends Column> = C extends `${infer K extends Kind}?`
  ? Value<K> | null
  : C extends 'amount'
    ? bigint
    : C extends 'integer'
      ? number
      : C extends 'bytes'
        ? Uint8Array
        : string

/** A row as the code sees it. */
export type Row<T extends TableName> = {
  -readonly [C in keyof (typeof tables)[T]['columns']]: (typeof tables)[T]['columns'][C] extends Column
    ? Value<(typeof tables)[T]['columns'][C]>
    : never
}

export type StoredValue = string | number | Uint8Array | null

const columns = Object.fromEntries(
  Object.entries(tables).map(([name, table]) => [name, Object.entries(table.columns)]),
) as Record<TableName, [string, Column][]>
const columnsOf = (table: TableName): [string, Column][] => columns[table]

/** The columns of a table whose text is stored elsewhere. */
export const sharedColumns = (table: TableName): readonly string[] => shared[table]
const shared = Object.fromEntries(
  Object.entries(columns).map(([table, list]) => [
    table,
    list.filter(([, kind]) => kind.startsWith('shared')).map(([name]) => name),
  ]),
) as Record<TableName, string[]>

/** A row as SQLite stores it, in column order. */
export function toStored<T extends TableName>(table: T, row: Row<T>): StoredValue[] {
  return columnsOf(table).map(([name, kind]) => {
    const value = row[name as keyof Row<T>] as unknown
    if (value === null || value === undefined) {
      if (!kind.endsWith('?')) throw new TypeError(`${table}.${name} is missing`)
      return null
    }
    return typeof value === 'bigint' ? value.toString() : (value as StoredValue)
  })
}

/** The inverse of {@link toStored}. */
export function fromStored<T extends TableName>(table: T, stored: Readonly<Record<string, StoredValue>>): Row<T> {
  const row: Record<string, unknown> = {}
  for (const [name, kind] of columnsOf(table)) {
    const value = stored[name] ?? null
    row[name] = value !== null && kind.startsWith('amount') ? BigInt(value as string) : value
  }
  return row as Row<T>
}
