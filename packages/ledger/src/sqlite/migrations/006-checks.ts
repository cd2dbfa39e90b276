import type { Migration } from './index.ts'

/** What a watcher chose to check, and what it found. */
export const checks: Migration = {
  version: 6,
  sql: `
    CREATE TABLE samples (id TEXT PRIMARY KEY, provider TEXT NOT NULL, model TEXT NOT NULL, source TEXT NOT NULL,
      state TEXT NOT NULL, tries INTEGER NOT NULL, next INTEGER NOT NULL, until INTEGER NOT NULL, problem TEXT) STRICT;
    CREATE INDEX samples_waiting ON samples (next) WHERE state = 'waiting';
    CREATE TABLE checks (id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, provider TEXT NOT NULL, model TEXT NOT NULL,
      verdict TEXT NOT NULL, "check" TEXT NOT NULL, finding TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL,
      proof TEXT) STRICT;
  `,
}
