import type { Migration } from './index.ts'

export const first: Migration = {
  version: 1,
  sql: `
    CREATE TABLE channels (id TEXT PRIMARY KEY, side TEXT NOT NULL, config TEXT NOT NULL, counterparty TEXT NOT NULL,
      ceiling TEXT NOT NULL, signature TEXT NOT NULL, charged TEXT NOT NULL, sequence INTEGER NOT NULL, deposit TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
    CREATE TABLE events (block INTEGER NOT NULL, position INTEGER NOT NULL, "transaction" TEXT NOT NULL, name TEXT NOT NULL,
      subject TEXT NOT NULL, amount TEXT NOT NULL, total TEXT NOT NULL, PRIMARY KEY (block, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX events_by_subject ON events (subject);
    CREATE TABLE transactions (hash TEXT PRIMARY KEY, raw TEXT NOT NULL, sender TEXT NOT NULL, nonce INTEGER NOT NULL,
      purpose TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE jobs (id TEXT PRIMARY KEY, channel TEXT NOT NULL, apiKey TEXT, state TEXT NOT NULL, request TEXT NOT NULL,
      offer TEXT NOT NULL, used TEXT NOT NULL, output BLOB NOT NULL, started INTEGER NOT NULL, updated INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX jobs_by_state ON jobs (state) WHERE state = 'running';
    CREATE INDEX jobs_by_time ON jobs (updated);
    CREATE TABLE receipts (id TEXT PRIMARY KEY, channel TEXT NOT NULL, sequence INTEGER NOT NULL, charge TEXT NOT NULL,
      apiKey TEXT, signed TEXT NOT NULL, UNIQUE (channel, sequence)) STRICT;
    CREATE TABLE keys (id TEXT PRIMARY KEY, name TEXT NOT NULL, cap TEXT NOT NULL, spent TEXT NOT NULL,
      created INTEGER NOT NULL, "grant" TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
}
